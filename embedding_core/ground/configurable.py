"""What every named part shares: a configuration, and a way to be found by name.

Keras lets a part be given as an object, as a string or as a dictionary with `class_name` and
`config`. So does this package, with the same strings.
"""

import difflib
import inspect
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from embedding_core.ground._types import Config
from embedding_core.ground.checks import shown

Built = TypeVar("Built")
_PLAIN = (bool, int, float, str)


class Configurable:
    """Base of what can be written down and read back: each argument is kept under its name.

    Two of one class are equal when their configurations are.
    """

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """Build the object again from `get_config`'s dictionary.

        Raises
        ------
        TypeError, ValueError
            As `build`.
        """
        return build(cls, config)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.get_config() == other.get_config()

    def __hash__(self) -> int:
        return hash((type(self), repr(self.get_config())))

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.get_config().items())
        return f"{type(self).__name__}({settings})"


def build(cls: type[Built], config: Any) -> Built:
    """Call a class with the arguments in a configuration.

    Raises
    ------
    TypeError
        The configuration is no dictionary, lacks an argument or holds one that there is not.
    ValueError
        The class refuses a value; it may do so with a `TypeError`, too.
    """
    try:
        if not isinstance(config, Mapping):
            raise TypeError("a dictionary is needed")
        inspect.signature(cls).bind(**config)
    except TypeError as error:
        raise TypeError(
            f"the configuration {shown(config)} does not fit {cls.__name__}: {error}."
        ) from error
    return cls(**config)


def serialize(part: Any) -> Config | None:
    """Write a part as `{"class_name": ..., "config": ...}`; `None` stays `None`.

    Raises
    ------
    ValueError
        The part has no `get_config`, for example a plain function.
    """
    if part is None:
        return None
    if not hasattr(part, "get_config"):
        raise ValueError(
            f"cannot write {shown(part)} into a configuration: it has no get_config. "
            "Use a class with get_config and from_config instead of a function."
        )
    return {"class_name": type(part).__name__, "config": part.get_config()}


def arguments_of(part: Any, cls: type, without: tuple[str, ...] = ()) -> Config:
    """Write down the arguments of a constructor that keeps each under its own name.

    Parameters
    ----------
    part
        An instance of `cls`.
    cls
        Whose constructor.
    without
        Arguments that are not kept.

    Returns
    -------
    dict
        Name by name; what has a configuration of its own as `serialize` writes it.

    Raises
    ------
    ValueError
        As `serialize`.
    """
    named = inspect.Parameter.POSITIONAL_OR_KEYWORD
    names = [n for n, p in inspect.signature(cls).parameters.items() if p.kind is named]
    kept = {name: getattr(part, name) for name in names if name not in without}
    return {
        name: value if value is None or isinstance(value, _PLAIN) else serialize(value)
        for name, value in kept.items()
    }


def find(kind: str, known: Mapping[str, type], identifier: Any, needs: tuple[str, ...] = ()) -> Any:
    """Turn an object, a name or a configuration into an object; `None` stays `None`.

    Parameters
    ----------
    kind
        What is looked for, for the error message: "initializer", "constraint", ...
    known
        The classes by every name they answer to.
    identifier
        An instance or any callable (returned as it is), one of the names, or a dictionary
        made by `serialize`.
    needs
        Attributes without which an object will not do.

    Raises
    ------
    ValueError
        An unknown name; the message lists the known ones and the nearest. Or a value in the
        configuration that the class refuses.
    TypeError
        Something that is neither, or a configuration that does not fit the class.
    """
    if identifier is None:
        return None
    if callable(identifier) and not isinstance(identifier, type):
        lacks = [name for name in needs if not hasattr(identifier, name)]
        if not lacks:
            return identifier
        raise TypeError(f"{kind} must have {', '.join(lacks)}: received {shown(identifier)}.")
    if isinstance(identifier, str):
        return _class_named(kind, known, identifier)()
    if isinstance(identifier, dict) and "class_name" in identifier:
        cls = _class_named(kind, known, identifier["class_name"])
        return cls.from_config(identifier.get("config", {}))
    raise TypeError(
        f"{kind} must be an object, a name or a dictionary with 'class_name': "
        f"received {shown(identifier)} of type {type(identifier).__name__}."
    )


def _class_named(kind: str, known: Mapping[str, type], name: Any) -> Any:
    if not isinstance(name, str) or name not in known:
        near = difflib.get_close_matches(name[:60], known, n=1) if isinstance(name, str) else []
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"unknown {kind} {shown(name)}.{hint} Known here: {', '.join(sorted(known))}."
        )
    return known[name]
