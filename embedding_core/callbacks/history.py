"""What `fit` saw, epoch by epoch."""

from typing import Any

from embedding_core.callbacks.callback import Callback, Logs


class History(Callback):
    """One number for each epoch, by name; what `fit` returns and `model.history` holds.

    Attributes
    ----------
    epoch
        The epochs' numbers: 0, 1, 2, ..., or from `initial_epoch` on.
    history
        Lists by name: `loss`, the metrics, and the same with `val_` in front.
    """

    def __init__(self) -> None:
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}

    def set_model(self, model: Any) -> None:
        """Keep no model: the model keeps its history."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Enter one epoch."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
