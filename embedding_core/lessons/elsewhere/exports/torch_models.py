"""The models of `models` once more, as PyTorch's own layers, which Keras has no part in."""

from typing import Any

from embedding_core.lessons.elsewhere.layer import NotOffered, small_table


def rows() -> Any:
    """Make a look-up in a table of four rows (10 i, 10 i + 1)."""
    return _embedding(4, 2)


def half() -> Any:
    """Make the same in float16."""
    return _embedding(4, 2).half()


def mean(first: float = 0.0) -> Any:
    """Make the mean of the rows, with id 0 as padding; row 0 is filled with `first`."""
    import torch

    table = torch.tensor(small_table())
    table[0] = first
    return torch.nn.EmbeddingBag.from_pretrained(table, mode="mean", padding_idx=0)


def bare() -> Any:
    """There is no `Input` that could be left out."""
    raise NotOffered


def large() -> Any:
    """Make a look-up in 5,000 rows of 32 numbers, which are 640,000 bytes in float32."""
    return _embedding(5000, 32)


def _embedding(num_rows: int, width: int) -> Any:
    import torch

    return torch.nn.Embedding.from_pretrained(torch.tensor(small_table(num_rows, width)))
