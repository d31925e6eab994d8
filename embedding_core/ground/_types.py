"""Names for the arrays that the package passes around, so that signatures can be read."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
"""An array of float16, float32 or float64."""

Ids = NDArray[np.intp]
"""Row numbers that have passed `ids.check_ids`, integers in [0, V)."""

Mask = NDArray[np.bool_]
"""True where a position holds a word, False where it holds padding."""

Shape = tuple[int, ...]
Config = dict[str, Any]
Initializer = Callable[[Shape, np.dtype[Any]], Floats]
