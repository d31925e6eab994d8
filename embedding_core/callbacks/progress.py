"""A bar that fills while a model trains, measures or predicts."""

from collections.abc import Iterable
from typing import Any

from tqdm import tqdm

from embedding_core.callbacks.callback import Callback, Logs
from embedding_core.ground.checks import expect, shown


def check_verbose(verbose: Any) -> None:
    """Refuse all but "auto", 0, 1 and 2.

    Raises
    ------
    TypeError
        Neither a string nor a whole number.
    ValueError
        Another one.
    """
    expect("verbose", verbose, (int, str), "'auto', 0, 1 or 2")
    if verbose not in ("auto", 0, 1, 2):
        raise ValueError(f"verbose must be 'auto', 0, 1 or 2: received {shown(verbose)}.")


def progress_bar(
    verbose: int | str, total: int, batches: Iterable[Any] | None = None, delay: float = 0
) -> Any:
    """Return a bar that is gone when the work is done.

    Parameters
    ----------
    verbose
        0 is silent; "auto", 1 and 2 show a bar (the environment variable `TQDM_DISABLE=1`
        hides it).
    total
        Steps until it is full.
    batches
        What the bar goes through; without them, it is told about each step.
    delay
        Seconds before an "auto" bar appears: what is done sooner shows none.

    Returns
    -------
    bar of tqdm
        To be iterated over, or to be opened with `with`.
    """
    # `disable` is given only to hide the bar: given at all, it would overrule TQDM_DISABLE.
    silent = {"disable": True} if verbose == 0 else {}
    wait = delay if verbose == "auto" else 0
    return tqdm(batches, total=total, leave=False, delay=wait, **silent)


class Progress(Callback):
    """What `fit` shows of its epochs.

    Parameters
    ----------
    bar
        Made by `progress_bar`, with room for all steps of all epochs.
    """

    def __init__(self, bar: Any) -> None:
        self.bar = bar

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Fill the bar by a step."""
        self.bar.update()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Write what was measured behind the bar."""
        assert self.params is not None
        self.bar.set_description(f"epoch {epoch + 1}/{self.params['epochs']}")
        self.bar.set_postfix(logs or {})
