"""Put beside the scripts, styles and fonts of the site the licences they come under.

They come from the installed packages named here; the licences of what those have taken in
themselves (Bootstrap, Font Awesome, clipboard.js) stand in or beside the files. KaTeX's styles
and fonts lie in ``book/_static`` with its own.
"""

from importlib.metadata import distribution
from pathlib import Path

PACKAGES = (
    "myst-nb",
    "pydata-sphinx-theme",
    "sphinx",
    "sphinx-book-theme",
    "sphinx-copybutton",
    "sphinx-design",
    "sphinx-exercise",
    "sphinx-proof",
    "sphinx-togglebutton",
)


def licences(package):
    """Return the texts of a package's licences."""
    files = distribution(package).files or []
    texts = [
        file.read_text("utf-8")
        for file in files
        if "LICENSE" in file.name and ".dist-info" in file.parts[0]
    ]
    if not texts:
        raise FileNotFoundError(f"{package} is installed without its licence")
    return texts


def write(app, error):
    """Write one file for each package."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "licences"
    folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        (folder / f"{package}.txt").write_text("\n\n".join(licences(package)), "utf-8")


def setup(app):
    """Connect."""
    app.connect("build-finished", write)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
