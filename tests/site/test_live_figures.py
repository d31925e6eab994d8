"""The live figures in a real Chromium: their numbers against the package, and their use.

The functions compared are those that the figures themselves use, on `window.LookupTable`.
"""

import base64
import json
import re

import numpy as np
import pytest
from contents import SITE
from looks import axe, prepare
from test_browser import DESK, PHONE

from embedding_core.ids import distinct
from embedding_core.lessons.costs import forward
from embedding_core.lessons.figures.live.lookup import SIZES
from embedding_core.lessons.figures.live.repeated import OPTIMIZERS, RATE
from embedding_core.lessons.scatters import overwrite
from embedding_core.ops import IndexedSlices, gather, one_hot, scatter_add
from embedding_core.relatives.neighbours import nearest
from embedding_core.text import TextVectorization
from embedding_core.variable import Variable

pytestmark = pytest.mark.browser

PAGES = {
    "lookup": "book/06_one_hot_product",
    "repeated": "book/07_gradient",
    "map": "book/11_meaning",
}
TIMES = 20  # random inputs for each comparison
# What people type: capitals, punctuation, words that no vocabulary has, spaces of several kinds.
ODD = [
    "The",
    "film!",
    "it's",
    "Ünglück",
    "FILM",
    "zzz",
    "a\u00a0b",
    "(and)",
    "good\tbad",
    "--",
    "İ",
]


@pytest.fixture
def open_figure(open_page):
    """Open the page of a figure; return the page and the figure."""

    def open_figure(kind, **options):
        address = f"{SITE.as_uri()}/{PAGES[kind]}.html"
        page = open_page(address, **{"viewport": DESK} | options)
        figure = page.locator(f'.live[data-live="{kind}"]')
        figure.evaluate("figure => figure.scrollIntoView()")
        figure.locator(".live-stage").wait_for(state="attached")
        return page, figure

    return open_figure


@pytest.fixture(scope="module")
def computing(browser):
    """A page for all that is computed and not shown: nothing is kept in it between two calls."""
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(f"{SITE.as_uri()}/{PAGES['lookup']}.html")
    for other in ("repeated", "map"):  # a page has the scripts of its own figure
        page.add_script_tag(path=SITE / f"_static/live/{other}.js")
    yield page
    context.close()


@pytest.fixture
def compute(computing):
    """Call one of the figures' own functions: `compute("addUp", ids, vectors, 5)`."""

    def compute(name, *arguments):
        return computing.evaluate(
            "([name, given]) => window.LookupTable[name](...given)", [name, list(arguments)]
        )

    return compute


@pytest.fixture
def lookup_data(computing):
    """What the figure of chapter 6 is given."""
    return data_of(computing.locator('.live[data-live="lookup"]'))


def data_of(figure):
    return json.loads(figure.locator("script").text_content())


def random_ids(rng, rows, longest=8):
    return rng.integers(0, rows, rng.integers(1, longest + 1))


# What JavaScript computes, against the package.


def test_ids_are_those_of_text_vectorization(lookup_data, compute):
    vocabulary = lookup_data["vocabulary"]
    rng = np.random.default_rng(0)
    unknown = 0
    for _ in range(TIMES):
        size = int(rng.choice([size for size in SIZES if size <= len(vocabulary)]))
        edge = vocabulary[size - 1 : size + 1]  # the last word that is in, the first that is not
        words = [*rng.choice(vocabulary[2:60], 4), *edge, *rng.choice(ODD, 2)]
        sentence = " ".join(rng.permutation(words))
        vectorize = TextVectorization(vocabulary=vocabulary[2:size])
        expected = vectorize(sentence).tolist()
        found = compute("toIds", compute("tokens", sentence), vocabulary, size)
        assert found == expected, sentence
        unknown += found.count(1)
    assert 0 < unknown < 8 * TIMES


def test_rows_and_product_are_exactly_those_of_the_package(lookup_data, compute):
    table = lookup_data["table"]
    rng = np.random.default_rng(1)
    for _ in range(TIMES):
        size = int(rng.choice([size for size in SIZES if size <= len(table)]))
        ids, here = random_ids(rng, size), table[:size]
        encoded = compute("oneHot", ids.tolist(), size)
        assert encoded == one_hot(ids, size, dense=True).tolist()
        assert compute("gather", here, ids.tolist()) == gather(np.array(here), ids).tolist()
        product = one_hot(ids, size, "float64", dense=True) @ np.array(here)
        assert compute("multiply", encoded, here) == product.tolist()


