"""What a live figure hands to its page: data for a script, and words that say the same."""

import base64
import json

import numpy as np
import pytest
from bs4 import BeautifulSoup

from embedding_core.lessons.figures import live_lookup, live_map, live_repeated
from embedding_core.lessons.figures.live.page import LiveFigure, numbers, paragraph, table, written
from embedding_core.relatives.neighbours import nearest, unit_rows

RNG = np.random.default_rng(0)
VOCABULARY = ["", "[UNK]", "the", "film", "is", *"abcdefghijklmno"]
ROWS = RNG.uniform(-1, 1, (20, 2)).round(2).astype("float32")
WORDS = ["the", "good", "was", "film"]
STARTS = np.array([[0, 1], [1, 0], [-1, 0], [0, -1]], float)
UPSTREAM = np.array([[1, 0], [0, 1], [5, 0], [2, 2]], float)
NAMES = [f"w{n}" for n in range(30)]
TABLES = {name: RNG.normal(size=(30, 8)) for name in ("one", "other")}
MAPS = {name: RNG.normal(size=(30, 2)) for name in TABLES}


def page(figure):
    return BeautifulSoup(figure._repr_html_(), "html.parser")


def data(figure):
    return json.loads(page(figure).find("script").string)


def tables(figure):
    """The text's tables by caption: a list of rows of cells each."""
    return {
        found.caption.get_text(): [
            [cell.get_text() for cell in row.find_all(["th", "td"])] for row in found.tbody("tr")
        ]
        for found in page(figure).select("details table")
    }


def lookup(**changed):
    given = {"vocabulary": VOCABULARY, "rows": ROWS, "sentence": "The film, the FILM!"}
    return live_lookup(**given | changed)


def repeated(**changed):
    given = {"words": WORDS, "rows": STARTS, "upstream": UPSTREAM, "batch": [3, 1, 3]}
    return live_repeated(**given | changed)


def a_map(**changed):
    given = {
        "words": NAMES,
        "tables": TABLES,
        "maps": MAPS,
        "groups": {"first": range(5)},
        "asked": ["w7", "w2"],
    }
    return live_map(**given | changed)


@pytest.mark.parametrize("make", [lookup, repeated, a_map])
def test_a_figure_is_one_element_with_data_and_open_words(make):
    soup = page(make())
    (place,) = soup.find_all(recursive=False)
    assert place["class"] == ["live"]
    assert [child.name for child in place.find_all(recursive=False)] == ["script", "details"]
    assert place.script["type"] == "application/json"
    assert place.details.has_attr("open")
    assert place.details.find("table")
    assert data(make())["label"] in repr(make())


def test_no_text_can_end_the_script_or_become_markup():
    figure = LiveFigure("x", {"label": "</script><b>"}, [paragraph("a < b & c")])
    assert data(figure) == {"label": "</script><b>"}
    assert page(figure).find("b") is None
    assert page(figure).p.get_text() == "a < b & c"
    cells = BeautifulSoup(table("c<d", ["", "<i>"], [("<u>", 1)]), "html.parser")
    assert cells.find(["i", "u"]) is None
    assert [cell.get_text() for cell in cells(["caption", "th", "td"])] == [
        "c<d",
        "",
        "<i>",
        "<u>",
        "1",
    ]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_numbers_are_short_and_come_back_as_they_were(dtype):
    array = RNG.normal(size=(5, 3)).astype(dtype)
    text = json.dumps(numbers(array))
    np.testing.assert_array_equal(np.array(json.loads(text), dtype), array)
    assert json.dumps(numbers(np.float32([0.1]))) == "[0.1]"


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_json_cannot_hold_are_refused(bad):
    with pytest.raises(ValueError, match="finite"):
        numbers([1.0, bad])


def test_a_vector_is_written_with_a_real_minus_and_no_negative_zero():
    assert written([0.254, -0.5, -0.001]) == "(0.25, −0.50, 0.00)"


def test_lookup_names_the_ids_and_their_rows():
    found = tables(lookup())["Ids and the rows they point at"]
    assert [row[:2] for row in found] == [["the", "2"], ["film", "3"]] * 2
    assert [row[2] for row in found] == [written(ROWS[i]) for i in (2, 3, 2, 3)]


def test_lookup_knows_as_many_words_as_there_are_rows():
    found = tables(lookup(sentence="film o zebra", size=5))["Ids and the rows they point at"]
    assert [row[1] for row in found] == ["3", "1", "1"]


def test_lookup_counts_what_the_product_costs():
    (costs,) = (rows for caption, rows in tables(lookup()).items() if "one-hot" in caption)
    # 4 words, rows of 2 float32. Bytes: 4 ids, the matrix twice, the table, the result.
    assert costs[1] == ["10", "80", "72", f"{4 * 8 + 2 * 4 * 10 * 4 + 10 * 2 * 4 + 4 * 2 * 4}"]
    assert costs[-1][:3] == ["1,000,000", "8,000,000", "7,999,992"]


