"""Two forms of a function: the compiled one, held to the plain one bit for bit."""

import inspect
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding_core import Adam, Dense, Embedding, GlobalAveragePooling1D, Sequential
from embedding_core import ids as ids_module
from embedding_core.ground import compiled, kernels, shares
from embedding_core.lessons.sentiment import strong_model
from embedding_core.optimizers import adam, decay_sums, memory
from embedding_core.relatives import negative_sampling
from embedding_core.relatives.word2vec import Skipgram
from embedding_core.text import Ngrams, cutting

needs_numba = pytest.mark.skipif(not compiled.load(), reason="numba is not installed")
PLAIN = {
    "marked": ids_module.marked,
    "mixed": shares.mixed,
    "handed_back": shares.handed_back,
    "read_lines": memory.read_lines,
    "made_up": decay_sums.made_up,
    "adam_step": adam.adam_step,
    "write_part": memory.write_part,
    "weigh": negative_sampling.weigh,
    "compare": negative_sampling.compare,
    "numbered": cutting.numbered,
}

LETTERS = np.frombuffer(b"aab\0\xc3\xa9\x1c\n\t  -!", np.uint8)


def arguments_of(name, seed, dtype):
    """Draw what a function of this name is called with; what it changes in place comes first."""
    rng = np.random.default_rng(seed)
    texts, m, width = rng.integers(0, 6), rng.integers(1, 9), rng.integers(1, 20)

    def numbers(*shape):
        drawn = rng.normal(size=shape) * 10.0 ** rng.integers(-12, 3, shape)
        return np.where(rng.random(shape) < 0.02, rng.choice([0, np.inf, -0.0], shape), drawn)

    length = rng.integers(0, 5, texts)
    position, bounds = rng.integers(0, m, length.sum()), np.append(0, length.cumsum())
    weights, rows = numbers(length.sum()), rng.permutation(m)[: rng.integers(0, m + 1)]
    lines, gradient = numbers(3 * m, width), numbers(rows.size, width)
    block = np.stack([gradient, numbers(rows.size, width), np.abs(numbers(rows.size, width))])
    sums = decay_sums.DecaySums(0.9, 0.999, 1e-7, 1e-6)
    for clock in range(1, 9):
        sums.advance(clock, 0.1 / clock)
    last = rng.integers(0, 9, rows.size)
    others, paired = rng.integers(0, m, (texts, 5 + m)), rng.random((texts, 5, width)) < 0.5
    guessed = np.tanh(numbers(*others.shape, width))
    words = [bytes(rng.choice(LETTERS, rng.integers(0, 300))) for _ in range(texts)]
    letters, ends = b"".join(words), np.cumsum([len(text) for text in words], dtype=np.intp)
    given = {
        "weigh": (np.zeros_like(guessed), others, paired, 5 / 7),
        "compare": (guessed, numbers(*guessed.shape), 5, 2.0**-23),
        "numbered": (
            ends,
            np.frombuffer(letters, np.uint8),
            np.frombuffer(cutting.MARKS[: rng.integers(14)], np.uint8),
        ),
        "marked": (rng.integers(0, m, rng.integers(0, 30)), int(m)),
        "mixed": (numbers(m, width), weights, position, bounds),
        "handed_back": (numbers(texts, width), weights, position, bounds, int(m)),
        "read_lines": (lines, rows, 3),
        "made_up": (block, last, 8 - last, sums._sums, sums._fades, 1e-7),
        "adam_step": (*block, gradient, 0.9, 0.999, 1e-7, 0.01),
        "write_part": (lines, rows, 3, int(rng.integers(3)), gradient),
    }[name]
    keep = ("sums", "fades")
    names = inspect.signature(PLAIN[name]).parameters
    return [
        a.astype(dtype)
        if isinstance(a, np.ndarray) and a.dtype.kind == "f" and n not in keep
        else a
        for n, a in zip(names, given, strict=True)
    ]


def outcome(function, arguments):
    """Return all that came of a call, what was changed in place too."""
    with np.errstate(all="ignore"):
        made = function(*arguments)
    made = () if made is None else made if isinstance(made, (tuple, list)) else (made,)
    return [np.asarray(part) for part in (*made, *arguments)]


def assert_same(name, seed, dtype, form):
    with compiled.plainly():
        expected = outcome(PLAIN[name], arguments_of(name, seed, dtype))
    came = outcome(form, arguments_of(name, seed, dtype))
    if name == "adam_step":  # all three in one array, or one by one
        came[:1] = list(came[0])
    for ours, theirs in zip(came, expected, strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)


