"""``python -m embedding_core cluster``: the demonstration, or one process of a real cluster."""

import argparse
import os
import sys
import tempfile
from dataclasses import replace

import numpy as np

from embedding_core.scale.cluster import demo
from embedding_core.scale.cluster.chief import coordinate
from embedding_core.scale.cluster.host import Event, Host
from embedding_core.scale.cluster.local import LocalCluster
from embedding_core.scale.cluster.servers import serve
from embedding_core.scale.cluster.spread import shares
from embedding_core.scale.cluster.task import Task
from embedding_core.scale.cluster.work import Work

_ABOUT = """\
Without TF_CONFIG: start workers and parameter servers on this machine, train a table on
them, and let a worker die, a worker hang and a parameter server die on the way.

With TF_CONFIG in the environment: be the process that it names. Start this command on every
machine, with the same cluster and the machine's own task; the chief trains and then ends, the
others serve until they are ended. The folder of the checkpoints must be one that the chief and
the parameter servers all see. TensorFlow's servers obey whoever reaches their port."""


def describe(parser: argparse.ArgumentParser) -> None:
    """Tell a parser what the command takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = _ABOUT
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="of this machine (2)")
    parser.add_argument("--ps", type=int, default=2, metavar="N", help="of this machine (2)")
    parser.add_argument("--steps", type=int, default=400, metavar="N", help="to train (400)")
    parser.add_argument(
        "--patience",
        type=float,
        metavar="SECONDS",
        help="until a server is called silent (5 in the demonstration, 30 with TF_CONFIG)",
    )
    parser.add_argument(
        "--limit",
        type=float,
        default=300.0,
        metavar="SECONDS",
        help="until the chief gives up, on servers that are not there or stay silent (300)",
    )
    parser.add_argument(
        "--checkpoints", metavar="FOLDER", help="where they go; a chief with TF_CONFIG needs it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what the command line asks for.

    Returns
    -------
    int
        0, or 1 after a message on stderr. A chief that gives up on its servers is ended after its
        message (see `watch`), and returns nothing.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        config = os.environ.get("TF_CONFIG")
        if config is None:
            _demonstrate(arguments)
        else:
            _take_part(Task.from_config(config), arguments)
    except (ValueError, OSError, RuntimeError) as error:
        # TensorFlow's errors are none of these: they show where they come from.
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def line(event: Event) -> str:
    """Write an event in words."""
    words = {
        "ready": "table made, {steps} steps done before",
        "steps": "{steps} steps done",
        "silent": "{job} {index} says nothing: ended and started again, if somebody is there to",
        "lost": "a parameter server is lost ({why}): waiting for it",
        "fault": "FAULT: {what}",
        "finished": "finished after {steps} steps, accuracy {accuracy:.3f}",
        "failed": "gave up: {error}",
    }
    return f"{event['seconds']:7.1f} s  " + words[event["event"]].format(**event)


def _take_part(task: Task, arguments: argparse.Namespace) -> None:
    if task.job != "chief":
        serve(task)
    if arguments.checkpoints is None:
        raise ValueError("the chief needs --checkpoints FOLDER, one that all machines can see.")
    patience = 30.0 if arguments.patience is None else arguments.patience
    work = Work(arguments.checkpoints, arguments.steps, patience=patience, limit=arguments.limit)
    coordinate(task, work, _show)


def _show(event: Event) -> None:
    print(line(event), flush=True)


def _demonstrate(arguments: argparse.Namespace) -> None:
    for name in ("workers", "ps"):
        if getattr(arguments, name) < 1:
            raise ValueError(
                f"--{name} must be a whole number from 1 on: received {getattr(arguments, name)}."
            )
    with tempfile.TemporaryDirectory() as folder:
        patience = 5.0 if arguments.patience is None else arguments.patience
        saves = arguments.checkpoints or folder
        work = Work(saves, arguments.steps, patience=patience, limit=arguments.limit)
        _show_balance(work, arguments.ps)
        print("\nImporting TensorFlow.", flush=True)
        with Host() as host:
            _show_bytes(host, work)
            print(f"\nTraining with {arguments.workers} workers, {arguments.ps} servers, 3 faults:")
            faults = demo.three_faults(arguments.workers, arguments.ps, work.steps)
            with LocalCluster(host, arguments.workers, arguments.ps) as cluster:
                for event in demo.with_faults(cluster, work, faults):
                    _show(event)
            print(f"In one process, in NumPy: accuracy {demo.in_one_process(work):.3f}")
            _show_memory(host, work)


def _show_balance(work: Work, ps: int) -> None:
    (ids, _), _ = work.samples()
    words = ids[ids > 0]  # padding is one row
    print(f"Share of the words for each of {ps} servers, ids sorted by frequency:")
    for way in ("div", "mod", "spread"):
        print(f"  {way:6}", np.round(shares(words, work.rows, ps, way), 3))


def _show_bytes(host: Host, work: Work) -> None:
    short = replace(work, steps=100, save_every=25)
    print(f"Bytes for a step: {demo.bytes_of_rows(short):,.0f} for the rows of a batch, on paper")
    for pull in ("rows", "table"):
        counted = demo.bytes_a_step(host, replace(short, pull=pull))
        print(f"  asking for {pull:6} {counted:9,.0f} counted", flush=True)


def _show_memory(host: Host, work: Work) -> None:
    large = replace(work, rows=6_000_000, steps=2, save_every=0, data="random")
    print(f"\nA table of {large.rows:,} rows, 950 MB more allowed to each server:")
    for ps in (1, 2):
        print(f"  {ps} server(s): {demo.fits(host, large, ps, 950)}", flush=True)
