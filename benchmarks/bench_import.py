"""What `import embedding_core` costs a fresh interpreter, beside its two dependencies."""

import subprocess
import sys

import pytest

WAYS = {
    "python alone": "pass",
    "numpy, scipy.sparse": "import numpy, scipy.sparse",
    "ours": "import embedding_core",
}


@pytest.mark.parametrize("way", WAYS)
def bench_import(race, way):
    race(
        "import",
        way,
        lambda: subprocess.run([sys.executable, "-c", WAYS[way]], check=True),
        rounds=5,
    )
