"""From what a caller has to arrays: taken where NumPy can read it, else refused with the cure.

NumPy reads lists, data frames and the tensors of TensorFlow, PyTorch and JAX. What gives batch
after batch (a `tf.data.Dataset`, a generator, a `DataLoader`) is refused: here all samples are
checked before the first step. Its module's name is enough to know it: nothing is imported.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AnySet
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from embedding_core.ground.checks import shown

_COLLECT = "Collect the batches first: x, y = (np.concatenate(part) for part in zip(*{batches}))."
# Beginning of the module of a class, the class, and how its batches are gone through.
_GIVE_BATCHES = (
    ("tensorflow.", "DatasetV2", "data.as_numpy_iterator()"),
    ("keras.", "PyDataset", "(data[i] for i in range(len(data)))"),
    ("tf_keras.", "Sequence", "(data[i] for i in range(len(data)))"),
    ("torch.", "DataLoader", "data"),
    ("torch.", "Dataset", "torch.utils.data.DataLoader(data, 256)"),
)
_CURES = {
    "RaggedTensor": "Pad its rows first: .to_tensor().numpy().",
    "SparseTensor": "Write out its zeros first: tf.sparse.to_dense(tensor).numpy().",
}


def as_array(name: str, value: Any) -> NDArray[Any]:
    """Turn lists, tensors, data frames and the like into an array, without a copy if possible.

    Parameters
    ----------
    name
        Of the argument, for the message.
    value
        What `numpy.asarray` can read.

    Raises
    ------
    TypeError
        Nothing, or something that NumPy does not read.
    ValueError
        Lists of different lengths, or nested too deeply.
    """
    refuse_what_is_no_array(name, value)
    try:
        return np.asarray(value)
    except (ValueError, RecursionError) as error:
        if hasattr(type(value), "__array__"):
            raise _unreadable(name, value, error) from error
        raise ValueError(
            f"{name} must form a rectangle, but its lists have different lengths: received "
            f"{shown(value)}. Pad them first, for example with text.pad_sequences."
        ) from error
    except Exception as error:  # of a tensor that lies elsewhere, each library has its own
        raise _unreadable(name, value, error) from error


def as_inputs(name: str, value: Any) -> Any:
    """Turn inputs into an array, or a SciPy sparse matrix into one whose rows can be picked.

    Parameters
    ----------
    name
        Of the argument, for the message.
    value
        As `as_array`, or a sparse matrix.

    Raises
    ------
    TypeError
        As `as_array`.
    ValueError
        As `as_array`, or there is no axis that counts samples.
    """
    found = scipy.sparse.csr_array(value) if scipy.sparse.issparse(value) else as_array(name, value)
    if not found.ndim:
        raise ValueError(f"{name} must have an axis that counts samples: received {shown(value)}.")
    return found


def refuse_what_is_no_array(name: str, value: Any) -> None:
    """Refuse what NumPy would read as something else, or not at all, with the cure.

    Raises
    ------
    TypeError
        It is none.
    """
    what = f"{name} must be an array or nested lists: received"
    if value is None:
        raise TypeError(f"{what} None.")
    if scipy.sparse.issparse(value):
        raise TypeError(
            f"{what} a sparse matrix of shape {value.shape}. Write out its zeros: .toarray()."
        )
    for base in type(value).__mro__:
        for module, cls, batches in _GIVE_BATCHES:
            if base.__name__ == cls and f"{base.__module__}.".startswith(module):
                cure = _COLLECT.format(batches=batches)
                raise TypeError(f"{what} a {_named(value)}, which gives batches. {cure}")
    if isinstance(value, Iterator):
        cure = _COLLECT.format(batches="itertools.islice(data, number_of_batches)")
        raise TypeError(
            f"{what} a {_named(value)}, which can be gone through only once. {cure} Or make one "
            "step for each batch: model.train_on_batch(x, y)."
        )
    if isinstance(value, Mapping):
        raise TypeError(
            f"{what} a {_named(value)} with the keys {shown(list(value))}. A model here has one "
            "input and one output: give the array itself."
        )
    reads = ("__array__", "__array_interface__", "__buffer__", "__float__")
    if isinstance(value, (AnySet, type)) or not (
        isinstance(value, (Sequence, memoryview, bytearray, np.generic))
        or any(hasattr(type(value), r) for r in reads)
        or _has_a_buffer(value)
    ):
        on_one_line = " ".join(shown(value).split())
        raise TypeError(f"{what} a {_named(value)}, {on_one_line}. {_cure(value)}")


def _has_a_buffer(value: Any) -> bool:
    try:
        memoryview(value)
    except TypeError:
        return False
    return True


def _unreadable(name: str, value: Any, error: Exception) -> TypeError:
    return TypeError(
        f"{name} is a {_named(value)} that NumPy cannot read ({error!s:.120}). {_cure(value)}"
    )


def _cure(value: Any) -> str:
    cls = type(value)
    if cls.__module__.partition(".")[0] == "torch":
        return "Bring it to NumPy first: .detach().cpu().numpy(), a sparse one by .to_dense()."
    return _CURES.get(cls.__name__, "Make an array of it first.")


def _named(value: Any) -> str:
    cls = type(value)
    return cls.__name__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__name__}"
