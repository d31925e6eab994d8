"""Keras's names for the package's things: what a test file finds when it imports Keras.

A module here takes its names from the package, then from the few that are written down below (what
Keras's tests ask of a backend: arrays, dtypes, a folder for a file), and answers for every other
name with something `Absent`. What a test examines is always the package's: nothing here computes
a layer, a loss, a metric, an optimizer's step or a first value.
"""

import contextlib
import importlib.abc
import importlib.machinery
import sys
import types

import numpy as np
from absent import Absent

import embedding_core as core
from embedding_core import text, utils
from embedding_core.ground import configurable
from embedding_core.ground.checks import not_negative
from embedding_core.optimizers.clipping import clipped

# Every module of these names is made here, and none is read from the installed packages.
BLOCKED = ("keras", "tensorflow", "jax", "torch", "grain", "conftest")


def tensor(x, dtype=None, sparse=None, ragged=None):
    """Make an array as Keras makes a tensor: Python's floats are float32, its integers int32."""
    if isinstance(x, core.IndexedSlices):
        return x.dense() if sparse is False else x
    if isinstance(x, Absent):
        x()
    array = np.asarray(x)
    if dtype is None and not hasattr(x, "dtype"):
        dtype = {"f": "float32", "i": "int32"}.get(array.dtype.kind)
    return array if dtype is None else array.astype(standard(dtype))


def standard(dtype):
    """Name a dtype."""
    if isinstance(dtype, Absent):
        dtype()
    return {float: "float32", int: "int32", None: "float32"}.get(dtype) or np.dtype(dtype).name


class Variable(core.Variable):
    """The package's variable, made by the arguments of Keras's."""

    def __init__(
        self, initializer, shape=None, dtype=None, trainable=True, name="variable", **rest
    ):
        if isinstance(initializer, str):
            initializer = core.initializers.get(initializer)
        value = initializer(shape, standard(dtype)) if callable(initializer) else initializer
        super().__init__(tensor(value, dtype), name, trainable, **rest)


# Private hooks that Keras's tests call. Each hands over to what the package does by another name.
core.Variable.numpy = lambda self: np.array(self.value)
core.Variable.__eq__ = lambda self, other: (
    self is other if isinstance(other, core.Variable) else np.equal(self.value, other)
)
core.Variable.__hash__ = object.__hash__
core.Layer._flatten_layers = lambda self, *which: [self]
core.Layer._seed_generators = ()
core.Optimizer._clip_gradients = lambda self, grads: clipped([np.asarray(g) for g in grads], self)
KERAS_MASKS = {}  # by the identity of the array that carries one in Keras; it is kept alive
_call_loss = core.losses.Loss.__call__


def _masked(self, y_true, y_pred, sample_weight=None, mask=None):
    _, carried = KERAS_MASKS.get(id(y_pred), (None, None))
    return _call_loss(self, y_true, y_pred, sample_weight, carried if mask is None else mask)


core.losses.Loss.__call__ = _masked


def serialize(thing):
    """Write a thing and its module down, by the package's own way."""
    return {**configurable.serialize(thing), "module": type(thing).__module__}


def deserialize(config):
    """Find the class by its written name, in the written module, and let it read its config."""
    cls = getattr(sys.modules[config["module"]], config["class_name"])
    return cls.from_config(config["config"])


@contextlib.contextmanager
def scope(objects):
    """Take no notice of custom objects: classes are found by their modules here."""
    yield


def flat(structure):
    """List the leaves of nested lists and dictionaries."""
    if isinstance(structure, dict):
        structure = structure.values()
    elif not isinstance(structure, list | tuple):
        return [structure]
    return [leaf for part in structure for leaf in flat(part)]


def shaped(function, shape):
    """Apply a function to a shape, or to each in a list of shapes."""
    if all(isinstance(length, int | None) for length in shape):
        return function(shape)
    return [shaped(function, one) for one in shape]


def _always(value):
    return lambda *args, **kwargs: value


_ARRAYS = {
    "convert_to_tensor": tensor,
    "convert_to_numpy": lambda x: x() if isinstance(x, Absent) else np.array(x),
    "cast": lambda x, dtype: np.asarray(x).astype(standard(dtype)),
    "shape": np.shape,
    "array": tensor,
} | {
    name: getattr(np, name)
    for name in [
        "abs",
        "absolute",
        "add",
        "arange",
        "concatenate",
        "divide",
        "exp",
        "expand_dims",
        "eye",
        "full",
        "log",
        "matmul",
        "max",
        "mean",
        "multiply",
        "negative",
        "ones",
        "ones_like",
        "reshape",
        "sqrt",
        "square",
        "squeeze",
        "stack",
        "subtract",
        "sum",
        "tile",
        "transpose",
        "where",
        "zeros",
        "zeros_like",
    ]
}

