"""What is asked of arguments in many places: what passes comes back as it is to be used."""

import numpy as np
import pytest
from helpers import nested

from embedding_core.ground import checks


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("cat", "'cat'"),
        (None, "None"),
        ([1, [2]], "[1, [2]]"),
        (np.float32(0.5), "np.float32(0.5)"),
        (np.zeros((3, 2), "float32"), "an array of shape (3, 2) and dtype float32"),
        (np.array(5), "an array of shape () and dtype int64"),
        ("x" * 100, "'" + "x" * 76 + "..."),
        ("x" * 78, f"'{'x' * 78}'"),  # 80 characters with its quotes
        ("x" * 79, f"'{'x' * 76}..."),
        (nested(10_000), "a list, nested too deeply to be shown"),
    ],
)
def test_a_value_is_shown_as_python_writes_it_and_in_few_words(value, text):
    assert checks.shown(value) == text


GOOD = [
    (checks.as_numbers, ("n", [[1, 2], [3, 4]]), np.array([[1, 2], [3, 4]])),
    (checks.as_numbers, ("n", True), np.array(True)),
    (checks.positive_int, ("n", np.int8(3)), 3),
    (checks.positive_int, ("n", 2**63 - 1), 2**63 - 1),
    (checks.number, ("n", -np.inf), -np.inf),
    (checks.number, ("n", np.array(0.5)), np.array(0.5)),
    (checks.finite, ("n", np.float32(0.5)), 0.5),
    (checks.not_negative, ("n", 0), 0.0),
    (checks.positive_or_none, ("n", None), None),
    (checks.positive_or_none, ("n", 2), 2.0),
    (checks.fraction, ("n", 0.999), 0.999),
    (checks.switch, ("n", np.True_), True),
    (checks.one_of, ("n", "b", ("a", "b")), "b"),
    (checks.expect, ("n", 1, int, "an int"), None),
    (checks.as_name, ("cat",), "cat"),
    (checks.as_seed, (None,), None),
    (checks.as_seed, (np.uint8(7),), 7),
    (checks.as_list, ("n", range(2), "ids"), [0, 1]),
    (checks.as_list, ("n", np.arange(2), "ids"), [0, 1]),
    (checks.as_dtype, ("int8",), np.dtype("int8")),
    (checks.as_dtype, (np.float64, "f", "a float"), np.dtype("float64")),
    (checks.as_shape, ("shape", [2, np.int64(3), 0]), (2, 3, 0)),
    (checks.as_shape, ("shape", ()), ()),
    (checks.as_axes, ("axis", -1), -1),
    (checks.as_axes, ("axis", [0, np.int64(2)]), (0, 2)),
    (checks.as_axes, ("axis", ()), ()),
]


@pytest.mark.parametrize(("check", "arguments", "result"), GOOD)
def test_what_is_fine_comes_back(check, arguments, result):
    given = check(*arguments)
    assert type(given) is type(result)
    assert np.array_equal(given, result)


def test_a_generator_is_gone_through_once():
    assert checks.as_list("n", (i for i in range(2)), "ids") == [0, 1]


