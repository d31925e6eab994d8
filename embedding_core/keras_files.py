"""Keras loads a model that holds classes of `for_keras` where `embedding_core` is imported.

Keras finds a class of somebody else's by the name under which it is registered, and the classes
of `for_keras` register themselves when they are imported, which imports TensorFlow. So that
`import embedding_core` is enough, and stays quick, this module leaves each name with Keras and a
`Later` in the place of the class, as soon as Keras has been imported and not before.
"""

import sys
from importlib import import_module
from typing import Any

NAMES = ("Adagrad", "Adam", "Embedding", "Merged", "RMSprop", "SGD")


class Later:
    """What stands in Keras's register for a class of `for_keras`, until that is imported.

    Parameters
    ----------
    name
        Of the class.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def from_config(self, config: dict[str, Any]) -> Any:
        """Make an object of the class from its configuration, as Keras asks of a class.

        Raises
        ------
        ImportError
            Keras does not run on TensorFlow; the message says what to do.
        """
        return getattr(import_module("embedding_core.for_keras"), self._name).from_config(config)


def introduce() -> None:
    """Leave the names with Keras: now if it has been imported, or else as soon as it is."""
    if not any(isinstance(finder, _KerasFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _KerasFinder())
    if sys.modules.get("keras") is not None:
        _leave_names(import_module("keras"))  # and not a half: another thread may be at it


def _leave_names(keras: Any) -> None:
    register = getattr(getattr(keras, "saving", None), "get_custom_objects", None)
    if register is not None:  # Keras 2 did not have it, and cannot read the files
        for name in NAMES:
            register().setdefault(f"embedding_core>{name}", Later(name))


class _KerasFinder:
    """Finds Keras where the finders after it do, and adds the names when it has been run."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "keras":
            return None
        after = sys.meta_path[sys.meta_path.index(self) + 1 :] if self in sys.meta_path else []
        for finder in after:
            spec: Any = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _KerasLoader(spec.loader)
                return spec
        return None


class _KerasLoader:
    """Another loader, which is back in its place before the module is run."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def exec_module(self, module: Any) -> None:
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        _leave_names(module)
