"""A matrix multiplication, a bias and an activation: Keras's `Dense`.

With one-hot inputs and no bias it is the other way to write an embedding, which is why it is
here.
"""

from typing import Any

import numpy as np
import scipy

from embedding_core import activations, constraints, initializers, regularizers
from embedding_core.ground._types import Config, Floats, Mask, Shape
from embedding_core.ground.checks import as_numbers, is_whole, positive_int, shown, switch
from embedding_core.ground.configurable import arguments_of
from embedding_core.layers.layer import Layer
from embedding_core.variable import Variable


class Dense(Layer):
    """Compute `activation(inputs @ kernel + bias)`.

    Parameters
    ----------
    units
        Number of outputs.
    activation
        Name or object, see `activations`; `None` is the identity.
    use_bias
        Whether to add one trainable number to each output.
    kernel_initializer, bias_initializer
        Where the first values come from.
    kernel_regularizer, bias_regularizer
        Penalties on their size.
    kernel_constraint, bias_constraint
        Rules applied after each update.
    **kwargs
        `name`, `dtype` and `trainable`, see `Layer`.

    Raises
    ------
    ValueError
        `units` is not a positive integer, or a name is unknown.
    TypeError
        As `Layer`; a part that is none, or `use_bias` that is neither True nor False.
    """

    supports_masking = True

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = positive_int("units", units)
        self.activation = activations.get(activation)
        self.use_bias = switch("use_bias", use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias: Variable | None = None
        self._last: tuple[Any, Floats] | None = None

    def build(self, input_shape: Any = None) -> None:
        """Create kernel and bias for inputs whose last axis has `input_shape[-1]` numbers.

        Raises
        ------
        ValueError
            No shape, an input without axes, or a last axis without a length.
        MemoryError
            There is no room for the kernel.
        """
        if self.built:
            return
        is_shape = isinstance(input_shape, tuple) and len(input_shape) > 0
        if not is_shape or not is_whole(input_shape[-1]):
            raise ValueError(
                f"layer {self.name}: build needs the shape of its inputs, at least one axis: "
                f"received {shown(input_shape)}."
            )
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.units),
            initializer=self.kernel_initializer,
            name="kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.units,),
                initializer=self.bias_initializer,
                name="bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.built = True

    def get_build_config(self) -> Config:
        """Return the shape of the inputs, of which only the last axis counts."""
        return {"input_shape": [None, self.kernel.shape[0]]}

    def call(self, inputs: Any, mask: Mask | None = None) -> Floats:
        """Multiply, add, activate.

        Parameters
        ----------
        inputs
            Shape (..., n): an array, or a SciPy sparse matrix of shape (m, n).
        mask
            Not used; handed on by `compute_mask`.

        Returns
        -------
        numpy.ndarray
            Shape (..., units), the layer's dtype.

        Raises
        ------
        ValueError
            The last axis does not have the length that the layer was built for.
        TypeError
            The inputs are no numbers.
        """
        given = inputs if scipy.sparse.issparse(inputs) else as_numbers("inputs", inputs)
        x = given.astype(self.dtype, copy=False)
        if x.ndim == 0 or x.shape[-1] != self.kernel.shape[0]:
            raise ValueError(
                f"layer {self.name} was built for inputs of {self.kernel.shape[0]} numbers: "
                f"received shape {x.shape}."
            )
        z = x @ self.kernel.value
        outputs = self.activation(z if self.bias is None else z + self.bias.value)
        outputs = np.asarray(outputs, self.dtype)  # one of the user's own may widen
        self._last = x, outputs
        return outputs

    def backward(self, gradient: Floats) -> Floats:
        """Compute the gradients of kernel, bias and inputs.

        Parameters
        ----------
        gradient
            Shape of the outputs of the last call.

        Returns
        -------
        numpy.ndarray
            Shape of the inputs.

        Raises
        ------
        ValueError
            There was no call, or `gradient` has another shape than its outputs.
        TypeError
            `gradient` holds no numbers.
        """
        if self._last is None:
            raise ValueError(f"layer {self.name}: backward needs a call before it.")
        inputs, outputs = self._last
        given = np.asarray(self._gradient_of(gradient, outputs.shape), self.dtype)
        before = self.activation.backward(outputs, given)
        flat = before.reshape(-1, self.units)
        trainable = self.trainable_weights
        if self.kernel in trainable:
            self.kernel.add_gradient(inputs.reshape(len(flat), self.kernel.shape[0]).T @ flat)
        if self.bias is not None and self.bias in trainable:
            self.bias.add_gradient(flat.sum(axis=0))
        return np.asarray(before @ self.kernel.value.T)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Replace the last axis by `units`."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        parts = arguments_of(self, Dense, without=("activation",))
        return super().get_config() | parts | {"activation": self.activation.name}
