"""Columns that share a bucket."""

import numpy as np
import pytest
import scipy

from embedding_core.text import fold_columns


def bags(rows):
    return scipy.sparse.csr_array(np.asarray(rows, "float32"))


def test_a_text_names_the_buckets_of_its_columns():
    texts = np.random.default_rng(0).integers(0, 2, (20, 30))
    folded = fold_columns(bags(texts), 5, seed=3)
    single = fold_columns(bags(np.eye(30)), 5, seed=3).toarray()  # where each column goes
    np.testing.assert_array_equal(single.sum(axis=1), 1)
    np.testing.assert_array_equal(folded.toarray(), (texts @ single) > 0)
    assert folded.dtype == np.float32
    assert folded.shape == (20, 5)


def test_the_texts_that_were_given_stay_as_they_were():
    given = bags([[1, 1, 1, 0], [0, 1, 0, 1]])
    before = given.toarray(), given.indptr.copy()
    assert fold_columns(given, 1).toarray().tolist() == [[1], [1]]
    np.testing.assert_array_equal(given.toarray(), before[0])
    np.testing.assert_array_equal(given.indptr, before[1])


def test_seeds_share_the_columns_out_differently_and_evenly():
    one, two = (fold_columns(bags(np.eye(1000)), 10, seed).toarray() for seed in (0, 1))
    assert not np.array_equal(one, two)
    assert one.sum(axis=0).min() > 60


@pytest.mark.parametrize("rows", [0, -3, 2.0, True])
def test_no_rows_are_refused(rows):
    with pytest.raises(ValueError, match="rows must be a whole number from 1 on: received"):
        fold_columns(bags([[1]]), rows)
