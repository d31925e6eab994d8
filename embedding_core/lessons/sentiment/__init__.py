"""The sentiment models of chapter 10: a mean of words, a strong one, and how sure they are."""

from embedding_core.lessons.sentiment.calibration import (
    Reliability,
    fit_temperature,
    reliability,
    tempered,
)
from embedding_core.lessons.sentiment.curve import accuracy_by_size
from embedding_core.lessons.sentiment.mean import (
    Runs,
    at_best_rate,
    mean_of_embeddings,
    train_seeds,
)
from embedding_core.lessons.sentiment.strong import (
    Judge,
    Vote,
    fit_bags,
    log_count_ratios,
    start_from_counts,
    strong_model,
    train_judge,
)
from embedding_core.lessons.sentiment.tables import Reached, compare_tables

__all__ = [
    "Judge",
    "Reached",
    "Reliability",
    "Runs",
    "Vote",
    "accuracy_by_size",
    "at_best_rate",
    "compare_tables",
    "fit_bags",
    "fit_temperature",
    "log_count_ratios",
    "mean_of_embeddings",
    "reliability",
    "start_from_counts",
    "strong_model",
    "tempered",
    "train_judge",
    "train_seeds",
]