def test_counters_are_those_of_the_package(compute):
    rng = np.random.default_rng(2)
    for _ in range(TIMES):
        n, V, D = (int(rng.integers(1, top)) for top in (9, 1_000_000, 300))
        for way in ("look-up", "dense product"):
            counted, expected = compute("cost", way, n, V, D), forward(way, n, V, D)
            assert counted["multiplications"] == expected.multiplications
            assert counted["moved"] == expected.moved
        small = rng.integers(2, 9)
        zeros = int((one_hot(random_ids(rng, small, 8)[:1], small, dense=True) == 0).sum())
        assert compute("cost", "dense product", 1, int(small), D)["byZero"] == zeros * D


def test_gradients_arrive_as_in_the_package(compute):
    rng = np.random.default_rng(3)
    repeated = 0
    for _ in range(TIMES):
        rows = int(rng.integers(2, 9))
        ids = random_ids(rng, rows)
        vectors = rng.integers(-9, 10, (len(ids), 2)).astype(float)
        given = ids.tolist(), vectors.tolist(), rows
        assert compute("addUp", *given) == scatter_add(vectors, ids, rows).tolist()
        assert compute("overwrite", *given) == overwrite(vectors, ids, rows).tolist()
        repeated += len(distinct(ids)[0]) < len(ids)
    assert repeated > TIMES / 2


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_rows_move_as_in_the_package(compute, name):
    rng = np.random.default_rng(4)
    for _ in range(TIMES):
        start = rng.normal(size=(int(rng.integers(2, 9)), 2))
        add = (scatter_add, overwrite)[rng.integers(2)]
        variable, optimizer = Variable(start.copy()), OPTIMIZERS[name]()
        steps, expected = [], [start]
        for _ in range(rng.integers(3, 12)):
            ids = random_ids(rng, len(start), 6)[: rng.integers(0, 7)]  # none at all, at times
            gradient = add(rng.normal(size=(len(ids), 2)), ids, len(start))
            asked = np.bincount(ids, minlength=len(start)) > 0
            steps.append({"gradient": gradient.tolist(), "asked": asked.tolist()})
            slices = IndexedSlices(gradient[asked], np.flatnonzero(asked), start.shape)
            optimizer.apply([slices], [variable])
            expected.append(variable.value.copy())
        found = compute("train", start.tolist(), steps, name, RATE)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_neighbours_are_those_of_the_package(open_figure):
    page, figure = open_figure("map")
    data = data_of(figure)
    count, k = len(data["words"]), data["neighbours"]
    rng = np.random.default_rng(5)
    for _ in range(TIMES):
        name = str(rng.choice(list(data["vectors"])))
        asked = int(rng.integers(count))
        rows = np.frombuffer(base64.b64decode(data["vectors"][name]), "<i2").reshape(count, -1)
        expected = nearest(rows, [asked], k)[0].tolist()
        found = page.evaluate(
            """([text, count, id, k]) => {
                const L = window.LookupTable;
                return L.nearest(L.unpack(text, count), id, k).map((one) => one.id);
            }""",
            [data["vectors"][name], count, asked, k],
        )
        assert found == expected
        # And this is what the figure shows.
        figure.get_by_role("radio", name=name).check()
        figure.get_by_role("searchbox").fill(data["words"][asked])
        assert figure.locator(".live-near button").all_inner_texts() == [
            data["words"][i] for i in expected
        ]
    assert page.troubles == []


# Lookup or multiply, in use.


def counters(figure):
    return figure.locator(".live-stage table tbody td").all_inner_texts()


def shown_costs(n, size, width=2):
    product = forward("dense product", n, size, width)
    return f"{product.multiplications:,}", f"{n * (size - 1) * width:,}"


