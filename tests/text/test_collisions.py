"""Collisions of hashed words against counting by hand, enumeration and md5's spread."""

from itertools import combinations, product

import pytest

from embedding_core.text import (
    colliding_pairs,
    expected_pairs,
    expected_sharing,
    hashing_trick,
    salted,
)


@pytest.mark.parametrize(
    ("ids", "pairs"),
    [([], 0), ([4], 0), ([1, 2, 3], 0), ([5, 5], 1), ([7, 7, 7], 3), ([1, 2, 1, 2, 2], 4)],
)
def test_pairs_are_counted(ids, pairs):
    assert colliding_pairs(ids) == pairs
    assert colliding_pairs(ids) == sum(a == b for a, b in combinations(ids, 2))


@pytest.mark.parametrize(("words", "n"), [(1, 2), (2, 2), (2, 4), (3, 4), (4, 3)])
def test_expectations_are_means_over_every_way_to_hand_out_ids(words, n):
    ways = list(product(range(1, n), repeat=words))
    pairs = sum(colliding_pairs(way) for way in ways) / len(ways)
    sharing = sum(way.count(i) > 1 for way in ways for i in way) / len(ways) / words
    assert expected_pairs(words, n) == pytest.approx(pairs)
    assert expected_sharing(words, n) == pytest.approx(sharing)


def test_salted_hashes_spread_words_as_chance_would():
    words = " ".join(f"w{k}" for k in range(2000))
    counts = [colliding_pairs(hashing_trick(words, 10_000, salted(s))) for s in range(20)]
    mean = expected_pairs(2000, 10_000)  # about 200, so 20 counts err by about 14 / sqrt(20)
    assert sum(counts) / 20 == pytest.approx(mean, abs=4 * (mean / 20) ** 0.5)
    assert len(set(counts)) > 5


def test_a_salt_is_a_function_of_its_own_and_stays_so():
    assert salted(1)("film") == salted(1)("film")
    assert salted(1)("film") != salted(2)("film")
    assert hashing_trick("film", 1000, salted(1)) == [28]  # in every process


@pytest.mark.parametrize("expected", [expected_pairs, expected_sharing])
def test_bad_sizes_are_refused(expected):
    with pytest.raises(ValueError, match=r"words must be at least 1 .* received 0"):
        expected(0, 10)
    with pytest.raises(ValueError, match=r"n must be at least 2 .* received 1"):
        expected(10, 1)
    with pytest.raises(TypeError, match="n must be an int, received float"):
        expected(10, 2.5)


def test_a_count_beyond_all_indices_is_refused():
    with pytest.raises(ValueError, match=f"words must be a number .*received {1 << 80}"):
        expected_pairs(1 << 80, 5)


@pytest.mark.parametrize("ids", [[0.5, 1], [[1, 2], [3, 4]]])
def test_pairs_are_counted_in_a_flat_list_of_whole_numbers(ids):
    with pytest.raises(TypeError, match="a flat list of whole numbers: received"):
        colliding_pairs(ids)
