"""A model in a file, and back; or its weights alone."""

from embedding_core.saving.models import fits_in_a_file, load_model, save_model
from embedding_core.saving.weights import load_weights, save_weights

__all__ = ["fits_in_a_file", "load_model", "load_weights", "save_model", "save_weights"]
