"""Checkpoints that are whole or not there: written aside, and renamed when complete.

A checkpoint is a folder `step-00000150`. While it is being written it is called otherwise, so
one that was cut short, whoever died, is never taken for a whole one. Each server writes its own
rows, so the folder must be one that all machines of the cluster see. `manifest.json`, written
last, holds the shapes, so that nothing is read into a table of another shape, and the sizes of
the files, so that a file that was cut afterwards is named.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_MANIFEST = "manifest.json"
_STATE = "state"
_UNFINISHED = ".unfinished-"


class Checkpoints:
    """The checkpoints of one training, in one folder.

    Parameters
    ----------
    folder
        Made if it is not there.
    keep
        How many of the newest stay.

    Raises
    ------
    OSError
        The folder cannot be made.
    """

    def __init__(self, folder: str | os.PathLike[str], keep: int = 2) -> None:
        self.folder = Path(folder)
        self.keep = keep
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OSError(
                f"the folder {self.folder} for checkpoints cannot be made ({error.strerror}): "
                "name one that may be written to."
            ) from error

    def whole(self) -> list[Path]:
        """Return the complete checkpoints, oldest first."""
        return sorted(self.folder.glob("step-*"))

    def save(self, state: Mapping[str, Any], steps: int) -> Path:
        """Write a checkpoint, or, when that fails, leave the folder as it was.

        Parameters
        ----------
        state
            TensorFlow variables by name, or lists of them.
        steps
            Names the checkpoint. One of that name that is there stays as it is.

        Returns
        -------
        pathlib.Path
            The checkpoint's folder.

        Raises
        ------
        OSError
            It could not be written: no room, no right to write, or as the message says.
        tensorflow.errors.UnavailableError, tensorflow.errors.AbortedError
            A parameter server is gone.
        """
        import tensorflow as tf

        target = self.folder / f"step-{steps:08d}"
        if target.exists():
            return target
        aside = self.folder / f"{_UNFINISHED}{target.name}"
        with _nothing_left_of(aside, target):
            aside.mkdir()
            # MakeDirs of the servers and ours are the same on a folder that all can see.
            tf.train.Checkpoint(**state).write(str(aside / _STATE))
            sizes = {path.name: path.stat().st_size for path in sorted(aside.iterdir())}
            manifest = {"steps": steps, "shapes": _shapes(state), "sizes": sizes}
            (aside / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
            for path in aside.iterdir():
                with open(path, "rb") as file:
                    os.fsync(file.fileno())
            os.rename(aside, target)
        for old in self.whole()[: -self.keep]:
            shutil.rmtree(old)
        return target

    def restore(self, state: Mapping[str, Any]) -> Path | None:
        """Read the newest complete checkpoint into the variables.

        Parameters
        ----------
        state
            As for `save`. The number of servers may be another than when it was written.

        Returns
        -------
        pathlib.Path or None
            The checkpoint; none when there is no complete one.

        Raises
        ------
        ValueError
            It belongs to variables of other shapes, or a file of it is missing or damaged. The
            message names the file. But for damage inside a file of the right size, nothing has
            been read then.
        """
        import tensorflow as tf

        if not self.whole():
            return None
        newest = self.whole()[-1]
        _check(newest, _shapes(state))
        try:
            tf.train.Checkpoint(**state).read(str(newest / _STATE)).assert_consumed()
        except (tf.errors.DataLossError, tf.errors.OutOfRangeError) as error:
            raise ValueError(f"{newest} is damaged: {_plain(error)}. {_CURE}") from error
        return newest


_CURE = "Delete this folder, and the checkpoint before it is taken; or restore it from a copy."


@contextlib.contextmanager
def _nothing_left_of(aside: Path, target: Path) -> Iterator[None]:
    """Remove the unfinished folder, before and after a failure; say what to do about the disk."""
    import tensorflow as tf

    shutil.rmtree(aside, ignore_errors=True)
    try:
        yield
    except BaseException as error:
        shutil.rmtree(aside, ignore_errors=True)
        gone = (tf.errors.UnavailableError, tf.errors.AbortedError)
        if isinstance(error, (OSError, tf.errors.OpError)) and not isinstance(error, gone):
            raise OSError(
                f"the checkpoint {target} cannot be written ({_plain(error)}): make room on the "
                "disk, or name another folder. The checkpoints before it are as they were."
            ) from error
        raise


def _plain(error: Any) -> str:
    """Return what an error says, without TensorFlow's account of the graph around it."""
    return str(error).partition("\n\t [[")[0].splitlines()[-1]


def _check(checkpoint: Path, shapes: Mapping[str, list[int]]) -> None:
    """Compare a checkpoint with its own manifest, and the manifest with what is wanted."""
    path = checkpoint / _MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
        saved, sizes = dict(manifest["shapes"]), dict(manifest["sizes"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"{path} cannot be read ({error!r}). {_CURE}") from error
    for name, size in sizes.items():
        file = checkpoint / name
        found = file.stat().st_size if file.exists() else 0
        if found != size:
            raise ValueError(f"{file} holds {found} bytes, {size} were written. {_CURE}")
    for name in sorted({*saved, *shapes}):
        if saved.get(name) != shapes.get(name):
            raise ValueError(
                f"{checkpoint} holds {name} of shape {saved.get(name)}, and shape "
                f"{shapes.get(name)} is wanted: train with the sizes it was written with, or name "
                "an empty folder to begin anew."
            )


def _shapes(state: Mapping[str, Any]) -> dict[str, list[int]]:
    """Return the shapes of the variables, those in lists by their number."""
    shapes = {}
    for name, thing in state.items():
        is_list = isinstance(thing, list)
        for number, variable in enumerate(thing if is_list else [thing]):
            key = f"{name}/{number}" if is_list else name
            shapes[key] = [int(length) for length in variable.shape]
    return shapes
