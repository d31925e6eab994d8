"""What all layers share: weights made by `add_weight`, a forward pass and its gradient.

Keras's `Layer` in miniature. `call` computes forward and `backward`, written out beside it,
computes the gradient: there is no tape. Differences from Keras: arrays carry no mask, so
`layer(inputs, mask=...)` is told about it; `build` is called by `__call__` in plain sight.

How a layer is named and written down is in `described`, what may be asked of its weights in
`weighted`.
"""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from embedding_core import constraints, regularizers
from embedding_core.ground._types import Floats, Mask, Shape
from embedding_core.ground.checks import as_dtype, as_name, as_shape, shown
from embedding_core.ground.odd_ids import rectangle
from embedding_core.ground.whole import alone
from embedding_core.layers.activity import Active
from embedding_core.layers.undoing import undone_by_a_failure
from embedding_core.layers.weighted import Weighted
from embedding_core.ops import IndexedSlices
from embedding_core.variable import Variable


class Layer(Active, Weighted):
    """A step of a model: weights, a forward pass and its gradient.

    Parameters
    ----------
    **kwargs
        `name`, `dtype` and `trainable`, see `Described`; `activity_regularizer`, see `Active`.

    Raises
    ------
    TypeError
        `dtype` is not one of the three, `name` no string, `trainable` neither True nor False,
        or an argument that the layer does not know.
    """

    supports_masking: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.built = False
        self._weights: dict[str, Variable] = {}

    def build(self, input_shape: Shape | None = None) -> None:
        """Create the weights, once; `__call__` does it at the first call.

        Parameters
        ----------
        input_shape
            Shape of the inputs. Layers whose weights do not depend on it need none.
        """
        self.built = True

    def add_weight(
        self,
        shape: Shape = (),
        initializer: Any = None,
        dtype: str | np.dtype[Any] | None = None,
        trainable: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        name: str = "variable",
    ) -> Variable:
        """Create a weight, let its initializer fill it, and enter it in the layer's list.

        Parameters
        ----------
        shape
            Of the weight; `()` is a single number.
        initializer
            Object, name or configuration. By default `glorot_uniform` for floats and
            `zeros` for integers, as in Keras.
        dtype
            By default the layer's.
        trainable
            False: kept and saved, but not changed by optimizers.
        regularizer, constraint
            Object, name or configuration.
        name
            Unique in the layer.

        Returns
        -------
        Variable
            The weight, with its first value.

        Raises
        ------
        TypeError
            A shape, a dtype or a name that is none.
        ValueError
            An unknown name, a weight added twice, a length below 0, or an initializer that
            returns another shape.
        MemoryError
            There is no room for so large a weight.
        """
        if self.built and as_name(name) in self._weights:
            raise ValueError(f"layer {self.name} has a weight named {shown(name)} already.")
        shape = as_shape("shape", shape)
        dtype = self.dtype if dtype is None else as_dtype(dtype)
        fill = self._initializer_of(name, initializer, dtype)
        value = np.asarray(fill(shape, dtype), dtype)
        if value.shape != shape:
            raise ValueError(
                f"the initializer of {name} must return shape {shape}: received {value.shape}."
            )
        variable = Variable(
            value, name, trainable, regularizers.get(regularizer), constraints.get(constraint)
        )
        self._weights[name] = variable
        return variable

    def __call__(self, inputs: ArrayLike, mask: Mask | None = None) -> Floats:
        """Build if need be, then run `call`.

        Raises
        ------
        IndexError, TypeError, ValueError
            As `call`. A layer that was not built before is not built afterwards.
        """
        return self._run(inputs, mask) if self.built else self._first_call(inputs, mask)

    @alone
    def _first_call(self, inputs: ArrayLike, mask: Mask | None) -> Floats:
        if self.built:  # by another thread, meanwhile
            return self._run(inputs, mask)
        shape = inputs.shape if hasattr(inputs, "shape") else rectangle(inputs).shape
        with undone_by_a_failure(self):
            self.build(shape)
            return self._run(inputs, mask)

    def call(self, inputs: Any, mask: Mask | None = None) -> Floats:
        """Compute the outputs; subclasses say how."""
        raise NotImplementedError

    def backward(self, gradient: Floats) -> Floats | IndexedSlices:
        """Send the gradient of the outputs of the last call back through the layer.

        Adds to the `gradient` of each trainable weight and returns the gradient of the
        inputs.
        """
        raise NotImplementedError

    def compute_mask(self, inputs: Any, mask: Mask | None = None) -> Mask | None:
        """Say which positions of the outputs are padding; by default those of the inputs."""
        return mask

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of the outputs without computing them; by default the inputs'."""
        return tuple(input_shape)

    @property
    def weights(self) -> list[Variable]:
        """All weights, in the order in which they were added."""
        return list(self._weights.values())

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights an optimizer may change, none when the layer is frozen."""
        return [w for w in self.weights if w.trainable] if self.trainable else []

    @property
    def losses(self) -> list[float]:
        """The penalty on the last outputs, and one for each trainable weight with a regularizer."""
        of_weights = [w.regularizer(w.value) for w in self.trainable_weights if w.regularizer]
        return self.activity_losses + of_weights
