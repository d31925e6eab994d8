"""A real Chromium and a real server for the built book."""

import functools
import http.server
import os
import threading
from collections import defaultdict

import pytest
from contents import SITE

from tools.browser import CHROMIUM, MISSING, chromium

FOLDER = "/some/book"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI, a check of the site that was skipped is one that failed."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def server():
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def translate_path(self, path):
            """Serve the book from a folder, as the usual hosts do."""
            return super().translate_path(path.removeprefix(FOLDER))

        def send_error(self, code, *args):
            """Answer with the book's own page for what is not there."""
            page = (SITE / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

    handler = functools.partial(Quiet, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{FOLDER}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["file", "http"])
def base(request, server):
    """From disk and from a server: browsers treat them differently."""
    return SITE.as_uri() if request.param == "file" else server


@pytest.fixture(scope="session")
def idle():
    """The pages that no test uses now, by their contexts' options."""
    return defaultdict(list)


# A page stores something as it is left, too: this listener comes after its own.
CLEAR = "addEventListener('pagehide', () => { localStorage.clear(); sessionStorage.clear(); })"


@pytest.fixture(scope="session")
def forget():
    """Leave nothing of a test behind for the next: a page as good as new."""

    def forget(page, viewport=None, color_scheme="light", reduced_motion="no-preference", **_):
        for other in page.context.pages:
            if other.opener() == page:
                other.close()
        page.evaluate(CLEAR)
        page.goto("about:blank")
        page.context.clear_cookies()
        page.mouse.move(0, 0)
        if viewport:
            page.set_viewport_size(viewport)
        page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion=reduced_motion)

    return forget


# What is far from the screen has been laid out (scrolls.js has asked before for a moment in which
# the browser rests), and all letters are there.
READY = """new Promise(rests => requestIdleCallback(rests))
    .then(() => new Promise(requestAnimationFrame))
    .then(() => new Promise(requestAnimationFrame))
    .then(() => document.fonts.ready)
    .then(() => true)"""


@pytest.fixture
def open_page(browser, idle, forget):
    """Open an address; return the page, ready, with its troubles noted in `page.troubles`.

    Pages are used again: a new one, in a new process, costs more than what is opened in it.
    """
    used = []

    def open_page(address, **options):
        key = repr(sorted(options.items()))
        page = idle[key].pop() if idle[key] else watched(browser.new_context(**options))
        used.append((page, key, options))
        page.troubles = []
        page.home = "file:" if address.startswith("file:") else address.split("/", 3)[2]
        page.goto(address)
        page.evaluate(READY)
        return page

    yield open_page
    for page, key, options in used:
        forget(page, **options)
        idle[key].append(page)


def watched(context):
    """Return a new page, which notes what goes wrong in it."""
    context.set_default_timeout(90_000)  # on a busy machine
    page = context.new_page()

    def note(kind, text):
        page.troubles.append(f"{kind}: {text}")

    def check_request(request):
        if page.home not in request.url and not request.url.startswith(("data:", "blob:")):
            note("outside request", request.url)

    page.on("request", check_request)
    page.on("requestfailed", lambda request: note("failed request", request.url))
    page.on("response", lambda r: r.status >= 400 and note(f"status {r.status}", r.url))
    page.on("pageerror", lambda error: note("error", error))
    page.on("console", lambda m: m.type == "error" and note("console", m.text))
    return page
