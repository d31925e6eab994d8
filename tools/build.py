"""Jupyter Book's own command, two seconds sooner.

    python -m tools.build . -W -n --keep-going

It checks the settings with jsonschema, which gets ready to check web addresses in any alphabet
where rfc3987-syntax is installed (JupyterLab wants it), and takes 1.5 s for that. No setting is
such an address.
"""

import sys


def main() -> None:
    """Import the command only where what it can do without is out of its way."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # to Python: not installed
    from jupyter_book.cli.main import main as jupyter_book

    jupyter_book(["build", *sys.argv[1:]], prog_name="jupyter-book")


if __name__ == "__main__":
    main()
