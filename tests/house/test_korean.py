"""The Korean edition cannot fall behind: each sentence of the English book has its Korean one.

The English sentences are read from the pages as they are now, by what `python -m tools.catalogues`
reads them with; that command brings the catalogues up to date and says what is left to translate.
"""

import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from babel.messages import Catalog

from tools import catalogues

pytestmark = pytest.mark.long

HANGUL = re.compile("[가-힣]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:e[-+]?\d+)?")
ROLE = re.compile(r"\{[a-z:]+\}`[^`]*`")
CODE = re.compile(r"`[^`]+`")
FORMULA = re.compile(r"\$[^$]+\$")
TARGET = re.compile(r"\]\(([^)\s]+)\)")
HTML = re.compile(r"</?[a-z]+[^>]*>")
WORD = re.compile(r"(?<!\S)[A-Za-z]{2,}(?!\S)")
FIELD = re.compile(r"\{\w+\}(?!`)|%[sd]")


@pytest.fixture(scope="module")
def said():
    # In a process of its own: an extension of Sphinx's looks at every object that there is, and
    # stumbles over those that other tests have left half gone.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(catalogues.sentences).result()


@pytest.fixture(scope="module")
def korean():
    """Each catalogue, by the name of its page."""
    return {
        file.relative_to(catalogues.FOLDER).with_suffix("").as_posix(): catalogues.read(file)
        for file in catalogues.FOLDER.rglob("*.po")
        if file.stem != "interface"
    }


def faults_of_page(said, catalogue):
    """Say which sentences of a page have no Korean, or one that was made from another English."""
    known = {message.id: message for message in catalogue if message.id}
    faults = [f"new, without Korean: {text}" for text in said if text not in known]
    for text, message in known.items():
        if text not in said:
            faults.append(f"no longer said in English: {text}")
        elif message.fuzzy:
            faults.append(f"changed in English, look at the Korean: {text}")
        elif not message.string:
            faults.append(f"without Korean: {text}")
    return faults


def test_every_sentence_of_the_english_book_has_a_korean_one(said, korean):
    assert len(said) > 30
    assert sum(map(len, said.values())) > 2000
    faults = [
        f"{page}: {fault}"
        for page in sorted({*said, *korean})
        for fault in faults_of_page(said.get(page, []), korean.get(page, Catalog()))
    ]
    assert faults == [], "python -m tools.catalogues brings the catalogues up to date"


def marks(text):
    """Count what must stand on both sides: code, formulas, links, roles, HTML, fields, emphasis."""
    roles = ROLE.findall(text)
    prose = CODE.sub("", ROLE.sub("", text))
    return Counter(
        [role_target(role) for role in roles]
        + CODE.findall(ROLE.sub("", text))
        + FORMULA.findall(prose)
        + TARGET.findall(prose)
        + HTML.findall(prose)
        + FIELD.findall(FORMULA.sub("", prose))
        + ["**"] * prose.count("**")
    )


def role_target(role):
    """Name what a role leads to, whatever it says: {term}`유닛 <unit>` leads to unit."""
    kind, _, text = role.partition("`")
    target = text.rstrip("`")
    return f"{kind} {target[target.rindex('<') + 1 : -1] if target.endswith('>') else target}"


def numbers(text):
    """Count the numbers in a text's words: not those of code, formulas and addresses."""
    for other in (ROLE, CODE, FORMULA, TARGET, HTML):
        text = other.sub(" ", text)
    return Counter(NUMBER.findall(text))


def pairs(korean):
    return [
        (page, message.id, message.string)
        for page, catalogue in sorted(korean.items())
        for message in catalogue
        if message.id and message.string
    ]


def disagreement(english, translated):
    """Say what one of a pair holds and the other does not; a number may be spelled in English."""
    before, after = marks(english), marks(translated)
    missing = numbers(english) - numbers(translated)
    return [*(before - after), *(after - before), *missing]


def test_links_code_formulas_terms_and_numbers_of_each_pair_agree(korean):
    checked = pairs(korean)
    assert len(checked) > 2000
    faults = [
        f"{page}: {fault}: {english}"
        for page, english, translated in checked
        for fault in disagreement(english, translated)
    ]
    assert faults == []


def test_what_is_translated_is_korean(korean):
    """Only names, code and numbers are the same in both."""
    unchanged = [
        f"{page}: {english}"
        for page, english, translated in pairs(korean)
        if english == translated and len(WORD.findall(CODE.sub("", english))) > 2
    ]
    assert unchanged == []
    for page, english, translated in pairs(korean):
        same = english.lower() == translated.lower()
        assert same or HANGUL.search(translated), f"{page}: {english}"


def test_every_term_of_the_glossary_has_its_english_beside_it(said, korean):
    terms = [text for text in said["book/glossary"] if korean["book/glossary"][text].string]
    described = [text for text in terms if text.endswith(".") or text == "Glossary"]
    assert len(terms) - len(described) > 40
    for term in set(terms) - set(described):
        translated = korean["book/glossary"][term].string
        assert translated.endswith(f"({term})") or re.match(
            rf"{re.escape(term)}( \(|$)", translated
        )


def test_the_books_own_letters_have_every_syllable(korean):
    """The font that comes with the book has those of the Korean standard, KS X 1001."""
    for page, _, translated in pairs(korean):
        syllables = "".join(HANGUL.findall(translated))
        assert syllables.encode("euc-kr", "replace").decode("euc-kr") == syllables, page


SAID = ["A row is read.", "See [chapter 4](04.ipynb), with 3 rows of `table`."]


def catalogue_of(translations):
    catalogue = Catalog("ko")
    for english, translated in translations.items():
        catalogue.add(english, translated)
    return catalogue


def test_a_new_and_a_changed_sentence_are_named():
    before = catalogue_of({"A row is read twice.": "행을 두 번 읽습니다.", "Gone.": "없음."})
    after = catalogues.updated(before, SAID)
    assert [message.id for message in after if message.id] == SAID
    assert after[SAID[0]].fuzzy
    assert after[SAID[0]].previous_id == ["A row is read twice."]
    assert faults_of_page(SAID, before)[0].startswith("new, without Korean: A row")
    assert [fault.split(":")[0] for fault in faults_of_page(SAID, after)] == [
        "changed in English, look at the Korean",
        "without Korean",
    ]
    done = catalogue_of({SAID[0]: "행을 읽습니다.", SAID[1]: "행"})
    assert faults_of_page(SAID, done) == []


@pytest.mark.parametrize(
    ("translated", "fault"),
    [
        ("`table`의 행 3개는 [4장](04.ipynb)에 있습니다.", []),
        ("`table`의 행 3개는 [4장](05.ipynb)에 있습니다.", ["04.ipynb", "05.ipynb"]),
        ("표의 행 3개는 [4장](04.ipynb)에 있습니다.", ["`table`"]),
        ("`table`의 행 세 개는 [4장](04.ipynb)에 있습니다.", ["3"]),
    ],
)
def test_a_pair_that_disagrees_is_noticed(translated, fault):
    assert disagreement(SAID[1], translated) == fault


def test_the_same_catalogue_is_written_the_same_way_and_read_back():
    catalogue = catalogues.updated(catalogue_of({SAID[0]: "행을 읽습니다."}), SAID)
    text = catalogues.written(catalogue)
    assert "행을 읽습니다." in text
    assert "POT-Creation-Date" not in text