def test_lookup_answers_a_sentence_and_the_mouse(open_figure):
    page, figure = open_figure("lookup")
    data = data_of(figure)
    figure.get_by_role("textbox").fill("The film, a zebra!")
    said = figure.locator(".live-said").inner_text()
    ids = TextVectorization(vocabulary=data["vocabulary"][2 : data["size"]])("the film a zebra")
    assert said.startswith(f"Ids {', '.join(map(str, ids))}. ")
    assert "Both give the same 8 numbers." in said
    assert "zebra" in figure.locator(".live-note").inner_text()
    pictures = figure.locator('.live-stage svg[role="img"]')
    numbers = [f"{number:.2f}".replace("-", "−") for i in ids for number in data["table"][i]]
    for picture in pictures.all():
        assert picture.locator("text.number").all_text_contents()[-8:] == numbers
    # All zeros of the one-hot matrix are lit, and nothing else.
    assert pictures.nth(1).locator("text.zero").count() == 4 * (data["size"] - 1)
    multiplications, by_zero = shown_costs(4, data["size"])
    shown = counters(figure)
    assert shown[0] == "0"
    assert shown[1] == multiplications
    assert shown[3].startswith(f"{by_zero} ")
    slider = figure.get_by_role("slider")
    box = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    assert counters(figure)[1] == shown_costs(4, max(SIZES))[0]
    assert "are counted, not made" in figure.locator(".live-note").inner_text()
    figure.locator(".live-choice").get_by_text("film", exact=True).click(force=True)
    assert figure.get_by_role("radio", name="film").is_checked()
    assert page.troubles == []


def test_lookup_answers_the_keyboard(open_figure):
    page, figure = open_figure("lookup")
    data = data_of(figure)
    figure.get_by_role("textbox").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("film is")
    page.keyboard.press("Tab")
    assert figure.get_by_role("slider").evaluate("slider => slider === document.activeElement")
    page.keyboard.press("ArrowRight")
    size = SIZES[SIZES.index(data["size"]) + 1]
    assert figure.get_by_role("slider").get_attribute("aria-valuetext") == f"{size} rows"
    assert counters(figure)[1] == shown_costs(2, size)[0]
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    chosen = figure.get_by_role("radio", name="is")
    assert chosen.is_checked()
    assert chosen.evaluate("radio => radio === document.activeElement")
    number = data["table"][data["vocabulary"].index("is")][0]
    assert figure.locator(".live-terms strong").inner_text() == f"{number:.2f}".replace("-", "−")
    assert page.troubles == []


def test_lookup_without_a_word_asks_for_one(open_figure):
    page, figure = open_figure("lookup")
    figure.get_by_role("textbox").fill(" ?! ")
    assert figure.locator(".live-said").inner_text() == "Type a word."
    assert figure.locator(".live-stage svg").count() == 0
    figure.get_by_role("textbox").fill("film")
    assert figure.locator(".live-stage svg").count() == 2
    assert page.troubles == []


def test_a_product_written_out_has_every_term(open_figure):
    _, figure = open_figure("lookup")
    data = data_of(figure)
    terms = figure.locator(".live-terms").inner_text()
    factors = [int(one) for one in re.findall(r"\b([01])·", terms)]
    first = data["vocabulary"].index("this")
    assert factors == [int(id == first) for id in range(data["size"])]


# Repeated ids, in use.


def gradient_cells(figure):
    """The table's gradient as drawn: what each number is, after the sum that led to it."""
    texts = figure.locator('svg[role="img"]').first.locator("text.number").all_text_contents()
    return [text.split("= ")[-1] for text in texts][-10:]


def moved(figure):
    return [row.inner_text().split("\t") for row in figure.locator(".live-stage tbody tr").all()]


def press(figure, page, by, role, name):
    control = figure.get_by_role(role, name=name, exact=True)
    if by == "mouse":
        control.click()
    else:
        control.focus()
        page.keyboard.press("Enter" if role == "button" else "Space")


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_repeated_ids_add_up_or_get_lost(open_figure, by):
    page, figure = open_figure("repeated")
    data = data_of(figure)
    vectors = np.array(data["upstream"])
    for more, way in (([], "added up"), ([3, 0], "added up"), ([], "faulty: dW[ids] += g")):
        for id in more:
            press(figure, page, by, "button", f"+ {data['words'][id]}")
        data["batch"] += more
        press(figure, page, by, "radio", way)
        add = scatter_add if way == "added up" else overwrite
        total = add(vectors[: len(data["batch"])], data["batch"], 5)
        assert gradient_cells(figure) == [f"{n:g}".replace("-", "−") for n in total.ravel()]
    # film came three times: the first two of its vectors are lost
    assert figure.locator("svg .cross").count() == 2
    lost = figure.locator("svg text.lost").all_text_contents()
    assert lost == [f"{number:g}" for number in vectors[[0, 2]].ravel()]
    assert figure.locator(".live-said").first.inner_text().count("lost") == 1
    press(figure, page, by, "button", "the last one")
    assert figure.locator("svg text.lost").count() == 4
    press(figure, page, by, "button", "all of them")
    assert gradient_cells(figure) == ["0"] * 10
    assert page.troubles == []


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_rows_nobody_asked_for_move_or_rest(open_figure, by):
    page, figure = open_figure("repeated")
    data = data_of(figure)
    press(figure, page, by, "button", "take a step")
    press(figure, page, by, "button", "all of them")
    press(figure, page, by, "button", "take ten")
    drift = {"SGD, momentum 0.9", "Adam"}
    for name in data["optimizers"]:
        press(figure, page, by, "radio", name)
        rows = {row[0]: row[1:] for row in moved(figure)}
        for word in ("film", "good"):
            assert rows[word][0] == "no"
            assert (rows[word][1] != "(0.00, 0.00)") == (name in drift), name
        assert figure.locator(".live-plane circle.mark.drift").count() == (
            3 if name in drift else 1
        )
        assert ("although" in figure.locator(".live-said").last.inner_text()) == (name in drift)
    press(figure, page, by, "button", "start over")
    assert {cell for row in moved(figure) for cell in row[1:]} == {"–"}
    assert page.troubles == []


