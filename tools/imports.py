"""What most chapters import: kernels begin as forks of a process that has it (`tools.warm`)."""

import gc
import os
from contextlib import suppress
from importlib import import_module

# As a kernel says it, before matplotlib is there. The backend itself is imported in the kernel, to
# which it is tied.
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
for name in ("ipykernel.kernelapp", "matplotlib.pyplot"):
    import_module(name)
with suppress(ImportError):  # a book without it
    from embedding_core.keras_bridge import load_keras

    load_keras()
gc.freeze()  # all of that stays: no kernel need look through it
