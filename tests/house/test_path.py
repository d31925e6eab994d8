"""tools/path.py: the lines of code of what the README gives to read."""

from tools import path

SOURCE = '''"""What it is.

Two lines."""

import os  # a comment beside code


class It:
    """What it does."""

    # a comment alone
    text = """not
a docstring"""

    def call(
        self,
    ):
        """Do it."""
        return """nor this"""
'''


def test_docstrings_comments_and_blank_lines_are_no_code():
    assert path.lines_of_code(SOURCE) == 8


def test_the_path_is_read_from_the_readme_in_its_order():
    names = [file.relative_to(path.ROOT / "embedding_core").as_posix() for file in path.files()]
    assert names[0] == "ops.py"
    assert {"layers/embedding.py", "optimizers/adam.py", "model.py"} < {*names}
    assert len(names) == len({*names}) == 14
    assert all(file.is_file() for file in path.files())