def test_a_full_batch_keeps_the_focus_and_takes_no_more(open_figure):
    page, figure = open_figure("repeated")
    button = figure.get_by_role("button", name="+ the", exact=True)
    button.focus()
    for _ in range(10):
        page.keyboard.press("Enter")
    assert button.get_attribute("aria-disabled") == "true"
    assert button.evaluate("button => button === document.activeElement")
    assert figure.locator("svg rect.empty").count() == 0
    assert page.troubles == []


# The map of words, in use.


def list_of(figure):
    return figure.locator(".live-near .live-word").inner_text()


def point(page, figure, word):
    """Where a word is on the page, when the map has come to rest."""
    page.wait_for_timeout(700)
    mark = figure.get_by_role("option", name=word, exact=True).bounding_box()
    return mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2


def test_the_map_answers_the_mouse(open_figure):
    page, figure = open_figure("map")
    data = data_of(figure)
    at_first = data["words"][data["asked"]]
    figure.locator(".live-map").scroll_into_view_if_needed()
    figure.get_by_role("radio", name="skip-gram").check()
    page.mouse.move(*point(page, figure, "jazz"))
    assert list_of(figure) == "jazz"
    assert figure.locator("svg .thread").count() == data["neighbours"]
    page.mouse.move(1, 1)
    assert list_of(figure) == at_first, "a hover is over when the pointer goes"
    page.mouse.click(*point(page, figure, "jazz"))
    page.mouse.move(1, 1)
    assert list_of(figure) == "jazz"
    neighbour = figure.locator(".live-near button").first
    word = neighbour.inner_text()
    neighbour.click()
    assert list_of(figure) == word
    assert page.troubles == []


def test_the_map_answers_the_keyboard(open_figure):
    page, figure = open_figure("map")
    data = data_of(figure)
    figure.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    objective = list(data["maps"])[1]
    assert figure.get_by_role("radio", name=objective).is_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("vam")
    assert figure.locator(".live-note").inner_text().startswith("vampire")
    assert figure.locator(".live-point.is-found").count() == 2
    page.keyboard.press("Enter")
    assert list_of(figure).startswith("vampire")
    page.keyboard.press("Tab")
    listbox = figure.get_by_role("listbox")
    assert listbox.evaluate("box => box === document.activeElement")
    places = np.array(data["maps"][objective])
    for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowUp", 1, 1), ("ArrowLeft", 0, -1)):
        before = data["words"].index(list_of(figure))
        page.keyboard.press(key)
        after = data["words"].index(list_of(figure))
        way = places[after] - places[before]
        assert after == before or sign * way[axis] >= abs(way[1 - axis])
        active = listbox.get_attribute("aria-activedescendant")
        option = figure.locator(f"#{active}")
        assert option.get_attribute("aria-label") == data["words"][after]
        assert option.get_attribute("aria-selected") == "true"
    assert figure.locator('[role="option"][aria-selected="true"]').count() == 1
    assert page.troubles == []


def test_a_word_that_is_not_on_the_map_is_said_to_be_missing(open_figure):
    _, figure = open_figure("map")
    before = list_of(figure)
    figure.get_by_role("searchbox").fill("xylophone")
    assert (
        figure.locator(".live-note").inner_text() == "None of these words begins with “xylophone”."
    )
    assert list_of(figure) == before


# What the list is of after each key: to ask from outside takes as long as to press it.
NOTED = """(figure) => {
    window.met = [];
    document.addEventListener("keyup", () =>
        met.push(figure.querySelector(".live-near .live-word").innerText));
}"""


