"""The way to the installed Keras and back: conversion, and a look at what Keras does."""

from embedding_core.keras_bridge.conversion import from_keras, to_keras
from embedding_core.keras_bridge.loading import load_keras
from embedding_core.keras_bridge.masks import Stop, mask_journey
from embedding_core.keras_bridge.showing import (
    Operation,
    Source,
    add_weight_calls,
    operations,
    source,
)

__all__ = [
    "Operation",
    "Source",
    "Stop",
    "add_weight_calls",
    "from_keras",
    "load_keras",
    "mask_journey",
    "operations",
    "source",
    "to_keras",
]
