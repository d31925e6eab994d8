"""A table over several processes or machines, on TensorFlow's parameter servers.

Read it in this order: `spread` (which row lies where), `table` (pull rows, push gradients),
`classifier` (what is trained), `checkpoint`, `chief` (the training and what it survives),
`servers`, and `local`, which starts all of it on this machine.
"""

from embedding_core.scale.cluster.checkpoint import Checkpoints
from embedding_core.scale.cluster.host import Host
from embedding_core.scale.cluster.local import LocalCluster
from embedding_core.scale.cluster.probing import ask
from embedding_core.scale.cluster.spread import Spread, shares
from embedding_core.scale.cluster.task import Task
from embedding_core.scale.cluster.work import Work

__all__ = ["Checkpoints", "Host", "LocalCluster", "Spread", "Task", "Work", "ask", "shares"]
