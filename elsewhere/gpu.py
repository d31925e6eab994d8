"""The cases of PyTorch, JAX, and Keras on both, on the GPU of this machine.

    python elsewhere/gpu.py elsewhere_gpu.json

It writes what was seen in the recording's format, under the card's name. An id outside the table
can end a CUDA context with an assertion, so each such case has a process of its own.
"""

import json
import os
import subprocess
import sys
from collections import ChainMap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from embedding_core.ground.recording import write
from embedding_core.lessons.elsewhere.libraries import adapter
from embedding_core.lessons.elsewhere.probing import CASES, probe

LIBRARIES = (
    *("torch-compiled", "torch-bag-compiled", "torch", "torch-bag"),
    *("keras-torch", "keras-jax", "jax-take", "jax-index", "flax-nnx", "equinox"),
)
MAY_END_THE_CONTEXT = (
    *("id V", "id -1", "id -V-1", "2**32 + 1"),
    *("gradient of id V", "gradient of id -1"),
)
# The documentation of EmbeddingBag asks for ids in [0, V); its kernels for CUDA hold no check of
# the lower end.
UNDEFINED = dict.fromkeys(
    ("id -1", "id -V-1", "gradient of id -1"),
    "torch.nn.EmbeddingBag: indices in the range [0, num_embeddings)",
)
SECONDS = 200
AT_A_TIME = 8


def with_bounds(library):
    """Return a library's adapter, with what is undefined on a GPU alone."""
    found = adapter(library)
    return replace(found, undefined=UNDEFINED) if "bag" in library else found


def ask(library, cases):
    """Ask some cases in a new process; return the answers, none where it failed."""
    command = [sys.executable, __file__, "--ask", library, *cases]
    environment = {**os.environ, "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=SECONDS
        )
        return json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        print(f"{library}, {cases}: no answer in {SECONDS} seconds", flush=True)
    except (IndexError, json.JSONDecodeError):
        print(
            f"{library}, {cases}: ended with {done.returncode}\n{done.stderr[-1500:]}", flush=True
        )
    return {}


def answer(library, cases):
    """Print the answers for the process that asked."""
    if library.startswith("torch"):
        import torch

        torch.set_default_device("cuda")
    found = with_bounds(library)
    asked = [case for case in CASES if case.id in cases]
    print(json.dumps({answer.case: answer.seen for answer in probe(found, asked)}))


def card():
    """Return the name of the card."""
    query = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    return subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip()


def main(path):
    """Ask all, several processes at a time, and write what was seen."""
    ids, name, recording = [case.id for case in CASES], card(), {}
    together = [id for id in ids if id not in MAY_END_THE_CONTEXT]
    parts = [
        (library, cases)
        for cases in (together, *([id] for id in ids if id in MAY_END_THE_CONTEXT))
        for library in LIBRARIES
    ]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        came = list(pool.map(lambda part: ask(*part), parts))
    for library in LIBRARIES:
        some = [new for (asked, _), new in zip(parts, came, strict=True) if asked == library]
        answers = dict(ChainMap(*some))
        found = with_bounds(library)
        seen = found.seen({id: answers.get(id, "no answer") for id in ids})
        recording[f"{library}-gpu"] = replace(
            seen, name=f"{seen.name}, on a GPU", platform=f"{seen.platform}, {name}"
        )
        print(recording[f"{library}-gpu"])
    write(recording, path)


if __name__ == "__main__":
    if sys.argv[1] == "--ask":
        answer(sys.argv[2], sys.argv[3:])
    else:
        main(sys.argv[1])
