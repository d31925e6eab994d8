"""How what a caller has becomes what a model is fed: checked, before the first step."""

from embedding_core.feeding.arrays import as_inputs
from embedding_core.feeding.checking import check, check_loop
from embedding_core.feeding.pairing import hold_back, samples

__all__ = ["as_inputs", "check", "check_loop", "hold_back", "samples"]
