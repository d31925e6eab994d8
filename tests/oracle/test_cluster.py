"""The table on real parameter servers: it learns what one process learns, and only rows travel."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest

from embedding_core.scale.cluster import LocalCluster, Spread, Work
from embedding_core.scale.cluster.demo import bytes_a_step, bytes_of_rows, fits, in_one_process
from embedding_core.scale.cluster.local import free_addresses


@pytest.fixture
def work(tmp_path):
    """A work that is done in a moment."""
    return Work(str(tmp_path), 20, 1001, 4, batch_size=32, save_every=10, data="random")


def kinds(events):
    return [event["event"] for event in events]


def read(checkpoint):
    """Read a checkpoint with TensorFlow's reader: the weights, by id, and Adagrad's sums."""
    from embedding_core.keras_bridge import load_keras

    load_keras()
    import tensorflow as tf

    reader = tf.train.load_checkpoint(str(checkpoint / "state"))
    names = ("table", "unit/0", "unit/1"), ("sums", "unit_sums/0", "unit_sums/1")
    both = [[reader.get_tensor(f"{n}/.ATTRIBUTES/VARIABLE_VALUE") for n in ns] for ns in names]
    order = Spread(len(both[0][0])).place(np.arange(len(both[0][0])))
    return [[tensors[0][order].astype("float64"), *tensors[1:]] for tensors in both]


def gradients(table, kernel, bias, x, y):
    """Work out the mean loss's gradients in float64: mean of rows, unit, sigmoid."""
    words = (x != 0)[..., None]
    counts = np.maximum(words.sum(1), 1)
    mean = (table[x] * words).sum(1) / counts
    wrong = (1 / (1 + np.exp(-(mean @ kernel + bias))) - y[:, None]) / len(x)
    of_table = np.zeros_like(table)
    of_words = (wrong @ kernel.T / counts)[:, None, :] * words
    np.add.at(of_table, x.ravel(), of_words.reshape(-1, table.shape[1]))
    return of_table, mean.T @ wrong, wrong.sum(0)


@pytest.mark.parametrize("ps", [1, 2])
def test_a_step_on_the_servers_is_adagrads_step(host, work, tmp_path, ps):
    """All samples in one batch, so that their order plays no part; ids repeat."""
    work = replace(work, steps=2, batch_size=1024, save_every=1)
    with LocalCluster(host, workers=1, ps=ps) as cluster:
        assert kinds(cluster.train(work)) == ["ready", "steps", "steps", "finished"]
    (weights, sums), (reached, _) = (read(tmp_path / f"step-{n:08d}") for n in (1, 2))
    found = gradients(*weights, *work.samples()[0])
    for weight, total, gradient, after in zip(weights, sums, found, reached, strict=True):
        expected = weight - work.learning_rate * gradient / np.sqrt(total + gradient**2)
        assert np.abs(expected - weight).max() > 1e-3
        np.testing.assert_allclose(after, expected, atol=1e-5)


def test_it_reaches_the_accuracy_of_one_process(host, tmp_path):
    """1,706 sentences to test on: one standard deviation is a per cent."""
    work = Work(str(tmp_path), steps=300, save_every=100)
    with LocalCluster(host) as cluster:
        *_, last = cluster.train(work)
    assert last["steps"] == 300
    assert abs(last["accuracy"] - in_one_process(work)) < 0.03
    assert last["accuracy"] > 0.7


def test_only_the_rows_of_a_batch_travel(host, tmp_path):
    """Counted at a gate before each server; the protocol may add a fifth."""
    work = Work(str(tmp_path), steps=40, save_every=20)
    on_paper = bytes_of_rows(work)
    by_rows, by_table = (bytes_a_step(host, replace(work, pull=p)) for p in ("rows", "table"))
    assert on_paper < by_rows < 1.2 * on_paper
    assert by_table > 4 * work.rows * work.columns


def test_a_table_too_large_for_one_server_fits_two(host, work):
    large = replace(work, rows=6_000_000, columns=16, steps=2, save_every=0)
    assert "OOM when allocating tensor" in fits(host, large, 1, megabytes=950)
    assert fits(host, large, 2, megabytes=950) == "fits"


def test_a_checkpoint_of_two_servers_is_read_into_three(host, work):
    with LocalCluster(host, ps=2) as cluster:
        *_, before = cluster.train(work)
    with LocalCluster(host, ps=3) as cluster:
        ready, after = cluster.train(work)
    assert ready["event"] == "ready"
    assert ready["steps"] == before["steps"] == 20
    assert after["accuracy"] == before["accuracy"]


def test_each_process_can_be_started_by_hand_with_tf_config(tmp_path):
    """As on many machines: one command, and its own task in TF_CONFIG."""
    chief, worker, ps = free_addresses(3)
    cluster = {"chief": [chief], "worker": [worker], "ps": [ps]}
    command = [sys.executable, "-m", "embedding_core", "cluster"]

    def start(job, *more, **pipes):
        config = json.dumps({"cluster": cluster, "task": {"type": job, "index": 0}})
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TF_CONFIG": config}
        return subprocess.Popen([*command, *more], env=environment, text=True, **pipes)

    with ExitStack() as stack:
        for job in ("worker", "ps"):
            server = stack.enter_context(start(job, stderr=subprocess.DEVNULL))
            stack.callback(server.kill)
        train = ["--checkpoints", str(tmp_path), "--steps", "50", "--limit", "500"]
        with start("chief", *train, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            stack.callback(process.kill)
            said, errors = process.communicate(timeout=500)
        assert process.returncode == 0, errors
        assert "0 steps done before" in said
        assert "finished after 50 steps, accuracy 0." in said
    assert (tmp_path / "step-00000050").is_dir()
