"""The moments at which a callback is called, and the list that calls them one after another.

Keras's names and order. Anything with Keras's methods will do, one of Keras's own callbacks
included, as long as it asks no more of the model than `Sequential` has.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from embedding_core.ground.checks import shown

Logs = dict[str, float]
"""What was measured, by name."""

Batch = TypeVar("Batch")


class Callback:
    """Base of what is called while a model trains: each method does nothing until replaced.

    Attributes
    ----------
    model
        The one that trains; set its `stop_training` to True to end training.
    params
        A dictionary with `verbose`, `epochs` and `steps`, the batches of an epoch.
    """

    model: Any = None
    params: dict[str, Any] | None = None

    def set_params(self, params: dict[str, Any]) -> None:
        """Receive what `fit` was asked for."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Receive the model."""
        self.model = model

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Be called before the first epoch."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Be called after the last epoch, with what it measured."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Be called before each epoch; the first has the number 0."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Be called after each epoch, with loss, metrics and both again under `val_`."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Be called before each step; calls `on_batch_begin`, its older name."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Be called after each step, with the means of the epoch so far."""
        self.on_batch_end(batch, logs)

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Be called by `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Be called by `on_train_batch_end`."""

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Be called before `evaluate`, and before validation."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Be called after them, with what was measured."""

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Be called before each batch of `evaluate` or validation."""

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Be called after each, with the means so far."""

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Be called before `predict`."""

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Be called after it."""

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Be called before each batch of `predict`."""

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Be called after each."""


class CallbackList:
    """Several callbacks, called as one.

    Parameters
    ----------
    callbacks
        Called in this order.
    model, params
        What each of them receives.
    """

    def __init__(self, callbacks: Sequence[Any], model: Any, **params: Any) -> None:
        self.callbacks = callbacks
        self.model = model
        for callback in callbacks:
            callback.set_params(params)
            callback.set_model(model)

    def __call__(self, moment: str, *arguments: Any) -> None:
        """Call the method of this name of each."""
        for callback in self.callbacks:
            getattr(callback, moment)(*arguments)

    def each(self, kind: str, batches: Iterable[Batch], logs: Logs) -> Iterator[Batch]:
        """Hand out batches, and call before and after each.

        Parameters
        ----------
        kind
            "train", "test" or "predict".
        batches
            What is handed out.
        logs
            Filled by whoever takes the batches.
        """
        for nth, batch in enumerate(batches):
            self(f"on_{kind}_batch_begin", nth, None)
            yield batch
            self(f"on_{kind}_batch_end", nth, logs)
            if kind == "train" and self.model.stop_training:
                return


def as_callbacks(given: Any) -> list[Any]:
    """Return a list of callbacks: of none, of one, or of several.

    Raises
    ------
    TypeError
        Something in it that has not the methods of a callback, a class for example.
    """
    if given is None:
        return []
    found = list(given) if isinstance(given, (list, tuple)) else [given]
    moments = [name for name in vars(Callback) if name.startswith(("on_", "set_"))]
    for one in found:
        if isinstance(one, type) or not all(hasattr(one, name) for name in moments):
            cure = f" Call the class: {one.__name__}()." if isinstance(one, type) else ""
            raise TypeError(
                "callbacks must be a list of objects with the methods of callbacks.Callback: "
                f"received {shown(one)}.{cure}"
            )
    return found
