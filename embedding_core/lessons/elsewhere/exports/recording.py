"""The answers of all ways out of Keras, written down with versions, platform and date."""

from pathlib import Path

from embedding_core.ground import recording
from embedding_core.ground.files import AnyPath, as_path
from embedding_core.ground.recording import Seen
from embedding_core.lessons.elsewhere.exports import models
from embedding_core.lessons.elsewhere.exports.asking import ask
from embedding_core.lessons.elsewhere.exports.ways import WAYS

PLACE = Path(__file__).parents[4] / "book" / "_data" / "exports.json"
"""Beside the book, which shows it; a reader who has the package alone has no recording."""


def seen(path: AnyPath = PLACE) -> dict[str, Seen]:
    """Read what every way out of Keras did, by its id; raises as `ground.recording.read` does."""
    return recording.read(path)


def record(environment: str, path: AnyPath = PLACE) -> dict[str, Seen]:
    """Export in every way that an environment has, and write down the answers.

    Parameters
    ----------
    environment
        One of `ways.WAYS`; Keras must not have been imported on another backend.
    path
        Of the recording. What it says of other environments stays.

    Returns
    -------
    dict
        By the way's id, what was written.

    Raises
    ------
    ValueError
        Another environment.
    ModuleNotFoundError
        What writes or runs a file is not installed; nothing is written then.
    """
    if environment not in WAYS:
        raise ValueError(f"environment must be one of {', '.join(WAYS)}: received {environment!r}.")
    ways = WAYS[environment]
    for way in ways.values():
        way.versions()  # all are there, or none is asked
    new = {id: way.seen(ask(way.export, way.models)) for id, way in ways.items()}
    recording.add(new, path, [id for some in WAYS.values() for id in some])
    if environment == "tensorflow":
        keep(as_path(path).parent)
    return new


def keep(folder: AnyPath) -> None:
    """Export the models of chapter 16 to ONNX, which the chapter runs.

    Parameters
    ----------
    folder
        Where `rows.onnx`, `mean_zero.onnx` and `mean_infinite.onnx` go.
    """
    kept = {
        "rows": models.rows(),
        "mean_zero": models.mean(),
        "mean_infinite": models.mean(float("inf")),
    }
    for name, model in kept.items():
        model.export(str(as_path(folder) / f"{name}.onnx"), format="onnx", verbose=False)
