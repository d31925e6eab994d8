"""`timing` against a clock that the test moves by hand."""

import os
import platform
import socket
from pathlib import Path

import pytest

from embedding_core.ground import timing
from embedding_core.ground.timing import Timing, machine, measure


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until somebody adds to it."""
    now = [100.0]
    monkeypatch.setattr(timing, "perf_counter", lambda: now[0])
    return now


def takes(clock, *seconds):
    """Make a way that takes as long as told, call after call."""
    left = list(seconds)

    def way():
        clock[0] += left.pop(0)

    return way


def test_the_first_call_of_each_way_is_not_counted(clock):
    times = measure({"a": takes(clock, 50, 1, 2), "b": takes(clock, 60, 4, 8)}, repeats=2)
    assert times == {"a": Timing((1.0, 2.0)), "b": Timing((4.0, 8.0))}


def test_the_rounds_are_interleaved():
    calls = []
    measure({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, repeats=3)
    assert calls == ["a", "b"] * 4


def test_a_result_is_freed_when_the_clock_has_stopped(clock):
    class Costly:
        def __del__(self):
            clock[0] += 9

    assert measure({"a": Costly}, repeats=2)["a"].seconds == (0, 0)


def test_seven_rounds_unless_told_otherwise():
    assert len(measure({"a": int})["a"].seconds) == 7
    assert measure({}) == {}


@pytest.mark.parametrize("repeats", [0, -1, 2.0, True, None])
def test_measure_refuses_a_number_of_rounds_that_is_none(repeats):
    with pytest.raises(ValueError, match="repeats must be a whole number from 1 on") as error:
        measure({"a": pytest.fail}, repeats)
    assert f"received {repeats!r}" in str(error.value)


def test_a_timing_knows_its_middle_and_its_ends():
    odd, even = Timing((0.3, 0.1, 0.25)), Timing((4.0, 1.0, 2.0, 3.0))
    assert (odd.low, odd.median, odd.high) == (0.1, 0.25, 0.3)
    assert even.median == 2.5
    assert str(odd) == "250 ms (100 to 300)"


def test_a_timing_needs_a_round():
    with pytest.raises(ValueError, match="at least one round"):
        Timing(())


def test_machine_names_the_processor_the_cores_and_the_versions(monkeypatch, tmp_path):
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel name\t: Difference Engine No. 2\n", "utf-8")
    monkeypatch.setattr(timing, "_CPU_INFO", info)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert machine().startswith("Difference Engine No. 2, 3 core(s); Python ")
    assert f"Python {platform.python_version()}, NumPy " in machine()


def test_machine_falls_back_where_nothing_names_the_model(monkeypatch, tmp_path):
    info = tmp_path / "cpuinfo"
    monkeypatch.setattr(timing, "_CPU_INFO", info)
    monkeypatch.setattr(platform, "processor", lambda: "")
    monkeypatch.setattr(platform, "machine", lambda: "abacus")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert machine().startswith("abacus, 1 core(s)")
    info.write_text("model name\t:\nBogoMIPS\t: 50\n", "utf-8")
    assert machine().startswith("abacus")


def test_machine_gives_nobody_away():
    said = machine()
    assert socket.gethostname() not in said
    assert str(Path.home()) not in said
    assert "\n" not in said