BAD = [
    (checks.as_numbers, ("n", [1, "a"]), TypeError, "n must be numbers: received dtype <U21, "),
    (checks.as_numbers, ("n", None, "labels"), TypeError, "n must be labels: .* object, None"),
    (checks.as_numbers, ("n", 1j), TypeError, "received dtype complex128, 1j"),
    (checks.as_numbers, ("n", [[1], [2, 3]]), ValueError, r"all lists of one length.*\[\[1\], "),
    (checks.as_numbers, ("n", nested(10_000)), ValueError, "a list, nested too deeply"),
    (checks.positive_int, ("n", 0), ValueError, "n must be a positive integer: received 0 of"),
    (checks.positive_int, ("n", 2**63), ValueError, f"received {2**63} of type int"),
    (checks.positive_int, ("n", True), ValueError, "received True of type bool"),
    (checks.number, ("n", "1"), TypeError, "n must be a number: received '1'"),
    (checks.number, ("n", False), TypeError, "received False"),
    (checks.number, ("n", np.zeros(1)), TypeError, r"received an array of shape \(1,\)"),
    (checks.number, ("n", np.array(True)), TypeError, r"received an array of shape \(\)"),
    (checks.finite, ("n", -np.inf), ValueError, "n must be a finite number: received -inf"),
    (checks.finite, ("n", np.nan), ValueError, "n must be a finite number: received nan"),
    (checks.not_negative, ("n", -0.1), ValueError, "a finite number >= 0: received -0.1"),
    (checks.not_negative, ("n", np.inf), ValueError, "received inf"),
    (checks.not_negative, ("n", 10**400), ValueError, "^n must be .* that a float holds: 1000"),
    (checks.positive_or_none, ("n", 10**400), ValueError, "^n must be .* that a float holds"),
    (checks.positive_or_none, ("n", 0), ValueError, "> 0, or None for none: received 0"),
    (checks.fraction, ("n", 1), ValueError, r"n must lie in \[0, 1\): received 1"),
    (checks.switch, ("n", 1), TypeError, "n must be True or False: received 1"),
    (checks.one_of, ("n", "c", ("a", "b")), ValueError, "n must be 'a' or 'b': received 'c'"),
    (checks.one_of, ("n", "d", ("a", "b", "c")), ValueError, "n must be 'a', 'b' or 'c': received"),
    (checks.one_of, ("n", ["a"], ("a", "b")), ValueError, r"received \['a'\]"),
    (checks.expect, ("n", 1, str, "a str"), TypeError, "n must be a str: received 1"),
    (checks.as_name, (b"cat",), TypeError, "name must be a str: received b'cat'"),
    (checks.as_seed, (1.0,), TypeError, "None or a whole number: received 1.0"),
    (checks.as_seed, (-1,), ValueError, "seed must be at least 0: received -1"),
    (checks.as_list, ("n", "cat", "words"), TypeError, "n must be a list of words: received 'cat'"),
    (checks.as_list, ("n", 5, "words"), TypeError, "received 5"),
    (checks.as_list, ("n", np.float64(5), "words"), TypeError, r"received np.float64\(5.0\)"),
    (checks.as_dtype, (None,), TypeError, "dtype must be one of numbers: received None"),
    (checks.as_dtype, ("U3",), TypeError, "received 'U3'"),
    (checks.as_dtype, ("cat",), TypeError, "received 'cat'"),
    (checks.as_dtype, ("i4", "f", "a float"), TypeError, "dtype must be a float: received 'i4'"),
    (checks.as_shape, ("shape", 3), TypeError, "a tuple of whole numbers: received 3"),
    (checks.as_axes, ("axis", 0.5), TypeError, "axis must be a whole number or a list of them: "),
    (checks.as_axes, ("axis", True), TypeError, "list of them: received True"),
    (checks.as_axes, ("axis", [0, "1"]), TypeError, r"received \[0, '1'\]"),
    (checks.as_shape, ("shape", (2.0,)), TypeError, r"received \(2.0,\)"),
    (checks.as_shape, ("shape", (-1, 2)), ValueError, r"no array can have the shape \(-1, 2\)"),
    (checks.as_shape, ("shape", (2**40, 2**40)), ValueError, "no array can have the shape"),
]


@pytest.mark.parametrize(("check", "arguments", "error", "match"), BAD)
def test_what_is_not_is_refused_by_name(check, arguments, error, match):
    with pytest.raises(error, match=match):
        check(*arguments)


def test_a_failure_draws_nothing_and_a_success_does():
    rng = np.random.default_rng(1)
    with pytest.raises(ValueError, match="no"), checks.undrawn(rng):  # noqa: PT012
        rng.random(3)
        raise ValueError("no")
    assert rng.random() == np.random.default_rng(1).random()
    with checks.undrawn(rng):
        drawn = rng.random()
    assert rng.random() != drawn
    with pytest.raises(ValueError, match="no"), checks.undrawn(None):
        raise ValueError("no")
