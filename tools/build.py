"""Jupyter Book's own command, sooner.

    python -m tools.build . -W -n --keep-going

- Nothing is collected as garbage. A build makes trees of millions of nodes and keeps them; to
  look through them again and again takes a quarter of its time. It needs 0.5 GB instead of 0.3.
- The settings are checked by jsonschema, which gets ready to check web addresses in any alphabet
  where rfc3987-syntax is installed (JupyterLab wants it). That takes 1.5 s, and no setting is
  such an address.
"""

import gc
import sys


def main() -> None:
    """Import the command only where what it can do without is out of its way."""
    gc.disable()
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # to Python: not installed
    from jupyter_book.cli.main import main as jupyter_book

    jupyter_book(["build", *sys.argv[1:]], prog_name="jupyter-book")


if __name__ == "__main__":
    main()
