"""A real Chromium and a real server for the built book."""

import functools
import http.server
import os
import threading

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
def contexts():
    """The browser's contexts, by their options: a new one costs more than the page in it."""
    return {}


@pytest.fixture(scope="session")
def forget():
    """Leave nothing behind for the next test: no page, and nothing that a page has stored."""

    def forget(context):
        for page in context.pages:
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
            page.close()
        context.clear_cookies()

    return forget


@pytest.fixture
def open_page(browser, contexts, forget):
    """Open an address; return the page, ready, with its troubles noted in `page.troubles`."""
    used = []

    def open_page(address, **options):
        key = repr(sorted(options.items()))
        if key not in contexts:
            contexts[key] = browser.new_context(**options)
            contexts[key].set_default_timeout(90_000)  # on a busy machine
        used.append(contexts[key])
        page = contexts[key].new_page()
        page.troubles = []
        origin = "file:" if address.startswith("file:") else address.split("/", 3)[2]

        def note(kind, text):
            page.troubles.append(f"{kind}: {text}")

        def check_request(request):
            if origin not in request.url and not request.url.startswith(("data:", "blob:")):
                note("outside request", request.url)

        page.on("request", check_request)
        page.on("requestfailed", lambda request: note("failed request", request.url))
        page.on("response", lambda r: r.status >= 400 and note(f"status {r.status}", r.url))
        page.on("pageerror", lambda error: note("error", error))
        page.on("console", lambda m: m.type == "error" and note("console", m.text))
        page.goto(address)
        page.evaluate("document.fonts.ready.then(() => true)")
        return page

    yield open_page
    for context in used:
        forget(context)
