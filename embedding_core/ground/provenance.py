"""On what, and when, something was recorded that the book shows: no host, no user, no path."""

import platform
from datetime import UTC, datetime


def running_on() -> str:
    """Return system, processor and Python, as in "Linux x86_64, Python 3.11.9"."""
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"


def today() -> str:
    """Return year, month and day, UTC, as in "2026-01-31"."""
    return f"{datetime.now(UTC):%Y-%m-%d}"
