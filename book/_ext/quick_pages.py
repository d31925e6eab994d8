"""Let a page show its text before its scripts run, and spare it work done once for all here.

- The scripts that a page names in its head wait until the text is there. Only those that the
  scripts written into the page itself need at once do not; ``book/_templates/layout.html`` leaves
  out the three of the search, which only its own page uses.
- A script for what a page does not have is left off it.
- The theme knows light or dark only when its script runs, and then the whole page is styled once
  more. The page says it at once, by the theme's own rule.
- The theme looks, when the page has loaded, for blocks that scroll, and has the browser lay out
  each block off the screen on its own. ``_static/scrolls.js`` looks when the browser rests.
"""

import re
from pathlib import Path

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
# How the theme's script begins to look for blocks that scroll.
LOOKS = re.compile(
    r',"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)'
)


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


def finish(app, error):
    """Set the theme on every page, and have its script leave the blocks that scroll alone."""
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        page.write_text(page.read_text("utf-8").replace(THEME, THEME_AT_ONCE), "utf-8")
    script = Path(app.outdir) / "_static/scripts/pydata-sphinx-theme.js"
    script.write_text(LOOKS.sub("", script.read_text("utf-8")), "utf-8")


def setup(app):
    """Connect: after what else changes the list of a page's scripts."""
    app.connect("html-page-context", defer, priority=900)
    app.connect("build-finished", finish)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
