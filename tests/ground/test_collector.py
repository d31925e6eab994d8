import gc

import pytest

from embedding_core.ground.collector import at_rest


@pytest.mark.parametrize("before", [True, False])
def test_the_collector_rests_and_is_then_as_it_was(before):
    was = gc.isenabled()
    (gc.enable if before else gc.disable)()
    try:
        with at_rest():
            assert not gc.isenabled()
        assert gc.isenabled() == before
        with pytest.raises(ImportError), at_rest():
            raise ImportError
        assert gc.isenabled() == before
    finally:
        (gc.enable if was else gc.disable)()
