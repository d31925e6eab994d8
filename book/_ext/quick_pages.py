"""Let a page show its text before its scripts run, and spare it work done once for all here.

- The scripts that a page names in its head wait until the text is there. Only those that the
  scripts written into the page itself need at once do not; ``book/_templates/layout.html`` leaves
  out the three of the search, which only its own page uses.
- A script for what a page does not have is left off it.
- The theme knows light or dark only when its script runs, and then the whole page is styled once
  more. The page says it at once, by the theme's own rule.
- The theme has each page read 1.5 MB of Font Awesome in order to draw a dozen icons. They are
  drawn here instead, from the same file, as the elements that it would make.
"""

import re
from functools import cache
from pathlib import Path

import pydata_sphinx_theme

AT_ONCE = "documentation_options.js"
# What a page must hold for a script to have something to do there.
NEEDED = {
    "search_from_disk.js": "search-results",
    "design-tabs.js": "sd-tab-set",
    "live/live.js": "data-live=",
    "live/lookup.js": 'data-live="lookup"',
    "live/repeated.js": 'data-live="repeated"',
    "live/map.js": 'data-live="map"',
}
THEME = """localStorage.getItem("theme") || "auto";"""
THEME_AT_ONCE = """((mode) => mode === "light" || mode === "dark" ? mode
      : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"
    )(document.documentElement.dataset.mode);"""
ICONS = (
    Path(pydata_sphinx_theme.__file__).parent
    / "theme/pydata_sphinx_theme/static/scripts/fontawesome.js"
)
ICON = re.compile(r'<(i|span) class="([^"]*\bfa(?:s|-solid)\b[^"]*)"([^>]*)></\1>')
LOADED = re.compile(r"\s*<!--[^>]*custom icons -->\s*<script[^>]*fontawesome\.js[^>]*></script>")


def defer(app, pagename, templatename, context, doctree):
    """Have the scripts of a page's head wait; Sphinx's own pages keep theirs as they are."""
    if doctree is None:
        return
    context["script_files"] = [
        deferred(script) if script.filename and AT_ONCE not in script.filename else script
        for script in context["script_files"]
        if needed(script.filename, context["body"])
    ]


def needed(script, body):
    """Say whether a page has something for a script to do."""
    marks = [mark for name, mark in NEEDED.items() if script and script.endswith(name)]
    return not marks or marks[0] in body


def deferred(script):
    """Copy a script's entry, which all pages share."""
    attributes = script.attributes | {"defer": "defer"}
    return type(script)(script.filename, priority=script.priority, **attributes)


@cache
def drawing(name):
    """Return the width, the height and the outline of a solid icon."""
    found = re.findall(
        rf'[{{,]"?{re.escape(name)}"?:\[(\d+),(\d+),\[[^]]*\],"\w+","([^"]+)"\]',
        ICONS.read_text("utf-8"),
    )
    if not found:
        raise LookupError(f"{ICONS} has no icon {name!r}: a theme's page asks for it")
    return found[-1]  # brands and outlined icons come first


def draw(match):
    """Write the element for an icon's."""
    _, classes, attributes = match.groups()
    names = classes.split()
    name = next(n[3:] for n in names if n.startswith("fa-") and n not in ("fa-solid", "fa-lg"))
    width, height, outline = drawing(name)
    return (
        f'<svg class="svg-inline--fa {" ".join(names)}"{attributes} aria-hidden="true"'
        f' viewBox="0 0 {width} {height}"><path fill="currentColor" d="{outline}"></path></svg>'
    )


def finish(app, error):
    """Draw the icons of every page, take the script that did it off the site, and set the theme."""
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text("utf-8")
        text = ICON.sub(draw, LOADED.sub("", text)).replace(THEME, THEME_AT_ONCE)
        page.write_text(text, "utf-8")
    for ending in ("", ".map"):  # its licence, which is the icons', stays
        (Path(app.outdir) / f"_static/scripts/fontawesome.js{ending}").unlink()


def setup(app):
    """Connect: icons after the repairs, which know the theme's elements."""
    app.connect("html-page-context", defer, priority=900)
    app.connect("build-finished", finish, priority=900)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
