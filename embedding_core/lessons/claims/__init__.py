"""The ledger of claims: every checkable statement of the thread, with evidence that runs."""

from embedding_core.lessons.claims.entry import Claim, VerdictError
from embedding_core.lessons.claims.findings import Finding, Observation, Verdict
from embedding_core.lessons.claims.ledger import LEDGER, claim, contradictions, opponents
from embedding_core.lessons.claims.outcomes import Outcome, Page, page, rows, run

__all__ = [
    "LEDGER",
    "Claim",
    "Finding",
    "Observation",
    "Outcome",
    "Page",
    "Verdict",
    "VerdictError",
    "claim",
    "contradictions",
    "opponents",
    "page",
    "rows",
    "run",
]
