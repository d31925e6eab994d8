"""A real Chromium and a real server for the built book."""

import functools
import http.server
import os
import shutil
import threading

import pytest
from contents import SITE
from playwright.sync_api import sync_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


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
        pytest.skip("there is no Chromium to open the pages in (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        # Root, as in containers, has no sandbox.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server():
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    handler = functools.partial(Quiet, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["file", "http"])
def base(request, server):
    """From disk and from a server: browsers treat them differently."""
    return SITE.as_uri() if request.param == "file" else server


@pytest.fixture
def open_page(browser):
    """Open an address; return the page, ready, with its troubles noted in `page.troubles`."""
    contexts = []

    def open_page(address, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
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
        page.evaluate("window.MathJax?.startup?.promise")
        page.evaluate("document.fonts.ready.then(() => true)")
        return page

    yield open_page
    for context in contexts:
        context.close()
