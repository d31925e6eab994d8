import json

import pytest

from embedding_core.scale.cluster import Task, Work

CLUSTER = {"chief": ["a:1"], "worker": ["b:2", "b:3"], "ps": ["c:4"]}


def config(cluster=CLUSTER, job="worker", index=1):
    return json.dumps({"cluster": cluster, "task": {"type": job, "index": index}})


def test_a_config_is_read_and_written_as_tensorflow_does():
    task = Task.from_config(config())
    assert (task.job, task.index, task.address) == ("worker", 1, "b:3")
    assert json.loads(task.config()) == json.loads(config())
    assert task.servers() == {("worker", 0): "b:2", ("worker", 1): "b:3", ("ps", 0): "c:4"}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "TF_CONFIG must look like"),
        ("[]", "TF_CONFIG must look like"),
        ("{}", r"must look like .* received '\{\}'"),
        (config(cluster={"worker": ["b:2"]}), "needs addresses for each of"),
        (config(cluster={**CLUSTER, "ps": []}), "needs addresses for each of"),
        (config(cluster={**CLUSTER, "evaluator": ["d:5"]}), "evaluator"),
        (config(cluster={**CLUSTER, "ps": ["c"]}), "an address is host:port .* received 'c'"),
        (config(cluster={**CLUSTER, "ps": ["c:0"]}), "received 'c:0'"),
        (config(cluster={**CLUSTER, "ps": ["c:70000"]}), "received 'c:70000'"),
        (config(cluster={**CLUSTER, "ps": ["b:2"]}), "an address of its own"),
        (config(job="boss"), "must be one of .* received 'boss'"),
        (config(index=2), r"index of a worker must be in \[0, 2\): received 2"),
        (config(index="0"), "received '0'"),
    ],
)
def test_a_bad_config_is_refused_with_what_is_wrong(text, match):
    with pytest.raises(ValueError, match=match):
        Task.from_config(text)


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"steps": 0}, "steps must be a whole number from 1 on: received 0"),
        ({"rows": 1.5}, "rows must be a whole number from 1 on: received 1.5"),
        ({"save_every": -1}, "save_every must be a whole number from 0 on: received -1"),
        ({"learning_rate": 0.0}, "learning_rate must be above 0"),
        ({"patience": float("nan")}, "patience must be above 0"),
        ({"limit": -1}, "limit must be above 0: received -1"),
        ({"data": "imdb"}, "data must be one of .* received 'imdb'"),
        ({"pull": "all"}, "pull must be one of"),
    ],
)
def test_impossible_work_is_refused(wrong, match):
    with pytest.raises(ValueError, match=match):
        Work("somewhere", **wrong)


@pytest.mark.parametrize("data", ["rotten_tomatoes", "random"])
def test_the_samples_are_ids_of_the_table_and_labels(data):
    for ids, labels in Work("somewhere", rows=500, data=data).samples():
        assert ids.dtype == "int64"
        assert ids.shape == (len(labels), 32)
        assert 0 <= ids.min() <= ids.max() < 500
        assert sorted(set(labels.tolist())) == [0, 1]