def test_the_map_leads_to_every_word_without_a_mouse(open_figure):
    page, figure = open_figure("map")
    words = data_of(figure)["words"]
    figure.get_by_role("listbox").focus()
    figure.evaluate(NOTED)
    for _ in words:
        page.keyboard.press("PageDown")
    met = page.evaluate("window.met")
    assert sorted(met) == sorted(words)
    page.keyboard.press("PageUp")
    assert list_of(figure) == met[-2]


# All three.

KINDS = pytest.mark.parametrize("kind", PAGES)
TOUCHED = {
    "lookup": lambda figure: figure.get_by_role("textbox").fill("a zebra and a film"),
    "repeated": lambda figure: (
        figure.get_by_role("radio", name="faulty").check(),
        figure.get_by_role("button", name="+ film").click(),
        figure.get_by_role("button", name="take a step").click(),
        figure.get_by_role("button", name="all of them").click(),
        figure.get_by_role("button", name="take a step").click(),
    ),
    "map": lambda figure: (
        figure.get_by_role("searchbox").fill("s"),
        figure.get_by_role("radio", name="PPMI").check(),
    ),
}


# What surrounds a figure is judged where its page is: its boxes stay, and what is in them goes.
ALONE = """(figure) => {
    for (let box = figure; box !== document.body; box = box.parentElement)
        for (const other of box.parentElement.children)
            if (other !== box && !other.matches("style, script, link")) other.replaceChildren();
}"""


@KINDS
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_in_a_figure_in_use(open_figure, kind, size):
    page, figure = open_figure(kind, viewport=size, reduced_motion="reduce")
    TOUCHED[kind](figure)
    prepare(page)
    figure.locator("summary").click()
    figure.evaluate(ALONE)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        found += [f"{scheme}, {fault}" for fault in axe(page, within=".live")]
    assert found == []


CONTRAST = """(figure) => {
    // The least contrast of a text in an SVG with what lies behind it; axe looks at HTML only.
    const number = (colour) => {
        const canvas = document.createElement("canvas").getContext("2d");
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (rgb) => rgb
        .map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    const root = getComputedStyle(document.documentElement);
    const page = root.getPropertyValue("--pst-color-background");
    let least = Infinity, checked = 0;
    for (const text of figure.querySelectorAll(".live-stage svg text")) {
        const box = text.getBBox(), [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const behind = [...text.ownerSVGElement.querySelectorAll("rect")].filter((rect) => {
            const it = rect.getBBox();
            return it.x <= x && x <= it.x + it.width && it.y <= y && y <= it.y + it.height;
        }).at(-1);
        const back = behind ? getComputedStyle(behind).fill : page;
        const colours = [getComputedStyle(text).fill, back];
        const [one, other] = colours.map((it) => light(number(it))).sort((a, b) => b - a);
        least = Math.min(least, (one + 0.05) / (other + 0.05));
        checked += 1;
    }
    return [least, checked];
}"""


MOVING = """(figure) => [...figure.querySelectorAll("*")]
    .map((part) => getComputedStyle(part))
    .filter((style) => style.animationName !== "none"
        || !style.transitionDuration.split(", ").every((time) => time === "0s")).length"""


@KINDS
def test_what_an_svg_says_can_be_read_in_light_and_dark_and_nothing_else_moves(open_figure, kind):
    page, figure = open_figure(kind, reduced_motion="reduce")
    TOUCHED[kind](figure)
    assert figure.evaluate(MOVING) == 0
    colours = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        least, checked = figure.evaluate(CONTRAST)
        assert checked > 5
        assert least >= 4.5
        text = figure.locator(".live-stage svg text").first
        colours.add(text.evaluate("text => getComputedStyle(text).fill"))
    assert len(colours) == 2, "it follows the theme"


WIDTHS = """(figure) => {
    const picture = figure.querySelector('.live-stage svg:is([role="img"], [role="none"])');
    return [Number(picture.getAttribute("width")), picture.getBoundingClientRect().width];
}"""
OUTSIDE = """(figure) => {
    const stage = figure.querySelector(".live-stage"), frame = stage.getBoundingClientRect();
    return [...stage.querySelectorAll("*")].filter((part) => {
        const box = part.getBoundingClientRect();
        return box.width > 1 && (box.left < frame.left || box.right > frame.right);
    }).map((part) => part.outerHTML.slice(0, 99));
}"""


