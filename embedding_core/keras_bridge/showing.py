"""The installed Keras's own lines on the page, and what it does when watched.

Nothing of Keras is copied into this package. `source` reads the lines of the Keras that is
installed at the moment of reading; `add_weight_calls` and `operations` run a layer, ours or
Keras's, and write down which steps it takes.
"""

import ast
import contextlib
import inspect
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from embedding_core.keras_bridge.loading import load_keras


@dataclass(frozen=True)
class Source:
    """Some lines of an installed package, shown as code in a notebook.

    Attributes
    ----------
    code
        The lines, indentation removed.
    title
        Package, version, file and line numbers.
    """

    code: str
    title: str

    def __contains__(self, text: str) -> bool:
        return text in self.code

    def __str__(self) -> str:
        return f"# {self.title}\n{self.code}"

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return f"```python\n{self}\n```\n"


def source(part: Callable[..., Any], begin: str = "", end: str = "") -> Source:
    """Show the lines that define a function or method, without its docstring.

    Parameters
    ----------
    part
        For example `keras.layers.Embedding.call`.
    begin, end
        Show only from the first line that contains `begin` to the first after it that
        contains `end`.

    Returns
    -------
    Source
        The lines as they are installed now.

    Raises
    ------
    ValueError
        `begin` or `end` is not found: the installed version reads differently.
    """
    function = inspect.unwrap(part)
    file = Path(inspect.getsourcefile(function) or "")
    lines, first = inspect.getsourcelines(function)
    numbered = [(first + i, line) for i, line in enumerate(lines)]
    numbered = [numbered[i] for i in range(len(lines)) if i not in _docstring_lines(lines)]
    start = _line_with(begin, numbered, 0, file)
    stop = _line_with(end, numbered, start, file) if end else len(numbered) - 1
    chosen = numbered[start : stop + 1]
    package = sys.modules[function.__module__.partition(".")[0]]
    root = Path(package.__file__ or "").parent.parent
    title = (
        f"{package.__name__} {getattr(package, '__version__', '')}, "
        f"{file.relative_to(root).as_posix()}, lines {chosen[0][0]} to {chosen[-1][0]}"
    )
    return Source(textwrap.dedent("".join(line for _, line in chosen)).rstrip(), title)


def _docstring_lines(lines: list[str]) -> set[int]:
    definition = ast.parse(textwrap.dedent("".join(lines))).body[0]
    assert isinstance(definition, (ast.FunctionDef, ast.ClassDef))
    if ast.get_docstring(definition) is None:
        return set()
    docstring = definition.body[0]
    return set(range(docstring.lineno - 1, docstring.end_lineno or docstring.lineno))


def _line_with(text: str, numbered: list[tuple[int, str]], after: int, file: Path) -> int:
    for i in range(after, len(numbered)):
        if text in numbered[i][1]:
            return i
    raise ValueError(f"no line with {text!r} in {file.name}: the installed version differs.")


def add_weight_calls(layer: Any, input_shape: tuple[int | None, ...]) -> list[dict[str, Any]]:
    """Build a layer and return what it asked `add_weight` for.

    Parameters
    ----------
    layer
        One of ours or one of Keras's, not built yet.
    input_shape
        Given to `build`.

    Returns
    -------
    list of dict
        The keyword arguments of each call, in order.
    """
    with mock.patch.object(layer, "add_weight", wraps=layer.add_weight) as add_weight:
        layer.build(input_shape)
    return [dict(call.kwargs) for call in add_weight.call_args_list]


@dataclass(frozen=True)
class Operation:
    """One call of an operation: its name, and shape and dtype of what went in and came out."""

    name: str
    inputs: tuple[str, ...]
    output: str

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.inputs)}) -> {self.output}"


def operations(layer: Any, inputs: Any) -> list[Operation]:
    """Call a Keras layer and return which of `keras.ops` its `call` used, in order.

    Parameters
    ----------
    layer
        A Keras layer that is built already.
    inputs
        An array; it is handed to the layer as a tensor.

    Returns
    -------
    list of Operation
        Every use of `cast`, `take`, `matmul`, `one_hot`, `add` and `multiply`.
    """
    keras = load_keras()
    seen: list[Operation] = []
    module = sys.modules[type(layer).__module__].ops
    tensor = keras.ops.convert_to_tensor(inputs)
    with contextlib.ExitStack() as stack:
        for name in ("cast", "take", "matmul", "one_hot", "add", "multiply"):
            spy = _spy(name, getattr(module, name), seen)
            stack.enter_context(mock.patch.object(module, name, spy))
        layer.call(tensor)
    return seen


def _spy(name: str, function: Callable[..., Any], seen: list[Operation]) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        arrays = tuple(_kind(a) for a in args if hasattr(a, "shape"))
        seen.append(Operation(name, arrays, _kind(result)))
        return result

    return wrapper


def _kind(array: Any) -> str:
    import keras

    shape = " × ".join(str(n) for n in array.shape)
    return f"{keras.backend.standardize_dtype(array.dtype)}[{shape}]"
