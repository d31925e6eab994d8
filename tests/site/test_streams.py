"""What a cell prints reaches the page line for line, wherever the kernel flushed."""

import importlib.util
from pathlib import Path

FILE = Path(__file__).parents[2] / "book" / "_ext" / "streams.py"
spec = importlib.util.spec_from_file_location("streams", FILE)
streams = importlib.util.module_from_spec(spec)
spec.loader.exec_module(streams)


def piece(name, text):
    return {"output_type": "stream", "name": name, "text": text}


def test_pieces_are_joined_as_they_came():
    result = {"output_type": "execute_result", "data": {}}
    outputs = [
        piece("stdout", "one"),
        piece("stderr", "loud"),
        piece("stdout", "\ntw"),
        result,
        piece("stdout", "o\n"),
    ]
    expected = [piece("stdout", "one\ntwo\n"), piece("stderr", "loud"), result]
    assert streams.joined(outputs) == expected
