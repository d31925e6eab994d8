"""Stop when a number has not become better for some epochs, and go back to the best one.

Keras's `EarlyStopping`. Differences: an unknown `mode` is refused (Keras warns and takes
"auto"), and so is a number that is none.
"""

import warnings
from typing import Any

from embedding_core.callbacks.callback import Callback, Logs
from embedding_core.ground.checks import as_name, finite, is_whole, one_of, shown, switch


class EarlyStopping(Callback):
    """End training when what is monitored no longer improves.

    Parameters
    ----------
    monitor
        A name in the logs: "val_loss", "accuracy", ...
    min_delta
        How much better a number must be to count as better; its sign does not matter.
    patience
        Epochs without improvement that are waited for.
    verbose
        1 prints when training is stopped and weights are restored, 0 does not.
    mode
        "min", "max", or "auto": "min" for losses, "max" for accuracies.
    baseline
        Improvements that do not get beyond it do not end the waiting.
    restore_best_weights
        Whether the model gets back the weights of its best epoch, from `start_from_epoch` on,
        when training ends, early or not.
    start_from_epoch
        Epochs before it are not looked at.

    Attributes
    ----------
    stopped_epoch
        The epoch after which training was stopped, or 0.
    best, best_epoch, best_weights, wait
        The best number so far, its epoch and weights, and how long ago that was.

    Raises
    ------
    TypeError
        An argument of another kind than said.
    ValueError
        An unknown mode, a negative number of epochs, or a number that is not finite.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        self.monitor = as_name(monitor, "monitor")
        self.min_delta = abs(finite("min_delta", min_delta))
        self.patience = _epochs("patience", patience)
        self.verbose = _epochs("verbose", verbose)
        self.mode = one_of("mode", mode, ("auto", "min", "max"))
        self.baseline = None if baseline is None else finite("baseline", baseline)
        self.restore_best_weights = switch("restore_best_weights", restore_best_weights)
        self.start_from_epoch = _epochs("start_from_epoch", start_from_epoch)
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best: float | None = None
        self.best_weights: list[Any] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Forget a former training."""
        self._begin_anew()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compare with the best, and stop when patience is at its end.

        Raises
        ------
        ValueError
            "auto" cannot know in which direction what is monitored improves.
        """
        sign = self._sign()
        current = (logs or {}).get(self.monitor)
        if current is None:
            warnings.warn(
                f"early stopping waits for {self.monitor!r}, which is not measured; what is: "
                f"{', '.join(logs or {})}.",
                stacklevel=2,
            )
        if current is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self._remember(epoch)
        self.wait += 1
        if self._improves(sign, current, self.best):
            self.best = current
            self._remember(epoch)
            if self._improves(sign, current, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Bring the best weights back, if that was asked for."""
        if self.stopped_epoch and self.verbose:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose:
                print(f"The weights are those of the best epoch again, {self.best_epoch + 1}.")
            self.model.set_weights(self.best_weights)

    def _remember(self, epoch: int) -> None:
        self.best_epoch = epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()

    def _improves(self, sign: int, current: float, reference: float | None) -> bool:
        """Tell whether a number is better; NaN is not, and anything is better than nothing."""
        return reference is None or sign * current - self.min_delta > sign * reference

    def _sign(self) -> int:
        """Return 1 when more is better, -1 when less is."""
        name = self.monitor.removeprefix("val_")
        if self.mode != "auto":
            return 1 if self.mode == "max" else -1
        if name == "loss":
            return -1
        for metric in self.model.metrics:
            kinds = [cls.__name__ for cls in type(metric).__mro__]
            if metric.name == name and any("Accuracy" in kind for kind in kinds):
                return 1
        raise ValueError(
            f"nobody knows whether more or less of {self.monitor!r} is better: give mode='max' "
            "or mode='min'."
        )


def _epochs(name: str, value: Any) -> int:
    if not is_whole(value):
        raise TypeError(f"{name} must be a whole number: received {shown(value)}.")
    if value < 0:
        raise ValueError(f"{name} must be at least 0: received {shown(value)}.")
    return int(value)
