import os
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import pytest

from embedding_core.scale.cluster import Host


@pytest.fixture(scope="session")
def host():
    """Import TensorFlow once for all clusters; nothing may be left of them at the end."""
    with Host() as host:
        yield host
        session = host.session
    assert alive_in(session) == []


@pytest.fixture
def quiet():
    """Forget the layers of other tests; NumPy and TensorFlow disagree about `__array__`."""
    from for_keras_models import keras

    keras.backend.clear_session(free_memory=False)  # Python finds the time for that itself
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        yield


def alive_in(session):
    """List the processes of a session, those that have ended left out."""
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                # pid (name) state ppid pgrp session ...; the name may hold anything.
                fields = file.read().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session and fields[0] not in "ZX":
            found.append(int(name))
    return found
