"""Layers in a row, and the loop that trains them: Keras's `Sequential` in miniature.

Forward, the output and the mask of each layer go to the next; backward, the gradient goes the
other way. Differences from Keras: an `Embedding` must come first, because ids have no
gradient to hand on; every argument is checked before the first step.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from embedding_core import losses, optimizers, saving
from embedding_core.batches import BatchMean, Logs, batches, hold_back, samples
from embedding_core.ground._types import Floats, Mask, Shape
from embedding_core.ground.checks import as_list, as_seed, expect, positive_int, shown, switch
from embedding_core.ground.files import AnyPath
from embedding_core.ground.odd_ids import rectangle
from embedding_core.ids import check_ids
from embedding_core.layers import Embedding, Layer
from embedding_core.metrics import get as metric_named
from embedding_core.variable import Variable, assign_all


@dataclass
class History:
    """What `fit` saw, one number for each epoch.

    Attributes
    ----------
    epoch
        0, 1, 2, ...
    history
        Lists by name: `loss`, the metrics, and the same with `val_` in front.
    """

    epoch: list[int] = field(default_factory=list)
    history: dict[str, list[float]] = field(default_factory=dict)

    def append(self, epoch: int, logs: Logs) -> None:
        """Enter one epoch."""
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)


class Sequential:
    """A model whose layers stand in a row.

    Parameters
    ----------
    layers
        From input to output.
    seed
        Makes a run repeatable: it decides the first values of weights whose initializer has
        no seed of its own, and the order of the samples in `fit`.

    Raises
    ------
    TypeError
        Something else than a list of layers, or a seed that is no whole number.
    ValueError
        An `Embedding` behind another layer, two layers of one name, or a negative seed.
    """

    def __init__(self, layers: Sequence[Layer], seed: int | None = None) -> None:
        self.layers = as_list("layers", layers, "layers")
        for layer in self.layers:
            expect("one of the layers", layer, Layer, "a Layer")
        for layer in self.layers[1:]:
            if isinstance(layer, Embedding):
                raise ValueError(
                    f"{layer.name} must come first: ids have no gradient to hand on to "
                    f"{self.layers[0].name}."
                )
        names = [layer.name for layer in self.layers]
        if len(set(names)) < len(names):
            raise ValueError(f"layers need different names: received {names}.")
        self._rng = np.random.default_rng(as_seed(seed))
        for layer in self.layers:
            layer.rng = None if seed is None else self._rng
        self.optimizer: optimizers.Optimizer | None = None

    def compile(self, optimizer: Any, loss: Any, metrics: Sequence[Any] | None = None) -> None:
        """Choose what trains the model, what it minimises, and what it reports.

        Parameters
        ----------
        optimizer, loss
            Object, name or configuration.
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

    def __call__(self, inputs: ArrayLike) -> Floats:
        """Run the inputs through all layers; the masks travel along.

        A layer whose `supports_masking` is False loses the mask, with a warning, as in Keras.

        Raises
        ------
        IndexError, TypeError, ValueError
            As the layers' `call`.
        """
        outputs: Any = inputs
        mask: Mask | None = None
        for layer in self.layers:
            before = outputs
            outputs = layer(before, mask)
            mask = _handed_on(layer, before, mask)
        return np.asarray(outputs)

    def backward(self, gradient: Floats) -> None:
        """Send the gradient of the last outputs back through all layers, into the weights."""
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        for variable in self.trainable_weights:
            if variable.regularizer is not None:
                variable.add_gradient(variable.regularizer.gradient(variable.value))

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights an optimizer may change, layer after layer."""
        return [weight for layer in self.layers for weight in layer.trainable_weights]

    def get_weights(self) -> list[NDArray[Any]]:
        """Return copies of all weights, layer after layer."""
        return [array for layer in self.layers for array in layer.get_weights()]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Replace all weights, or, when one does not fit, none.

        Raises
        ------
        TypeError
            No list of arrays, or something in it that is no number.
        ValueError
            Another number of arrays than weights, or another shape.
        """
        variables = [weight for layer in self.layers for weight in layer.weights]
        assign_all("the model", variables, weights)

    def train_on_batch(
        self,
        x: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Make one step on one batch.

        Parameters
        ----------
        x, y
            Inputs and labels, as many of one as of the other.
        sample_weight
            How much each sample counts, shape (n,).
        return_dict
            Return names and values instead of a list of values.

        Returns
        -------
        float, list or dict
            The loss before the step, then the metrics.

        Raises
        ------
        ValueError
            The model is not compiled, or the labels do not match.
        IndexError, TypeError
            Ids or labels that the model cannot take.
        """
        switch("return_dict", return_dict)
        outputs, logs = self._measure(x, y, sample_weight)
        for variable in self.trainable_weights:
            variable.gradient = None
        self.backward(self.loss.gradient(y, outputs, sample_weight))
        trained = self.trainable_weights
        self._compiled().apply([variable.gradient for variable in trained], trained)
        return logs if return_dict else _as_keras(logs)

    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        batch_size: int = 32,
        epochs: int = 1,
        verbose: int | str = "auto",
        validation_split: float = 0.0,
        validation_data: tuple[ArrayLike, ArrayLike] | None = None,
        shuffle: bool = True,
        sample_weight: ArrayLike | None = None,
    ) -> History:
        """Go through the data `epochs` times, a batch at a time.

        Parameters
        ----------
        x, y
            Inputs and labels; the first axis counts samples.
        batch_size
            Samples for each step.
        epochs
            How often each sample is seen.
        verbose
            0 is silent; "auto", 1 and 2 show a progress bar (the environment variable
            `TQDM_DISABLE=1` hides it).
        validation_split
            Share of the samples, from the end, that is held back and only measured.
        validation_data
            Inputs and labels to measure after each epoch.
        shuffle
            Draw a new order for each epoch.
        sample_weight
            How much each sample counts, shape (n,).

        Returns
        -------
        History
            Loss and metrics for each epoch, means over its batches.

        Raises
        ------
        ValueError
            The model is not compiled, there is no sample, the numbers of samples and labels
            differ, or an argument is out of its range. Nothing has been trained then.
        IndexError, TypeError
            Ids or labels somewhere in the data that the model cannot take, likewise.
        """
        self._compiled()
        for name, value in (("batch_size", batch_size), ("epochs", epochs)):
            positive_int(name, value)
        switch("shuffle", shuffle)
        expect("verbose", verbose, (int, str), "'auto', 0, 1 or 2")
        if verbose not in ("auto", 0, 1, 2):
            raise ValueError(f"verbose must be 'auto', 0, 1 or 2: received {shown(verbose)}.")
        data, validation_data = hold_back(
            samples(x, y, sample_weight), validation_split, validation_data
        )
        self._check(*data)
        if validation_data is not None:
            self._check(*validation_data)
        history = History()
        steps = -(-len(data[0]) // batch_size)
        # `disable` is given only to hide the bar: given at all, it would overrule TQDM_DISABLE.
        silent = {"disable": True} if verbose == 0 else {}
        with tqdm(total=epochs * steps, leave=False, **silent) as bar:
            for epoch in range(epochs):
                logs = self._epoch(data, batch_size, shuffle, bar)
                if validation_data is not None:
                    measured = self.evaluate(
                        validation_data[0], validation_data[1], batch_size, return_dict=True
                    )
                    logs |= {f"val_{name}": value for name, value in measured.items()}
                history.append(epoch, logs)
                bar.set_description(f"epoch {epoch + 1}/{epochs}")
                bar.set_postfix(logs)
        return history

    def _epoch(self, data: Any, batch_size: int, shuffle: bool, bar: Any) -> Logs:
        x, y, weight = data
        order = self._rng.permutation(len(x)) if shuffle else np.arange(len(x))
        mean = BatchMean()
        for batch in batches(order, batch_size):
            w = None if weight is None else weight[batch]
            mean.add(self.train_on_batch(x[batch], y[batch], w, return_dict=True), len(batch))
            bar.update()
        return mean.result()

    def evaluate(
        self,
        x: ArrayLike,
        y: ArrayLike,
        batch_size: int = 32,
        sample_weight: ArrayLike | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Measure loss and metrics without changing anything.

        Parameters
        ----------
        x, y
            Inputs and labels; the first axis counts samples.
        batch_size
            Samples to compute at once.
        sample_weight
            How much each sample counts in the loss, shape (n,).
        return_dict
            Return names and values instead of a list of values.

        Returns
        -------
        float, list or dict
            The mean loss, then the metrics.

        Raises
        ------
        ValueError
            The model is not compiled, or the labels do not match.
        IndexError, TypeError
            Ids or labels that the model cannot take.
        """
        positive_int("batch_size", batch_size)
        switch("return_dict", return_dict)
        inputs, labels, weight = samples(x, y, sample_weight)
        mean = BatchMean()
        for batch in batches(np.arange(len(inputs)), batch_size):
            w = None if weight is None else weight[batch]
            mean.add(self._measure(inputs[batch], labels[batch], w)[1], len(batch))
        return mean.result() if return_dict else _as_keras(mean.result())

    def predict(self, x: ArrayLike, batch_size: int = 32) -> Floats:
        """Compute the outputs, a batch at a time.

        Parameters
        ----------
        x
            Inputs; the first axis counts samples.
        batch_size
            Samples to compute at once.

        Returns
        -------
        numpy.ndarray
            The outputs, one for each sample.

        Raises
        ------
        IndexError, TypeError, ValueError
            As the layers' `call`; `ValueError` also for a bad `batch_size` or no axis of samples.
        """
        positive_int("batch_size", batch_size)
        inputs = rectangle(x)
        if not inputs.ndim:
            raise ValueError(f"x must have an axis that counts samples: received {shown(x)}.")
        order = np.arange(len(inputs))
        outputs = [self(inputs[batch]) for batch in batches(order, batch_size)]
        return np.concatenate(outputs or [self(inputs)])

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

    def _compiled(self) -> optimizers.Optimizer:
        if self.optimizer is None:
            raise ValueError("the model is not compiled: call compile(optimizer, loss) first.")
        return self.optimizer

    def _check(self, x: NDArray[Any], y: NDArray[Any], weight: NDArray[Any] | None) -> None:
        """Refuse bad ids and labels before the first step, not in the middle of an epoch."""
        if self.layers and isinstance(self.layers[0], Embedding):
            check_ids(x, self.layers[0].input_dim)
        # What the layers and the loss refuse about shapes, they refuse about one sample.
        outputs = self(x[:1])
        self.loss.check_labels(y, outputs.shape[-1])
        self.loss(y[:1], outputs, None if weight is None else weight[:1])

    def _measure(
        self, x: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None
    ) -> tuple[Floats, Logs]:
        self._compiled()
        outputs = self(x)
        penalty = sum(sum(layer.losses) for layer in self.layers)
        logs = {"loss": self.loss(y, outputs, sample_weight) + penalty}
        logs |= {metric.name: float(metric(y, outputs).mean()) for metric in self.metrics}
        return outputs, logs


def _handed_on(layer: Layer, inputs: Any, mask: Mask | None) -> Mask | None:
    if mask is None or layer.supports_masking:
        return layer.compute_mask(inputs, mask)
    warnings.warn(
        f"layer {layer.name} does not support masking: the layers behind it will not see the "
        "mask, and take padding for words. If it leaves every position in its place, set "
        "supports_masking = True in its class.",
        stacklevel=3,
    )
    return None


def _as_keras(logs: Logs) -> float | list[float]:
    values = list(logs.values())
    return values[0] if len(values) == 1 else values
