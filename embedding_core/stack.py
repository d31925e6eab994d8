"""Layers in a row, before anybody trains them: built, listed, summed up, saved.

What `Sequential` can do beside passing batches through. Differences from Keras: a layer that
needs ids must come first, because ids have no gradient to hand on; the random numbers of a
seeded model are one stream.
"""

import warnings
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from embedding_core import initializers, losses, optimizers, saving
from embedding_core.callbacks import History
from embedding_core.ground._types import Mask, Shape
from embedding_core.ground.checks import as_list, as_seed, expect, shown
from embedding_core.ground.files import AnyPath
from embedding_core.layers import Embedding, EmbeddingBag, Layer
from embedding_core.layers.mean_of_rows import Step
from embedding_core.layers.weighted import Weighted
from embedding_core.metrics import get as metric_named
from embedding_core.variable import Variable


class Stack(Weighted):
    """Layers in a row.

    Parameters
    ----------
    layers
        From input to output; none yet by default, see `add`.
    seed
        Makes a run repeatable: it decides the first values of weights whose initializer has
        no seed of its own, and the order of the samples in `fit`. A layer that two models share
        takes its first values from the seed of the first of them that has one.

    Attributes
    ----------
    stop_training
        A callback sets it to True to end `fit` after the batch.
    history
        Of the last `fit`.

    Raises
    ------
    TypeError
        Something else than a list of layers, or a seed that is no whole number.
    ValueError
        A layer of ids behind another layer, two layers of one name, or a negative seed.
    """

    _last_row: Sequence[Step] | None = None  # what the last call went through, for the way back

    def __init__(self, layers: Sequence[Layer] | None = None, seed: int | None = None) -> None:
        given = as_list("layers", () if layers is None else layers, "layers")
        _check_row(given)
        self.layers: list[Layer] = given
        self._seeded = as_seed(seed) is not None
        self._rng = np.random.default_rng(seed)
        self.optimizer: optimizers.Optimizer | None = None
        self.loss: Any = None
        self.metrics: list[Any] = []
        self.stop_training = False
        self.history: History | None = None
        for layer in self.layers:
            self._lend_seed(layer)

    def _lend_seed(self, layer: Layer) -> None:
        if self._seeded and layer.rng is None:
            # A layer of another class draws what it likes when it is built, in whichever model that
            # is first: from random numbers of its own. Those of the model are kept in its file.
            layer.rng = self._rng if saving.fits_in_a_file(layer) else self._rng.spawn(1)[0]
            # Drawn now and not when the weights are made: another model may make them first.
            for name, given in [] if layer.built else list(vars(layer).items()):
                if name.endswith("_initializer"):
                    setattr(layer, name, initializers.seeded(given, self._rng))

    def add(self, layer: Layer) -> None:
        """Put a layer behind the others.

        An optimizer that has made steps does not know its weights: compile the model again.

        Raises
        ------
        TypeError
            It is none.
        ValueError
            It must come first and would not, or another has its name. The model stays as it was.
        """
        _check_row([*self.layers, layer])
        self.layers.append(layer)
        self._last_row = None
        self._lend_seed(layer)

    def pop(self) -> Layer:
        """Take the last layer away, and return it.

        Raises
        ------
        ValueError
            There is none.
        """
        if not self.layers:
            raise ValueError("the model has no layer to take away.")
        self._last_row = None
        return self.layers.pop()

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        metrics: Sequence[Any] | None = None,
    ) -> None:
        """Choose what trains the model, what it minimises, and what it reports.

        Parameters
        ----------
        optimizer, loss
            Object, name or configuration. As in Keras, RMSprop is what trains by default; there is
            no loss by default.
        metrics
            A list of them, for example `["accuracy"]`.

        Raises
        ------
        ValueError
            An unknown name, or no optimizer or loss at all. The former choice stays.
        TypeError
            Something that is no optimizer, loss or metric, or no list of metrics, likewise.
        """
        if optimizer is None or loss is None:
            raise ValueError(
                "compile needs an optimizer and a loss: received "
                f"optimizer={shown(optimizer)}, loss={shown(loss)}."
            )
        given = [] if metrics is None else as_list("metrics", metrics, "metrics")
        measured = [metric_named(metric) for metric in given]
        chosen = optimizers.get(optimizer), losses.get(loss), measured
        self.optimizer, self.loss, self.metrics = chosen

    def _check_compiled(self) -> None:
        if self.optimizer is None:
            raise ValueError("the model is not compiled: call compile(optimizer, loss) first.")
        if not self.layers:
            raise ValueError("the model has no layers: add some first.")

    def _check_optimizer(self) -> list[Variable]:
        """Return the weights that are to be trained; refuse those that the optimizer does not know.

        Raises
        ------
        ValueError
            A layer was added, or made trainable, after the optimizer's first step.
        """
        assert self.optimizer is not None
        trained = self.trainable_weights
        known = {id(variable) for variable in self.optimizer._variables}
        if not self.optimizer.built or known.issuperset(map(id, trained)):
            return trained
        for layer in self.layers:
            if not known.issuperset(map(id, layer.trainable_weights)):
                raise ValueError(
                    f"layer {layer.name} has weights that were not there, or not trainable, when "
                    "the optimizer made its first step: compile the model again, with a new "
                    "optimizer. The weights stay as they are."
                )
        return trained

    @property
    def built(self) -> bool:  # type: ignore[override]
        """Whether all layers have their weights."""
        return all(layer.built for layer in self.layers)

    @property
    def weights(self) -> list[Variable]:
        """All weights, layer after layer."""
        return [weight for layer in self.layers for weight in layer.weights]

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights an optimizer may change, layer after layer."""
        return [weight for layer in self.layers for weight in layer.trainable_weights]

    @property
    def losses(self) -> list[float]:
        """The penalties of all layers."""
        return [penalty for layer in self.layers for penalty in layer.losses]

    def build(self, input_shape: Shape) -> None:
        """Create all weights before any data is seen.

        Parameters
        ----------
        input_shape
            Of the inputs, the batch included: `(None, 10)` is any number of ten ids each.

        Raises
        ------
        ValueError
            As the layers' `build`.
        MemoryError
            There is no room for the weights.
        """
        for layer in self.layers:
            layer.build(input_shape)
            input_shape = layer.compute_output_shape(input_shape)

    def summary(self) -> None:
        """Print the layers and their numbers of parameters.

        Of a table that the optimizer has to update densely, it says so and why.
        """
        for layer in self.layers:
            count = f"{layer.count_params():,}" if layer.built else "not built yet"
            print(f"{layer.name:<32} {type(layer).__name__:<24} {count:>14}")
            if self.optimizer is not None and isinstance(layer, Embedding):
                for variable in layer.trainable_weights:
                    reason = self.optimizer.dense_because(variable)
                    if reason is not None:
                        print(f"  every row is updated at each step, because {reason}")
        total = sum(int(np.prod(w.shape)) for w in self.trainable_weights)
        print(f"{'trainable parameters':<57} {total:>14,}")

    def save(self, path: AnyPath) -> None:
        """Write the model and all that its training goes on from into one file, see `saving`.

        Parameters
        ----------
        path
            Ends in `.npz`. The file appears when it is complete; one that was there is
            replaced, and stays if anything goes wrong before.

        Raises
        ------
        TypeError
            The path is none.
        ValueError
            Another ending, a layer of a class of your own, an initializer that is a plain
            function. Nothing is written.
        OSError
            The folder is missing, the disk is full, or the like.
        """
        saving.save_model(self, path)

    @classmethod
    def load(cls, path: AnyPath) -> Self:
        """Read a model that `save` wrote; it predicts and trains on as the saved one.

        Parameters
        ----------
        path
            Of the file. It cannot bring code with it.

        Raises
        ------
        TypeError
            The path is none.
        OSError
            There is no such file, or it cannot be opened.
        ValueError
            It was not written by `save`, or is damaged.
        """
        return saving.load_model(path, cls)

    def save_weights(self, path: AnyPath) -> None:
        """Write the weights alone into one file, see `saving`.

        Parameters
        ----------
        path
            Ends in `.npz`, else as for `save`.

        Raises
        ------
        TypeError
            The path is none.
        ValueError
            Another ending, or a layer that is not built. Nothing is written.
        OSError
            The folder is missing, the disk is full, or the like.
        """
        saving.save_weights(self, path)

    def load_weights(self, path: AnyPath) -> None:
        """Read weights that `save_weights`, or `save`, wrote; all of them, or none.

        Parameters
        ----------
        path
            Of a file with the weights of a model like this one.

        Raises
        ------
        TypeError
            The path is none.
        OSError
            There is no such file, or it cannot be opened.
        ValueError
            A layer is not built, or the file holds the weights of another model, or is damaged.
        """
        saving.load_weights(self, path)


def _check_row(layers: Sequence[Layer]) -> None:
    for layer in layers:
        expect("one of the layers", layer, Layer, "a Layer")
    for layer in layers[1:]:
        if isinstance(layer, (Embedding, EmbeddingBag)):
            raise ValueError(
                f"{layer.name} must come first: ids have no gradient to hand on to "
                f"{layers[0].name}."
            )
    names = [layer.name for layer in layers]
    if len(set(names)) < len(names):
        raise ValueError(f"layers need different names: received {names}.")


def handed_on(layer: Step, inputs: Any, mask: Mask | None) -> Mask | None:
    """Return the mask of a layer's outputs; one that it does not know ends there, with a warning.

    Parameters
    ----------
    layer
        Which has been called.
    inputs, mask
        What it was called with.
    """
    if mask is None or layer.supports_masking:
        return layer.compute_mask(inputs, mask)
    warnings.warn(
        f"layer {layer.name} does not support masking: the layers behind it will not see the "
        "mask, and take padding for words. If it leaves every position in its place, set "
        "supports_masking = True in its class.",
        stacklevel=4,
    )
    return None
