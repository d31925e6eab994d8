"""What axe-core and the keyboard find wrong on a page.

How a text or a mark of the focus stands out is judged once for all that look alike, on whatever
page of this process: a fault is found on the first page that has it. See looks.js.
"""

from pathlib import Path

HERE = Path(__file__).parent
TWINS = (HERE / "twins.js").read_text("utf-8")
FOCUS = (HERE / "focus.js").read_text("utf-8")
ONE_OF_TWINS = """axe.configure({rules: [
    {id: "color-contrast", selector: ":not([data-twin])"},
    {id: "link-in-text-block", selector: "a[href]:not([data-twin])"},
]})"""
AXE = "; ".join(
    [(HERE / name).read_text("utf-8") for name in ("axe.min.js", "looks.js")] + [ONE_OF_TWINS]
)
COLOURS = ["color-contrast", "link-in-text-block"]  # all that a scheme of colours decides
# The looks that were judged: of texts, and of what has the focus.
TEXTS, FOCUSED = set(), set()


# preload: axe would fetch the style sheets again, which a page from disk may not.
# selectors: nobody reads these addresses of elements, which take a tenth of the time.
# Of a text that is half behind another axe cannot tell: its look waits for a page where it can.
RUN = """([within, rules]) => axe.run(within, {
    ...(rules && { runOnly: rules }), preload: false, selectors: false, elementRef: true,
    resultTypes: ["violations", "incomplete"],
}).then(({ passes, violations, incomplete }) => [
    passes.length,
    violations.map(({ id, nodes: [{ html, failureSummary }] }) =>
        `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    incomplete.filter(({ id }) => ["color-contrast", "link-in-text-block"].includes(id))
        .flatMap(({ nodes }) => nodes.map(({ element }) => element.look)),
])"""


def prepare(page):
    """Have ready on a page what the two functions below need."""
    page.evaluate(AXE)
    page.keyboard.press("Tab")  # then the browser takes focus by script for focus by keyboard


def axe(page, within="html", rules=None):
    """Run axe-core, all its rules or some; return what it finds wrong, with what to do about it."""
    looks = page.evaluate(TWINS, [within, [*TEXTS]])
    if rules == COLOURS and not looks:
        return []
    passes, violations, doubtful = page.evaluate(RUN, [within, rules])
    assert passes > 5 or rules
    TEXTS.update({*looks} - {*doubtful})
    return violations


def unmarked_focus(page):
    """Focus everything that can be; return what then shows no mark, or too weak a one."""
    focused, unmarked = page.evaluate(FOCUS, [*FOCUSED])
    FOCUSED.update(focused)
    assert len(FOCUSED) > 5
    return unmarked
