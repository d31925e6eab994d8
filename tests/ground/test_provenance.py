"""ground/provenance.py: where and when."""

import platform
from datetime import datetime, timedelta, timezone

from embedding_core.ground import provenance


def test_system_processor_and_python_are_named_and_nothing_else(monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "Analytical")
    monkeypatch.setattr(platform, "machine", lambda: "engine")
    monkeypatch.setattr(platform, "python_version", lambda: "3.14.15")
    assert provenance.running_on() == "Analytical engine, Python 3.14.15"


def test_the_day_is_that_of_utc_wherever_the_machine_stands(monkeypatch):
    """Half past eight in the evening in New York is the next day in Greenwich."""
    evening = datetime(2026, 1, 31, 20, 30, tzinfo=timezone(timedelta(hours=-5)))

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return evening.astimezone(tz or evening.tzinfo)

    monkeypatch.setattr(provenance, "datetime", Clock)
    assert provenance.today() == "2026-02-01"
