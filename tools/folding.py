"""Fold the cells that only draw or only assert: the page shows the code that is its argument.

    python -m tools.folding

gives them the tag ``hide-input``. Jupyter Book folds such a cell's code, which a click or a key
opens; its output stays. In JupyterLab nothing changes.
"""

import ast
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TAG = "hide-input"
DRAWING = {"figures", "plt", "axes"}


def draws(statement: ast.stmt) -> bool:
    """Say whether a statement calls something of `figures` or of Matplotlib, and no more."""
    if isinstance(statement, ast.If) and not statement.orelse:
        return all(map(draws, statement.body))
    if not isinstance(statement, ast.Expr | ast.Assign):
        return False
    called = statement.value
    if isinstance(called, ast.Call) and ast.unparse(called.func) == "display":
        called = called.args[0]
    if not isinstance(called, ast.Call):
        return False
    return ast.unparse(called.func).split(".")[0] in DRAWING


def to_be_folded(source: str) -> bool:
    """Say whether a cell consists of asserts only, or only draws."""
    if source.lstrip().startswith(("%", "!")):
        return False
    body = ast.parse(source).body
    asserts = all(isinstance(statement, ast.Assert) for statement in body)
    return bool(body) and (asserts or all(map(draws, body)))


def unfolded(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the code cells that should be folded and are not."""
    return [
        cell
        for cell in cells
        if cell["cell_type"] == "code"
        and TAG not in cell["metadata"].get("tags", [])
        and to_be_folded("".join(cell["source"]))
    ]


def main() -> None:
    """Tag the cells of all chapters, and say how many."""
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        notebook = json.loads(path.read_text("utf-8"))
        cells = unfolded(notebook["cells"])
        for cell in cells:
            cell["metadata"]["tags"] = [*cell["metadata"].get("tags", []), TAG]
            cell["metadata"] = dict(sorted(cell["metadata"].items()))
        if cells:
            text = json.dumps(notebook, ensure_ascii=False, indent=1)
            path.write_text(text + "\n", "utf-8")
            print(f"{path.relative_to(ROOT)}: {len(cells)}")


if __name__ == "__main__":
    main()
