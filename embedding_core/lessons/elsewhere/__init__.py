"""The same layer elsewhere: what other libraries do with the same ids, and what a layer owes.

Read it in this order: `layer` (what is asked of any library), `words` (what came of it),
`lookups`, `gradients`, `training` (the cases), `libraries/` (one adapter each), `contract` (the
promises of this book, for a layer of your own), `command`.
"""

from embedding_core.lessons.elsewhere.cases import Case
from embedding_core.lessons.elsewhere.contract import Check, Promise, examine
from embedding_core.lessons.elsewhere.layer import Adapter, Layer, NotOffered, Options
from embedding_core.lessons.elsewhere.probing import CASES, probe

__all__ = [
    "CASES",
    "Adapter",
    "Case",
    "Check",
    "Layer",
    "NotOffered",
    "Options",
    "Promise",
    "examine",
    "probe",
]