@KINDS
def test_a_figure_fits_a_narrow_screen_and_is_drawn_anew_when_it_changes(open_figure, kind):
    page, figure = open_figure(kind)
    for width in (375, 320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)
        drawn, shown = figure.evaluate(WIDTHS)
        assert abs(drawn - shown) < 1, "drawn for this width, not scaled to it"
        TOUCHED[kind](figure)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        stage = figure.locator(".live-stage").bounding_box()
        assert figure.evaluate(OUTSIDE) == []
        picture = figure.locator(".live-stage svg").first.bounding_box()
        assert picture["width"] > 0.4 * stage["width"] or width == 1280
    assert page.troubles == []


@pytest.mark.parametrize(("kind", "focused"), [("lookup", "radio"), ("map", "button")])
def test_the_focus_survives_when_a_figure_is_drawn_anew(open_figure, kind, focused):
    page, figure = open_figure(kind)
    part = figure.get_by_role(focused)
    part.last.focus()
    where = "part => [part.tagName, part.textContent, part.value].join()"
    if kind == "lookup":
        page.keyboard.press("Space")
    before = page.evaluate(f"({where})(document.activeElement)")
    page.set_viewport_size({"width": 900, "height": 800})
    page.wait_for_timeout(300)
    assert page.evaluate(f"({where})(document.activeElement)") == before


@pytest.mark.parametrize(("motion", "time"), [("reduce", "0s"), ("no-preference", "0.6s")])
def test_the_map_moves_only_for_those_who_do_not_mind(open_figure, motion, time):
    _, figure = open_figure("map", reduced_motion=motion)
    style = "mark => getComputedStyle(mark).transitionDuration"
    point = figure.locator(".live-point").first
    assert point.evaluate(style) == "0s", "it does not fly to its first place"
    figure.get_by_role("radio", name="PPMI").check()
    assert point.evaluate(style) == time


@KINDS
def test_it_begins_when_its_reader_comes_near(open_page, kind):
    page = open_page(f"{SITE.as_uri()}/{PAGES[kind]}.html", viewport=DESK)
    figure = page.locator(f'.live[data-live="{kind}"]')
    page.wait_for_timeout(200)  # time enough to begin, if it did not wait
    assert figure.locator(".live-stage").count() == 0
    assert figure.locator("details table").first.is_visible()
    figure.evaluate("figure => scrollTo(0, figure.getBoundingClientRect().top - 1.5 * innerHeight)")
    figure.locator(".live-stage").wait_for(state="attached")
    assert page.troubles == []


@KINDS
def test_without_javascript_the_words_stand_there(browser, kind):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{SITE.as_uri()}/{PAGES[kind]}.html")
    figure = page.locator(f'.live[data-live="{kind}"]')
    assert figure.locator(".live-stage").count() == 0
    assert figure.locator("details table").first.is_visible()
    figure.scroll_into_view_if_needed()
    figure.screenshot()  # drawn: before, what is far from the screen has no words that show
    words = figure.inner_text()
    assert len(words.split()) > 60
    assert "{" not in words, "the data is not for reading"
    context.close()


@KINDS
def test_the_words_are_folded_beside_the_figure_and_open(open_figure, kind):
    _, figure = open_figure(kind)
    inside = figure.locator("details table").first
    assert not inside.is_visible()
    figure.locator("summary").focus()
    figure.page.keyboard.press("Enter")
    assert inside.is_visible()


@KINDS
def test_every_control_has_a_name_and_every_picture_a_text(open_figure, kind):
    page, figure = open_figure(kind)
    stage = figure.locator(".live-stage")
    assert stage.get_attribute("role") == "group"
    assert stage.get_attribute("aria-label") == data_of(figure)["label"]
    assert stage.locator('[aria-live="polite"]').count() >= 1
    for picture in stage.locator('svg[role="img"]').all():
        assert len(picture.get_attribute("aria-label").split()) > 8
    tree = stage.aria_snapshot()
    roles = r"- (button|textbox|searchbox|slider|radio|listbox|option)"
    named = re.findall(roles + r'( ")?', tree)
    assert len(named) > 5
    assert all(name for _, name in named), tree
    assert page.troubles == []


def test_pages_without_a_figure_get_none_and_load_none_of_their_scripts(open_page):
    page = open_page(f"{SITE.as_uri()}/book/glossary.html")
    assert page.evaluate("typeof window.LookupTable") == "undefined"
    assert page.locator(".live-stage").count() == 0
    assert page.troubles == []
