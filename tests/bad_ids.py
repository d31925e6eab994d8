"""Ids that a table of four rows must refuse: what is given, the error, and its words."""

import numpy as np
import pandas as pd

REFUSED = {
    "one too large": (4, IndexError, r"id 4 at position \(\) is outside \[0, 4\).*4 rows"),
    "far too large": ([[0, 1], [900, 2]], IndexError, r"id 900 at position \(1, 0\)"),
    "negative": (
        [0, -1],
        IndexError,
        r"id -1 at position \(1,\) is outside \[0, 4\).*count from 0",
    ),
    "the first of several": ([[0, 9, -3]], IndexError, r"id 9 at position \(0, 1\)"),
    "above int64": ([0, 2**70], IndexError, rf"id {2**70} is outside \[0, 4\).*4 rows"),
    "the first of several, one above int64": (
        [3, 0, 4, -1, 2**70],
        IndexError,
        r"id 4 is outside \[0, 4\)",
    ),
    "the first of several, one below int64": ([-1, -(2**70)], IndexError, "id -1 is outside"),
    "below int64": ([-(2**70)], IndexError, rf"id -{2**70} is outside \[0, 4\)"),
    "uint64 above int64": (
        np.array([2**63], np.uint64),
        IndexError,
        r"id 9223372036854775808 at position \(0,\)",
    ),
    "all ones": (np.array([2**64 - 1], np.uint64), IndexError, r"id 18446744073709551615"),
    "fraction": (
        [0.0, 1.5],
        TypeError,
        r"float id 1\.5 at position \(1,\) is not a whole number in \[0, 4\)\. Pass integer ids",
    ),
    "small fraction": (np.array(0.25, np.float32), TypeError, r"float id 0\.25"),
    "minus a half": (-0.5, TypeError, r"float id -0\.5"),
    "NaN": ([np.nan], TypeError, r"float id nan at position \(0,\)"),
    "infinity": ([[np.inf]], TypeError, r"float id inf at position \(0, 0\)"),
    "float id out of range": ([0.0, 4.0], IndexError, r"id 4 at position \(1,\)"),
    "negative float id": ([-1.0], IndexError, r"id -1 at position \(0,\)"),
    "masked": (np.ma.array([0, 900], mask=[0, 1]), TypeError, r"masked\. .*\.filled\(0\)"),
    "complex": ([1 + 0j], TypeError, r"in \[0, 4\).*complex128. Pass integer ids\.$"),
    "longdouble": (np.array([1], np.longdouble), TypeError, "float16, float32 or float64"),
    "boolean": (True, TypeError, r"in \[0, 4\): received a boolean in True\. For .*flatnonzero"),
    "boolean in a list": ([2, True], TypeError, r"a boolean in \[2, True\]"),
    "boolean in a nested tuple": (((0, 1), (False, 1)), TypeError, "a boolean in"),
    "boolean of NumPy in a list": ([0, np.True_], TypeError, "a boolean in"),
    "array of booleans in a list": ([np.array([True]), [1]], TypeError, "a boolean in"),
    "array of booleans": (
        np.array([True]),
        TypeError,
        r"in \[0, 4\): received .*bool\. For .*flatnonzero\.$",
    ),
    "object array of booleans": (
        np.array([True], object),
        TypeError,
        "of dtype object. For .*zero",
    ),
    "object array of ints": (
        np.array([1, 2], object),
        TypeError,
        r"1 of dtype object.*astype\(int",
    ),
    "empty object array": (np.array([], object), TypeError, r"of dtype object.*astype\(int\)"),
    "object array of lists": (
        np.array([[1, 2], [3]], object),
        TypeError,
        r"received \[1, 2\] of dtype object. Each of them .* text.pad_sequences, .* numpy.stack",
    ),
    "object array of arrays": (
        np.array([np.arange(2), np.arange(3)], object),
        TypeError,
        r"shape \(2,\) .* of dtype object. Each of them holds a sequence: pad",
    ),
    "an array among numbers": (np.array([1, (2, 3)], object), TypeError, r"\(2, 3\) of .*: pad"),
    "object array of words": (
        np.array(["a", "b"], object),
        TypeError,
        "'a' of dtype object. Map wo",
    ),
    "object array with a fraction": (
        np.array([1, 2.5], object),
        TypeError,
        "2.5 of .*Pass integer",
    ),
    "object array with NaN": (
        np.array([1, np.nan], object),
        TypeError,
        "nan of .*Fill in .*padding",
    ),
    "pandas' missing value": (pd.array([1, None]).to_numpy(object), TypeError, "<NA> of .*Fill in"),
    "a series of lists": (
        pd.Series([[1, 2], [3]]),
        TypeError,
        r"received \[1, 2\] of dtype object. Each of them holds a sequence: pad",
    ),
    "a series of lists of one length": (
        pd.Series([[1, 2], [3, 0]]),
        TypeError,
        r"make one array of them with numpy\.stack",
    ),
    "string": (
        "cat",
        TypeError,
        r"in \[0, 4\): received .*'cat'.*\. Map words to .*ation\.$",
    ),
    "strings": (["cat", "dog"], TypeError, "'cat'"),
    "bytes": ([b"cat"], TypeError, "b'cat'"),
    "number as a string": (["1"], TypeError, "'1'"),
    "None": (None, TypeError, "received None of dtype object. Fill in"),
    "None in a list": ([1, None], TypeError, "None of dtype object. Fill in what is missing"),
    "dates": (np.array(["2015-07-18"], "datetime64[D]"), TypeError, "datetime64.*Pass integer"),
    "ragged": ([[1, 2], [3]], ValueError, r"different lengths: received \[\[1, 2\], \[3\]\].*Pad"),
    "ragged with an empty list": ([[], [1]], ValueError, "different lengths"),
}