def test_every_compiled_form_has_a_plain_one_that_takes_the_same():
    assert {form.__name__ for form in kernels.ALL} == set(PLAIN)
    for form in kernels.ALL:
        both = (inspect.signature(f).parameters for f in (form, PLAIN[form.__name__]))
        assert len({tuple(parameters) for parameters in both}) == 1


@needs_numba
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", PLAIN)
@given(seed=st.integers(0, 1 << 32))
def test_the_compiled_form_gives_the_same_bits(name, dtype, seed):
    assert_same(name, seed, dtype, compiled._forms[name])


@pytest.mark.parametrize("name", PLAIN)
def test_the_loops_give_the_same_bits_before_they_are_compiled(name):
    for seed in range(20):
        assert_same(name, seed, "float32", getattr(kernels, name))


@needs_numba
@pytest.mark.parametrize("words", [["a" * 9 + c for c in "abc"], [f"w{n}" for n in range(5000)]])
def test_long_words_and_many_words_are_told_apart(words):
    texts = [" ".join(words[::-1]), " ".join(words + words)]
    with compiled.plainly():
        expected, *numbers = cutting.words_of(texts)
    found, *ours = cutting.words_of(texts)
    assert found == expected == [word.encode() for word in words[::-1]]
    for one, other in zip(ours, numbers, strict=True):
        np.testing.assert_array_equal(one, other)


@needs_numba
def test_a_training_of_words_ends_at_the_same_bits():
    text = np.random.default_rng(0).integers(0, 30, 4000)

    def trained():
        words = Skipgram(30, 5, subsample=0, batch_size=500, seed=0)
        return words.fit([text], epochs=1), words.vectors.tolist()

    with compiled.plainly():
        expected = trained()
    assert trained() == expected


@needs_numba
def test_many_letters_load_the_compiled_forms(monkeypatch):
    monkeypatch.setattr(compiled, "_forms", {})
    monkeypatch.setattr(cutting, "_LETTERS_TO_LOAD", 4)
    cutting.words_of(["abc"])
    assert not compiled._forms
    cutting.words_of(["ab", "cd"])
    assert set(compiled._forms) == set(PLAIN)
    before = dict(compiled._forms)
    assert compiled.load()
    assert compiled._forms == before  # nothing is compiled anew


@needs_numba
def test_a_whole_training_ends_at_the_same_bits():
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 50, (320, 12)), rng.integers(0, 2, 320)
    bags = Ngrams(min_texts=1).adapt_and_call([" ".join(map(str, row)) for row in x])

    def trained():
        layers = [Embedding(50, 5, mask_zero=True), GlobalAveragePooling1D(), Dense(1, "sigmoid")]
        model, bag = Sequential(layers, seed=0), strong_model(bags.shape[1])
        model.compile(Adam(0.01), "binary_crossentropy", ["accuracy"])
        logs = model.fit(x, y, 8, epochs=2, verbose=0).history
        logs |= {"bag": bag.fit(bags, y, 16, verbose=0, shuffle=False).history["loss"]}
        return logs, [w.tolist() for w in model.get_weights() + bag.get_weights()]

    with compiled.plainly():
        expected = trained()
    assert trained() == expected


@needs_numba
def test_float16_and_a_single_number_are_left_to_the_plain_form():
    for array in (np.ones((2, 3), "float16"), np.ones((), "float32")):
        moved = adam.adam_step(array, array, array, array, 0.9, 0.999, 1e-7, 0.1)
        assert isinstance(moved, list)


def test_the_plain_form_runs_where_numba_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(compiled, "_forms", {})
    assert not compiled.load()
    assert ids_module.marked(np.array([2, 0, 2]), 3)[0].tolist() == [0, 2]


def test_without_a_place_for_it_nothing_is_kept_on_disk():
    asked = []

    def njit(cache=False, **options):
        asked.append((cache, options))
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return lambda form: form

    assert compiled._jitted(njit, len) is len
    assert [cache for cache, _ in asked] == [True, False]
    assert all(options == {"error_model": "numpy", "nogil": True} for _, options in asked)


def test_neither_an_import_nor_a_few_steps_load_numba_but_many_do():
    pytest.importorskip("numba")
    program = """
import sys
import numpy as np
from embedding_core import Adam, Variable
variable, adam = Variable(np.zeros(3)), Adam()
from embedding_core.ground.compiled import STEPS_TO_LOAD
for step in range(1, STEPS_TO_LOAD + 1):
    assert "numba" not in sys.modules, step
    adam.apply([np.ones(3)], [variable])
assert "numba" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
