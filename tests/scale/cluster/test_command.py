"""The command line, as far as it goes without TensorFlow."""

import json
import sys

import pytest

from embedding_core.__main__ import main
from embedding_core.scale.cluster import Host, LocalCluster
from embedding_core.scale.cluster.command import line
from embedding_core.scale.cluster.demo import host_unless_skipped, three_faults
from embedding_core.scale.cluster.local import free_addresses


@pytest.fixture
def config(monkeypatch):
    def put(job="chief", index=0):
        cluster = {"chief": ["a:1"], "worker": ["b:2"], "ps": ["c:4"]}
        config = {"cluster": cluster, "task": {"type": job, "index": index}}
        monkeypatch.setenv("TF_CONFIG", json.dumps(config))

    return put


def test_a_bad_config_is_an_error_on_stderr(monkeypatch, capsys):
    monkeypatch.setenv("TF_CONFIG", "{}")
    assert main(["cluster"]) == 1
    assert "error: TF_CONFIG must look like" in capsys.readouterr().err


def test_a_chief_without_a_folder_is_an_error(config, capsys):
    config("chief")
    assert main(["cluster"]) == 1
    assert "error: the chief needs --checkpoints FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize("steps", ["0", "-3"])
def test_impossible_steps_are_an_error(config, capsys, steps):
    config("chief")
    assert main(["cluster", "--checkpoints", "x", "--steps", steps]) == 1
    assert f"steps must be a whole number from 1 on: received {steps}" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "count"), [("--ps", 0), ("--ps", -1), ("--workers", 0)])
def test_a_demonstration_with_too_few_processes_is_refused_by_the_name_of_the_option(
    monkeypatch, capsys, option, count
):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert main(["cluster", option, str(count)]) == 1
    told = capsys.readouterr()
    assert told.err == f"error: {option} must be a whole number from 1 on: received {count}.\n"
    assert told.out == ""


def test_another_system_is_told_what_it_can_do(monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(OSError, match="needs Linux; elsewhere start each process with its own"):
        Host()


@pytest.mark.parametrize(
    ("workers", "ps", "name"), [(0, 2, "workers"), (2, 0, "ps"), (1.0, 1, "wo")]
)
def test_a_cluster_needs_one_of_each(workers, ps, name):
    with pytest.raises(ValueError, match=f"{name}.* must be a whole number from 1 on"):
        LocalCluster(None, workers, ps)


def test_events_are_written_in_words():
    event = {"event": "finished", "seconds": 12.34, "steps": 400, "accuracy": 0.7361}
    assert line(event) == "   12.3 s  finished after 400 steps, accuracy 0.736"
    fault = {"event": "fault", "seconds": 1.0, "what": "kill ps 1", "steps": 3}
    assert line(fault).endswith("FAULT: kill ps 1")


def test_a_single_worker_is_not_killed_in_the_demonstration():
    assert three_faults(2, 3, 400) == {
        100: ("kill", "worker", 1),
        200: ("stop", "worker", 0),
        300: ("kill", "ps", 2),
    }
    assert 100 not in three_faults(1, 2, 400)


def test_too_many_addresses_are_not_promised():
    with pytest.raises(OSError, match="free ports of 20000"):
        free_addresses(20_000)


def test_the_cluster_cells_can_be_switched_off_but_not_in_ci(monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("EMBEDDING_BOOK_CLUSTER", "0")
    assert host_unless_skipped() is None
    assert "Skipped, because EMBEDDING_BOOK_CLUSTER is 0" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    with pytest.raises(RuntimeError, match="for readers"):
        host_unless_skipped()
