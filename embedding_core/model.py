"""Layers in a row, and the loop that trains them: Keras's `Sequential` in miniature.

Forward, the output and the mask of each layer go to the next; backward, the gradient goes the
other way. Where the last outputs carry a mask, padding counts neither in the loss nor in its
gradient nor in the metrics. Difference from Keras: every argument is checked before the first
step.

What a model can do beside, from `compile` to `save`, is in `stack`; how what a caller has becomes
samples, in `feeding`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from embedding_core import feeding
from embedding_core.batches import Samples, batches
from embedding_core.callbacks import CallbackList, History, Progress, as_callbacks, progress_bar
from embedding_core.callbacks.callback import Logs
from embedding_core.ground._types import Floats, Mask
from embedding_core.ground.checks import switch
from embedding_core.layers.mean_of_rows import joined
from embedding_core.metrics import Mean
from embedding_core.stack import Stack, handed_on
from embedding_core.variable import Variable


class Sequential(Stack):
    """A model whose layers stand in a row.

    Parameters
    ----------
    layers, seed
        As for `Stack`: a list of layers, from input to output, and what makes a run repeatable.

    Raises
    ------
    TypeError
        Something else than a list of layers, or a seed that is no whole number.
    ValueError
        A layer of ids behind another layer, two layers of one name, or a negative seed.
    """

    def __call__(self, inputs: ArrayLike, mask: Mask | None = None) -> Floats:
        """Run the inputs through all layers; the masks travel along.

        A layer whose `supports_masking` is False loses the mask, with a warning, as in Keras.

        Raises
        ------
        IndexError, TypeError, ValueError
            As the layers' `call`.
        """
        return self._forward(inputs, mask)[0]

    def _forward(self, inputs: Any, mask: Mask | None = None) -> tuple[Floats, Mask | None]:
        """Return the last outputs and, if they carry one, their mask."""
        outputs = inputs
        row = joined(self.layers) if mask is None else self.layers
        for layer in row:
            before = outputs
            outputs = layer(before, mask)
            mask = handed_on(layer, before, mask)
        self._last_row = row
        return np.asarray(outputs), mask

    def backward(self, gradient: Floats) -> None:
        """Send the gradient of the last outputs back through all layers, into the weights."""
        handed_back: Any = gradient
        for layer in reversed(self.layers if self._last_row is None else self._last_row):
            handed_back = layer.backward(handed_back)
        for variable in self.trainable_weights:
            if variable.regularizer is not None:
                variable.add_gradient(variable.regularizer.gradient(variable.value))

    def _means(self, kind: str, data: Iterable[Samples], watch: CallbackList) -> Logs:
        """Go through batches once, learn from each if `kind` is "train", and return the means."""
        means = [Mean("loss"), *self.metrics]
        logs: Logs = {}
        for batch in watch.each(kind, data, logs):
            outputs, mask = self._forward(batch.x)
            judged = batch.y, outputs, batch.weight, mask
            if kind == "train":
                loss, slope = self.loss.with_gradient(*judged)
                trained = self._check_optimizer()
            else:
                loss = self.loss(*judged)
            loss = float(loss + sum(self.losses))
            if not logs:  # only now: a batch that will not do leaves the metrics alone, too
                for mean in means:
                    mean.reset_state()
            means[0].update_state(loss, len(batch))
            for metric in self.metrics:
                metric.update_state(batch.y, outputs, mask=mask)
            if kind == "train":
                self._step(slope, trained)
            logs |= {mean.name: mean.result() for mean in means}
        return logs

    def _step(self, slope: Floats, trained: list[Variable]) -> None:
        """Change the weights, given how the loss changes with the last outputs."""
        for variable in trained:
            variable.gradient = None
        self.backward(slope)
        assert self.optimizer is not None
        self.optimizer.apply([variable.gradient for variable in trained], trained)

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Mapping[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Make one step on one batch.

        A step that is interrupted before the optimizer begins has changed no weight; the
        gradients it leaves behind are computed anew by the next one.

        Parameters
        ----------
        x, y
            Inputs and labels, as many of one as of the other.
        sample_weight, class_weight
            How much each sample or step, or each class, counts, see `fit`.
        return_dict
            Return names and values instead of a list of values.

        Returns
        -------
        float, list or dict
            The loss before the step, then the metrics, of this batch.

        Raises
        ------
        ValueError
            The model is not compiled, or labels or weights do not match.
        IndexError, TypeError
            Ids or labels that the model cannot take.
        """
        switch("return_dict", return_dict)
        self._check_compiled()
        batch = feeding.samples(x, y, sample_weight, class_weight)
        return _reported(self._means("train", [batch], CallbackList([], self)), return_dict)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int = 32,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        validation_batch_size: int | None = None,
    ) -> History:
        """Go through the data until epoch `epochs`, a batch at a time.

        Parameters
        ----------
        x, y
            Inputs and labels; the first axis counts samples. Inputs may be a SciPy sparse matrix
            if the first layer takes one.
        batch_size
            Samples for each step.
        epochs
            The epoch to stop before; how often each sample is seen, counted from 0.
        verbose
            0 is silent; "auto", 1 and 2 show a progress bar (the environment variable
            `TQDM_DISABLE=1` hides it).
        callbacks
            A list of what is called on the way, see `callbacks.Callback`.
        validation_split
            Share of the samples, from the end, that is held back, with its weights, and only
            measured.
        validation_data
            Inputs and labels, and weights if any, to measure after each epoch.
        shuffle
            Draw a new order for each epoch.
        class_weight
            How much the samples of each class count, by the class's number.
        sample_weight
            How much each sample counts, shape (n,) or (n, 1), or each step, (n, steps).
        initial_epoch
            The epoch to begin with.
        validation_batch_size
            Samples to measure at once; `None` for `batch_size`.

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
        self._check_compiled()
        at_once = batch_size if validation_batch_size is None else validation_batch_size
        feeding.check_loop(batch_size, verbose, epochs, initial_epoch, shuffle, at_once)
        watching = as_callbacks(callbacks)
        data, held_back = feeding.hold_back(
            x, y, validation_split, validation_data, class_weight, sample_weight
        )
        for part in filter(None, (data, held_back)):
            feeding.check(self, part)
        self._check_optimizer()
        history = self.history = History()
        self.stop_training, logs = False, None
        steps = -(-len(data) // batch_size)
        with progress_bar(verbose, max(epochs - initial_epoch, 0) * steps) as bar:
            watching += [history, Progress(bar)]
            watch = CallbackList(watching, self, verbose=verbose, epochs=epochs, steps=steps)
            watch("on_train_begin", None)
            for epoch in range(initial_epoch, epochs):
                watch("on_epoch_begin", epoch, None)
                order = self._rng.permutation(len(data)) if shuffle else None
                logs = self._means("train", data.batches(batch_size, order), watch)
                if held_back is not None:
                    measured = self._evaluate(held_back.batches(at_once), watch)
                    logs |= {f"val_{name}": value for name, value in measured.items()}
                watch("on_epoch_end", epoch, logs)
                if self.stop_training:
                    break
            watch("on_train_end", logs)
        return history

    def _evaluate(self, data: Iterable[Samples], watch: CallbackList) -> Logs:
        watch("on_test_begin", None)
        logs = self._means("test", data, watch)
        watch("on_test_end", logs)
        return logs

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int = 32,
        verbose: int | str = "auto",
        sample_weight: Any = None,
        callbacks: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Measure loss and metrics without changing anything.

        Parameters
        ----------
        x, y
            Inputs and labels; the first axis counts samples.
        batch_size
            Samples to compute at once.
        verbose
            0 is silent, "auto" shows a bar when it takes longer than a second, 1 and 2 at once.
        sample_weight
            How much each sample or step counts in the loss, see `fit`.
        callbacks
            A list of what is called on the way, see `callbacks.Callback`.
        return_dict
            Return names and values instead of a list of values.

        Returns
        -------
        float, list or dict
            The mean loss, then the metrics.

        Raises
        ------
        ValueError
            The model is not compiled, or labels or weights do not match.
        IndexError, TypeError
            Ids or labels that the model cannot take.
        """
        self._check_compiled()
        feeding.check_loop(batch_size, verbose)
        switch("return_dict", return_dict)
        watch = CallbackList(as_callbacks(callbacks), self, verbose=verbose)
        data = feeding.samples(x, y, sample_weight)
        steps = -(-len(data) // batch_size)
        bar = progress_bar(verbose, steps, data.batches(batch_size), delay=1)
        return _reported(self._evaluate(bar, watch), return_dict)

    def predict(
        self, x: Any, batch_size: int = 32, verbose: int | str = "auto", callbacks: Any = None
    ) -> Floats:
        """Compute the outputs, a batch at a time.

        Parameters
        ----------
        x
            Inputs; the first axis counts samples.
        batch_size
            Samples to compute at once.
        verbose, callbacks
            As for `evaluate`.

        Returns
        -------
        numpy.ndarray
            The outputs, one for each sample.

        Raises
        ------
        IndexError, TypeError, ValueError
            As the layers' `call`; `ValueError` also for a bad `batch_size` or no axis of samples.
        """
        feeding.check_loop(batch_size, verbose)
        watch = CallbackList(as_callbacks(callbacks), self, verbose=verbose)
        inputs = feeding.as_inputs("x", x)
        order = np.arange(inputs.shape[0])
        steps = -(-len(order) // batch_size)
        bar = progress_bar(verbose, steps, batches(order, batch_size), delay=1)
        watch("on_predict_begin", None)
        outputs = [self(inputs[at]) for at in watch.each("predict", bar, {})]
        watch("on_predict_end", None)
        return np.concatenate(outputs or [self(inputs)])


def _reported(logs: Logs, return_dict: bool) -> Any:
    values = list(logs.values())
    return logs if return_dict else values[0] if len(values) == 1 else values
