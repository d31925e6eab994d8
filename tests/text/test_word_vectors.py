"""`WordVectors` holds what it promises, and nothing else is made."""

import numpy as np
import pytest

from embedding_core.text import WordVectors


@pytest.mark.parametrize(
    ("words", "vectors", "error", "match"),
    [
        (["a", "b", "a"], np.eye(3), ValueError, "distinct: received 'a' in rows 0 and 2"),
        (["a"], [[np.nan]], ValueError, "finite .* received .*nan.* in row 0, of the word 'a'"),
        (["a", "b"], [[1.0], [-np.inf]], ValueError, "finite .* in row 1, of the word 'b'"),
        (["a"], [[1e300]], ValueError, "that float32 can hold: .* in row 0"),
        (["a"], [[1.0], [2.0]], ValueError, r"shape \(1, D\), .*: received \(2, 1\)"),
        (["a"], [1.0], ValueError, r"received \(1,\)"),
        (["a", 1], np.eye(2), TypeError, "words must hold str only"),
        ("ab", np.eye(2), TypeError, "words must be a list of str"),
        (["a\ud800"], [[1.0]], ValueError, "cannot be written as UTF-8"),
        (["a"], [["1"]], TypeError, "vectors must be numbers"),
    ],
)
def test_what_is_not_promised_is_refused(words, vectors, error, match):
    with pytest.raises(error, match=match):
        WordVectors(words, vectors)


def test_float32_are_kept_as_they_are_and_others_converted():
    table = np.eye(2, dtype="float32")
    kept = WordVectors(iter(["a", ""]), table)
    assert kept.vectors is table
    assert kept.words == ["a", ""]
    for given in ([[1, 0], [0, 1]], np.eye(2), np.eye(2, dtype="float16"), np.eye(2) > 0):
        converted = WordVectors(["a", "b"], given).vectors
        assert converted.dtype == np.float32
        assert converted.tolist() == table.tolist()
    assert WordVectors([], np.empty((0, 3))).vectors.shape == (0, 3)
    assert repr(kept) == "<WordVectors of 2 words, 2 dimensions>"
