import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from embedding_core.ground import compiled

# No deadline, no limit for drawing: no test here asserts a time, and a shared machine is
# sometimes slow, or stands still for a minute.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("book", max_examples=60, **PATIENT)
# tests/fuzz takes its number of cases from the profile's name; see there.
settings.register_profile("nightly", max_examples=1000, **PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "book"))


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Let the garbage collector rest, and pass over what thousands of tests are made of later.

    All of that lives until the end, and each full collection would look through it.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(params=["plain", "compiled"], scope="module")
def form(request):
    """Run a module's tests twice: with the plain forms, and with the compiled ones."""
    if request.param == "plain":
        with compiled.plainly():
            yield
    else:
        if not compiled.load():
            pytest.skip("numba is not installed")
        yield
