"""One text to the words it is made of, byte for byte as TensorFlow's string operations do it.

TensorFlow works on the UTF-8 bytes of a text and changes only ASCII: capital letters outside
A-Z keep their case, and a non-breaking space does not separate words. Working on bytes gives
exactly that, and ``bytes.translate`` lowers the case and drops the punctuation in one pass.
"""

import string
from collections.abc import Mapping
from types import MappingProxyType

_LOWER = bytes.maketrans(string.ascii_uppercase.encode(), string.ascii_lowercase.encode())
_PUNCTUATION = string.punctuation.encode()

STANDARDIZE: Mapping[str | None, tuple[bytes | None, bytes]] = MappingProxyType(
    {
        "lower_and_strip_punctuation": (_LOWER, _PUNCTUATION),
        "lower": (_LOWER, b""),
        "strip_punctuation": (None, _PUNCTUATION),
        None: (None, b""),
    }
)
"""For each standardization, the byte table to translate with, and the bytes to drop."""

SPLIT = ("whitespace", "character")
"""The ways to cut a text into tokens."""


def tokenize(text: str, standardize: str | None, split: str) -> list[bytes]:
    """Standardize a text and cut it into tokens.

    Parameters
    ----------
    text : str
        Any text that UTF-8 can hold.
    standardize : str or None
        A key of ``STANDARDIZE``.
    split : str
        A member of ``SPLIT``: ``"whitespace"`` cuts at runs of the six ASCII white-space
        characters, ``"character"`` makes every code point a token.

    Returns
    -------
    list of bytes
        The tokens in UTF-8, none of them empty. The order of bytes is the order in which
        Keras breaks ties.

    Raises
    ------
    UnicodeEncodeError
        When the text holds half of a surrogate pair.

    Notes
    -----
    The same steps as ``keras.layers.TextVectorization``: ``tf.strings.lower``,
    ``tf.strings.regex_replace`` and ``tf.strings.split`` or ``unicode_split``.
    """
    table, dropped = STANDARDIZE[standardize]
    standardized = text.encode().translate(table, dropped)
    if split == "whitespace":
        # bytes.split() knows ASCII white space only; str.split() would also cut at U+00A0.
        return standardized.split()
    return [character.encode() for character in standardized.decode()]
