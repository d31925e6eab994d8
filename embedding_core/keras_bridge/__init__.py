"""The way to the installed Keras and back: conversion, and a look at what Keras does."""

from embedding_core.keras_bridge.conversion import from_keras, to_keras
from embedding_core.keras_bridge.legacy import (
    Keras2,
    Outcome,
    run_here,
    run_keras2,
    run_keras2_cells,
)
from embedding_core.keras_bridge.loading import load_keras
from embedding_core.keras_bridge.masks import Stop, mask_journey
from embedding_core.keras_bridge.showing import (
    Operation,
    Source,
    add_weight_calls,
    operations,
    source,
)
from embedding_core.keras_bridge.stepping import take_one_step
from embedding_core.keras_bridge.then_and_now import Comparison, Table, ThenAndNow
from embedding_core.keras_bridge.twins import Twins, accuracy_both_ways

__all__ = [
    "Comparison",
    "Keras2",
    "Operation",
    "Outcome",
    "Source",
    "Stop",
    "Table",
    "ThenAndNow",
    "Twins",
    "accuracy_both_ways",
    "add_weight_calls",
    "from_keras",
    "load_keras",
    "mask_journey",
    "operations",
    "run_here",
    "run_keras2",
    "run_keras2_cells",
    "source",
    "take_one_step",
    "to_keras",
]
