"""Bring the Korean catalogues up to date with the English pages.

    python -m tools.catalogues

writes `locale/ko/LC_MESSAGES/book/*.po` anew, a catalogue for each page: its sentences in the order
of the page, those that have a translation with it. Where a sentence is new, its translation is
empty; where it has changed, its old translation stands there, marked as fuzzy, with the English
that it was made from. What no page says any longer is gone. `tests/house/test_korean.py` wants no
sentence empty or fuzzy.

The pages are read as the build reads them, but for what has no sentences to translate: docstrings.
What cells print is taken from the notebooks' saved outputs.
"""

import sys
import tempfile
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
import yaml
from babel.messages import Catalog, pofile

FOLDER = Path("locale/ko/LC_MESSAGES")
# What reads pages, without what writes them and what reads docstrings.
EXTENSIONS = [
    "jupyter_book",
    "myst_nb",
    "sphinx_design",
    "sphinx_exercise",
    "sphinx_external_toc",
    "sphinx_proof",
    "sphinx_togglebutton",
    "sphinxcontrib.bibtex",
    "translation",
]
HEAD = """\
# The Korean of one page: see CONTRIBUTING.md.
msgid ""
msgstr ""
"Language: ko\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def settings() -> dict[str, Any]:
    """Return those settings of the book that decide how a page is read."""
    book = yaml.safe_load(Path("_config.yml").read_text("utf-8"))
    return {
        "extensions": EXTENSIONS,
        "external_toc_path": "_toc.yml",
        "external_toc_exclude_missing": True,
        "exclude_patterns": book["exclude_patterns"],
        "bibtex_bibfiles": book["bibtex_bibfiles"],
        "myst_enable_extensions": book["parse"]["myst_enable_extensions"],
        "default_role": book["sphinx"]["config"]["default_role"],
        "nb_execution_mode": "off",
        "nb_merge_streams": True,
    }


def sentences() -> dict[str, list[str]]:
    """Read the English pages; return the sentences of each in order, by its name."""
    from docutils.parsers.rst import Directive
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    class Nothing(Directive):
        has_content = True
        optional_arguments = 99
        option_spec = None

        def run(self) -> list[Any]:
            return []

    sys.path.append(str(Path("book/_ext").resolve()))
    with tempfile.TemporaryDirectory() as folder, patch_docutils(), docutils_namespace():
        app = Sphinx(
            ".", None, f"{folder}/out", f"{folder}/trees", "dummy", settings(), status=None
        )
        app.add_directive("automodule", Nothing)
        app.builder.read()
        return app.env.sentences | {"live": live()}


def live() -> list[str]:
    """Return the words of the live figures: of their scripts, and names from notebooks' cells."""
    from live_words import in_data, in_scripts

    names = [
        name
        for file in sorted(Path("book").glob("*.ipynb"))
        for cell in nbformat.read(file, as_version=4).cells
        for output in cell.get("outputs", [])
        for name in in_data(output.get("data", {}).get("text/html", ""))
    ]
    return list(dict.fromkeys([*in_scripts(), *names]))


def read(file: Path) -> Catalog:
    """Read a catalogue, or an empty one where there is none."""
    if not file.exists():
        return Catalog("ko")
    with file.open("rb") as text:
        return pofile.read_po(text, "ko")


def updated(known: Catalog, said: list[str]) -> Catalog:
    """Return the catalogue of a page that says this, with what is known of it."""
    catalogue = Catalog("ko")
    gone = [message.id for message in known if message.id and message.id not in said]
    for sentence in said:
        message = known.get(sentence)
        if message is not None:
            catalogue[sentence] = message
            continue
        before = get_close_matches(sentence, gone, 1)
        if before:
            text = known[before[0]].string
            catalogue.add(sentence, text, flags={"fuzzy"}, previous_id=before)
        else:
            catalogue.add(sentence)
    for message in catalogue:
        message.flags &= {"fuzzy"}
        message.locations = []
        if not message.fuzzy:
            message.user_comments = []  # as what babel reads the line with the English of before
    return catalogue


def written(catalogue: Catalog) -> str:
    """Write a catalogue as its file holds it: without dates, which differ each time."""
    text = BytesIO()
    pofile.write_po(text, catalogue, width=0, omit_header=True, include_previous=True)
    return HEAD + text.getvalue().decode()


def main() -> int:
    """Update the catalogues; say what is left to do, and return how much it is."""
    left = 0
    pages = sentences()
    for page, said in pages.items():
        file = FOLDER / f"{page}.po"
        catalogue = updated(read(file), said)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written(catalogue), "utf-8")
        for message in catalogue:
            if message.id and (message.fuzzy or not message.string):
                left += 1
                print(f"{file}: {'changed' if message.fuzzy else 'new'}: {message.id}")
    for file in sorted(FOLDER.glob("book/*.po")):
        if file.relative_to(FOLDER).with_suffix("").as_posix() not in pages:
            file.unlink()
    print(f"{left} sentences wait for their Korean.")
    return left


if __name__ == "__main__":
    sys.exit(bool(main()))
