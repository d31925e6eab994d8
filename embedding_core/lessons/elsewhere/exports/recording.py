"""The answers of all ways out of Keras, written down with versions, platform and date."""

import importlib.metadata
import os
from pathlib import Path

from embedding_core.ground.files import AnyPath, as_path
from embedding_core.ground.provenance import running_on, today
from embedding_core.lessons.elsewhere.exports import models
from embedding_core.lessons.elsewhere.exports.asking import ask
from embedding_core.lessons.elsewhere.exports.ways import WAYS
from embedding_core.lessons.elsewhere.recording import Seen, read, write

PLACE = Path(__file__).parents[4] / "book" / "_data" / "exports.json"
"""Beside the book, which shows it; a reader who has the package alone has no recording."""


def seen(path: AnyPath = PLACE) -> dict[str, Seen]:
    """Read what every way out of Keras did, in the order of `ways.WAYS`.

    Parameters
    ----------
    path
        Of the recording.

    Returns
    -------
    dict
        By the way's id; a way that was not recorded is left out.
    """
    recorded = read(path)
    return {id: recorded[id] for ways in WAYS.values() for id in ways if id in recorded}


def record(backend: str, path: AnyPath = PLACE) -> dict[str, Seen]:
    """Export from Keras on a backend in every way, and write down the answers.

    Parameters
    ----------
    backend
        One of `ways.WAYS`; Keras must not have been imported on another.
    path
        Of the recording. What it says of other backends stays.

    Returns
    -------
    dict
        By the way's id, what was written.

    Raises
    ------
    ValueError
        Another backend.
    ModuleNotFoundError
        What writes or runs a file is not installed; nothing is written then.
    """
    if backend not in WAYS:
        raise ValueError(f"backend must be one of {', '.join(WAYS)}: received {backend!r}.")
    new = {}
    for id, way in WAYS[backend].items():
        packages = ("keras", backend, *way.packages)
        versions = {name: importlib.metadata.version(name) for name in packages}
        new[id] = Seen(way.name, versions, running_on(), today(), ask(way.export))
    place = as_path(path)
    os.makedirs(place.parent, exist_ok=True)
    if backend == "tensorflow":
        keep(place.parent)
    write((read(place) if place.exists() else {}) | new, place)
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
