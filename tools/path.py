"""Count the reading path: the lines of code of the files that the README names, in its order.

    python -m tools.path

A line counts where it holds code: docstrings, comments and blank lines do not.
"""

import ast
import io
import re
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[1]
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def lines_of_code(source: str) -> int:
    """Count the lines that hold code."""
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            lines |= {*range(token.start[0], token.end[0] + 1)}
    for node in ast.walk(ast.parse(source)):
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            lines -= {*range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)}
    return len(lines)


def files() -> list[Path]:
    """List the files that the README's section about the reading path links to, in its order."""
    readme = (ROOT / "README.md").read_text("utf-8")
    section = re.search(r"^## The package, in an evening\n(.*?)^## ", readme, re.M | re.S)
    if section is None:
        raise ValueError("the README has no section 'The package, in an evening'")
    return [ROOT / name for name in re.findall(r"\((embedding_core/[\w/]+\.py)\)", section[1])]


def main() -> None:
    """Print the lines of each file, and of all."""
    counts = {path: lines_of_code(path.read_text("utf-8")) for path in files()}
    for path, count in counts.items():
        print(f"{count:6,}  {path.relative_to(ROOT)}")
    print(f"{sum(counts.values()):6,}  lines in all")


if __name__ == "__main__":
    main()
