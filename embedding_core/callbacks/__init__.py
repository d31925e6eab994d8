"""What watches a model while it trains, and may stop it: Keras's callbacks in miniature."""

from embedding_core.callbacks.callback import Callback, CallbackList, as_callbacks
from embedding_core.callbacks.early_stopping import EarlyStopping
from embedding_core.callbacks.history import History
from embedding_core.callbacks.progress import Progress, check_verbose, progress_bar

__all__ = [
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "Progress",
    "as_callbacks",
    "check_verbose",
    "progress_bar",
]