def test_lookup_hands_over_what_it_was_given():
    handed = data(lookup(size=10))
    assert handed["vocabulary"] == VOCABULARY
    np.testing.assert_array_equal(np.float32(handed["table"]), ROWS)
    assert (handed["sentence"], handed["size"]) == ("The film, the FILM!", 10)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"vocabulary": VOCABULARY[:-1]}, "19 words, 20 rows"),
        ({"size": 7}, r"one of \[5, 10, 20\]: received 7"),
        ({"size": 50}, r"one of \[5, 10, 20\]: received 50"),
        ({"sentence": " ?! "}, "from 1 to 8 words: received 0"),
        ({"sentence": "a b c d e f g h i"}, "from 1 to 8 words: received 9"),
    ],
)
def test_lookup_refuses(changed, message):
    with pytest.raises(ValueError, match=message):
        lookup(**changed)


def test_repeated_says_what_is_added_up_and_what_is_lost():
    found = tables(repeated())["The gradient of the table"]
    assert found[3] == ["film", "(6.00, 0.00)", "(5.00, 0.00)"]
    assert found[1] == ["good", "(0.00, 1.00)", "(0.00, 1.00)"]
    assert found[0] == ["the", "(0.00, 0.00)", "(0.00, 0.00)"]


def test_repeated_says_who_moves_without_being_asked_for():
    moves = tables(repeated())["How far the row of film moves"]
    # Rate 0.1 and gradient 6: SGD 0.6, with momentum 0.9 of that again; Adam and Adagrad 0.1.
    assert moves == [
        ["SGD", "(−0.60, 0.00)", "(0.00, 0.00)"],
        ["SGD, momentum 0.9", "(−0.60, 0.00)", "(−0.54, 0.00)"],
        ["Adagrad", "(−0.10, 0.00)", "(0.00, 0.00)"],
        ["Adam", "(−0.10, 0.00)", "(−0.07, 0.00)"],
        ["LazyAdam", "(−0.10, 0.00)", "(0.00, 0.00)"],
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"words": WORDS[:-1]}, "received 3 for 4 rows"),
        ({"rows": np.zeros((4, 3))}, r"received the shapes \(4, 3\) and \(4, 2\)"),
        ({"upstream": np.zeros((4, 1))}, "vectors of 2 numbers"),
        ({"batch": []}, "from 1 to 4 ids"),
        ({"batch": [0, 0, 0, 0, 0]}, "from 1 to 4 ids"),
        ({"batch": [0, 1, 2, 3]}, "leave a row out"),
    ],
)
def test_repeated_refuses(changed, message):
    with pytest.raises(ValueError, match=message):
        repeated(**changed)


def test_repeated_refuses_ids_outside_the_table():
    with pytest.raises(IndexError, match="id 4"):
        repeated(batch=[4])


def unpacked(text, count):
    return np.frombuffer(base64.b64decode(text), "<i2").reshape(count, -1)


def test_a_map_hands_over_directions_in_16_bits():
    handed = data(a_map())
    for name, rows in TABLES.items():
        got = unpacked(handed["vectors"][name], 30) / 32767
        np.testing.assert_allclose(got, unit_rows(rows), rtol=0, atol=2e-5)
    assert handed["asked"] == 7
    assert handed["groups"] == {"first": [0, 1, 2, 3, 4]}


def test_the_text_of_a_map_names_the_nearest():
    found = tables(a_map())
    assert list(found) == ["The five nearest to “w7”", "The five nearest to “w2”"]
    for (table_, near), rows in zip(
        found["The five nearest to “w2”"], TABLES.values(), strict=True
    ):
        assert table_ in TABLES
        assert near.split(", ") == [NAMES[i] for i in nearest(rows, [2], 5)[0]]


def test_a_map_lies_like_the_first_and_keeps_its_distances():
    turn = np.array([[0.6, 0.8], [0.8, -0.6]])  # turned and mirrored
    lying = {"one": MAPS["one"], "other": 3 * MAPS["one"] @ turn + 7}
    first, second = (np.array(place) for place in data(a_map(maps=lying))["maps"].values())
    np.testing.assert_allclose(second, first, atol=2e-3)
    assert np.abs(first).max() == 1
    np.testing.assert_allclose(first.max(axis=0), -first.min(axis=0), atol=1e-3)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"words": NAMES[:10]}, "received 10 words"),
        ({"maps": {"one": MAPS["one"]}}, r"tables \['one', 'other'\], maps \['one'\]"),
        ({"tables": {}, "maps": {}}, "a map for each table"),
        ({"tables": {**TABLES, "other": np.ones((29, 8))}}, "each of 30 words: received 29"),
        ({"tables": {**TABLES, "other": np.zeros((30, 8))}}, "only zeros"),
        ({"maps": {**MAPS, "other": MAPS["other"][:9]}}, r"\(30, 2\): received \(9, 2\)"),
        ({"groups": {}}, "from 1 to 6 groups"),
        ({"groups": {str(n): [n] for n in range(7)}}, "from 1 to 6 groups"),
        ({"asked": []}, "a word to ask for"),
        ({"asked": ["zebra"]}, "'zebra' is not in the vocabulary"),
    ],
)
def test_a_map_refuses(changed, message):
    with pytest.raises(ValueError, match=message):
        a_map(**changed)


def test_a_map_refuses_a_group_of_words_that_are_not_there():
    with pytest.raises(IndexError, match="id 30"):
        a_map(groups={"first": [30]})
