"""Every picture of the book, drawn from the data it is given and from nothing else."""

from embedding_core.figures.coasting import coasting
from embedding_core.figures.curves import learning_curves
from embedding_core.figures.lookup import lookup
from embedding_core.figures.path import path
from embedding_core.figures.product import product
from embedding_core.figures.weight import life_of_a_weight

__all__ = ["coasting", "learning_curves", "life_of_a_weight", "lookup", "path", "product"]
