"""One step of training, for chapters that look at what it did to a table."""

from typing import Any

from numpy.typing import ArrayLike


def take_one_step(model: Any, inputs: ArrayLike, targets: ArrayLike) -> None:
    """Compile a Keras model and train it on one batch, by plain SGD on the mean squared error.

    Without XLA, which would take seconds to compile a single step.

    Parameters
    ----------
    model
        A Keras model. It is compiled anew, and its weights are moved.
    inputs
        The batch, as the model takes it.
    targets
        What its outputs should have been, in their shape.
    """
    model.compile("sgd", "mse", jit_compile=False)
    model.train_on_batch(inputs, targets)
