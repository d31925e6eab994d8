"""One palette, legible, and told apart by readers who see fewer colours."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from embedding_core.lessons.figures import style

FOLDER = Path(style.__file__).parent
CSS = Path(__file__).parents[3] / "book" / "_static" / "custom.css"
WHITE = "#ffffff"
# For lines and points; for text; for what stands behind text.
MARKS = ("BLUE", "VERMILLION", "GREEN", "PURPLE", "INK", "QUIET")
TEXT = ("INK", "QUIET", "BLUE", "GREEN", "RUST")
TINTS = ("PALE_BLUE", "PALE_VERMILLION", "PALE")
APART = 10  # in CIELAB; about 2 is the least difference that side by side can be seen

# What is left of a colour's light for those who lack one kind of cones: Machado, Oliveira and
# Fernandes (2009), "A physiologically-based model for simulation of color vision deficiency".
SEEN = {
    "all cones": np.eye(3),
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.072175],
        [0.0193339, 0.119192, 0.9503041],
    ]
)


def light(color):
    """The light of a screen's three colours, as sRGB defines it."""
    value = np.array(to_rgb(color))
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """As the WCAG define it."""
    low, high = sorted((XYZ @ light(color))[1] for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(light):
    """CIELAB, in which equal distances look about equally large."""
    part = XYZ @ light / XYZ.sum(axis=1)
    f = np.where(part > 216 / 24389, np.cbrt(part), (24389 / 27 * part + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one, other, seen):
    first, second = (lab(np.clip(np.array(seen) @ light(c), 0, 1)) for c in (one, other))
    return np.linalg.norm(first - second)


def test_the_measures_are_right():
    assert contrast("black", "white") == pytest.approx(21)
    assert lab(light("white")) == pytest.approx([100, 0, 0], abs=1e-6)
    assert lab(light("red")) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    # The pair that readers without red or green confuse, and that others do not.
    red, green = "#b8503b", "#7a7a22"
    assert distance(red, green, SEEN["all cones"]) > 4 * distance(red, green, SEEN["no green"])


@pytest.mark.parametrize("name", MARKS)
def test_marks_stand_out_from_the_paper(name):
    assert contrast(getattr(style, name), WHITE) >= 3


@pytest.mark.parametrize("name", TEXT)
def test_text_can_be_read_on_the_paper(name):
    assert contrast(getattr(style, name), WHITE) >= 4.5


@pytest.mark.parametrize("tint", TINTS)
def test_ink_can_be_read_on_every_tint(tint):
    assert contrast(style.INK, getattr(style, tint)) >= 7


@pytest.mark.parametrize("reader", SEEN)
@pytest.mark.parametrize(("one", "other"), [*combinations(MARKS, 2), TINTS[:2]])
def test_every_reader_can_tell_two_colours_apart(reader, one, other):
    colors = (getattr(style, one), getattr(style, other))
    assert distance(*colors, SEEN[reader]) >= APART


def test_no_figure_has_a_colour_of_its_own():
    files = [file for file in FOLDER.glob("*.py") if file.name != "style.py"]
    own = {f.name: re.findall(r"#[0-9a-fA-F]{3,8}\b", f.read_text("utf-8")) for f in files}
    assert len(files) > 5
    assert {name: found for name, found in own.items() if found} == {}


def test_the_pages_have_the_figures_colours():
    sheet = CSS.read_text("utf-8")
    for name in ("blue", "vermillion", "green"):
        assert f"--book-{name}: {getattr(style, name.upper()).lower()};" in sheet
