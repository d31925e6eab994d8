"""The reading path is an evening: what one batch needs, and no more."""

from tools import path

EVENING = 1150  # lines of code


def test_the_reading_path_is_at_most_an_evening():
    counts = {file.name: path.lines_of_code(file.read_text("utf-8")) for file in path.files()}
    assert sum(counts.values()) <= EVENING, counts