_RANDOM = {
    "uniform": lambda shape, minval=0.0, maxval=1.0, dtype="float32", seed=None: (
        np.random.default_rng(seed).uniform(minval, maxval, shape).astype(standard(dtype))
    ),
    "normal": lambda shape, mean=0.0, stddev=1.0, dtype="float32", seed=None: (
        np.random.default_rng(seed).normal(mean, stddev, shape).astype(standard(dtype))
    ),
}

_SAVING = {
    "serialize_keras_object": serialize,
    "deserialize_keras_object": deserialize,
    "register_keras_serializable": lambda *args, **kwargs: lambda thing: thing,
    "custom_object_scope": scope,
}

_BACKEND = _ARRAYS | {
    # The backend whose sparse gradients are the package's own: IndexedSlices.
    "backend": _always("tensorflow"),
    "floatx": _always("float32"),
    "epsilon": _always(1e-7),
    "standardize_dtype": standard,
    "is_float_dtype": lambda dtype: standard(dtype).startswith("float"),
    "is_tensor": lambda x: isinstance(x, np.ndarray | np.generic),
    "set_floatx": lambda name: None if name == "float32" else Absent(f"floatx {name}")(),
    "set_keras_mask": lambda x, mask: KERAS_MASKS.update({id(x): (x, mask)}),
    "SUPPORTS_SPARSE_TENSORS": True,
    "SUPPORTS_RAGGED_TENSORS": True,
    "SUPPORTS_COMPLEX_DTYPES": False,
    "Variable": Variable,
}

# The module's name below keras.src: the package's module, and names from above.
MODULES = {
    "": (core, {}),
    "activations": (core.activations, {}),
    "backend": (None, _BACKEND),
    "backend.common": (None, _BACKEND),
    "backend.common.global_state": (None, {"clear_session": _always(None)}),
    "backend.numpy": (None, _ARRAYS),
    "backend.random": (None, _RANDOM),
    "constraints": (core.constraints, {}),
    "dtype_policies": (None, {}),
    "dtype_policies.dtype_policy": (
        None,
        {
            "dtype_policy": _always("float32"),
            "set_dtype_policy": lambda name: (
                None if name == "float32" else Absent(f"policy {name}")()
            ),
        },
    ),
    "initializers": (core.initializers, {}),
    "initializers.random_initializers": (None, {"compute_fans": core.initializers.fans}),
    "layers": (core.layers, {"TextVectorization": text.TextVectorization}),
    "losses": (core.losses, {}),
    "losses.loss": (core.losses, {}),
    "losses.losses": (core.losses, {}),
    "metrics": (core.metrics, {}),
    "metrics.accuracy_metrics": (core.metrics, {}),
    "metrics.reduction_metrics": (core.metrics, {}),
    "models": (None, {"Sequential": core.Sequential}),
    "ops": (None, _ARRAYS),
    "optimizers": (core.optimizers, {"deserialize": deserialize, "serialize": serialize}),
    "optimizers.adagrad": (core.optimizers, {}),
    "optimizers.adam": (core.optimizers, {}),
    "optimizers.rmsprop": (core.optimizers, {}),
    "optimizers.schedules": (core.optimizers.schedules, {}),
    "optimizers.sgd": (core.optimizers, {}),
    "random": (None, _RANDOM),
    "regularizers": (core.regularizers, {}),
    "regularizers.regularizers": (
        None,
        {"validate_float_arg": lambda value, name: not_negative(name, value)},
    ),
    "saving": (None, _SAVING),
    "tree": (None, {"flatten": flat, "map_shape_structure": shaped}),
    "utils": (utils, {"set_random_seed": np.random.seed, "pad_sequences": text.pad_sequences}),
    "utils.numerical_utils": (utils, {}),
    "utils.sequence_utils": (text, {}),
    "utils.traceback_utils": (None, {"is_traceback_filtering_enabled": _always(False)}),
}


class Double(types.ModuleType):
    """A module of Keras, of TensorFlow or of another backend."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        short = self.__name__.removeprefix("keras.src").removeprefix("keras").lstrip(".")
        below = f"{short}.{name}".lstrip(".")
        if below in MODULES and self.__name__.startswith("keras"):
            return importlib.import_module(f"keras.src.{below}")
        source, added = (
            MODULES.get(short, (None, {})) if self.__name__[:5] == "keras" else (None, {})
        )
        if name in added:
            return added[name]
        if self.__name__ == "tensorflow" and name == "IndexedSlices":
            return core.IndexedSlices
        if self.__name__ == "conftest" and name == "skip_if_backend":
            return lambda *backends: lambda test: test  # none of them is ours
        found = getattr(source, name, None)
        if found is None or isinstance(found, types.ModuleType | types.UnionType):
            return Absent(".".join(f"{self.__name__}.{name}".split(".")[-2:]))
        return found


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers for every blocked name before Python looks at the disk."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BLOCKED:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Double(spec.name)

    def exec_module(self, module):
        pass
