"""Ids that do not arrive as they were meant."""

from collections.abc import Iterator
from typing import Any

from embedding_core.for_keras.audit.report import Finding
from embedding_core.for_keras.audit.walk import Walk
from embedding_core.for_keras.backend import keras

# The largest number up to which a dtype counts without gaps.
_COUNTS_TO = {"bfloat16": 2**8, "float16": 2**11, "float32": 2**24}
_WITH_A_VOCABULARY = (
    keras.layers.TextVectorization,
    keras.layers.StringLookup,
    keras.layers.IntegerLookup,
)


def rounded_ids(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find an input whose dtype cannot tell all of the table's ids apart."""
    dtypes = {
        keras.backend.standardize_dtype(tensor.dtype)
        for tensor in walk.id_tensors(table)
        if not walk.is_of_unknown_dtype(tensor)
    }
    if walk.first_of_unbuilt(table):
        dtypes.add(table.compute_dtype)  # as the Input will have that Sequential adds
    for dtype in sorted(dtypes & set(_COUNTS_TO)):
        if table.input_dim - 1 > _COUNTS_TO[dtype]:
            yield Finding(
                table.name,
                f"its ids arrive in {dtype}, which rounds whole numbers beyond "
                f"{_COUNTS_TO[dtype]:,}, and it has {table.input_dim:,} rows: other rows are read "
                "and trained",
                'put keras.Input(shape, dtype="int32") in front',
                4,
                wrong=True,
            )


def small_table(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find a vocabulary in front that has more ids than the table has rows."""
    for maker in walk.makers_of_ids(table):
        size = _largest_vocabulary(maker)
        if size is not None and size > table.input_dim:
            yield Finding(
                table.name,
                f"{maker.name} in front of it gives ids up to {size - 1:,}, and it has "
                f"{table.input_dim:,} rows: an error on TensorFlow, and a wrong row or NaN "
                "elsewhere and under XLA",
                f"set input_dim={size}, or limit the vocabulary",
                4,
                wrong=True,
            )


def _largest_vocabulary(maker: Any) -> int | None:
    if isinstance(maker, keras.layers.Hashing):
        return int(maker.num_bins)
    if isinstance(maker, _WITH_A_VOCABULARY) and getattr(maker, "output_mode", "int") == "int":
        return int(maker.vocabulary_size())
    return None


def float_export(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find an input in floating point, which an exported model will ask for."""
    tensors = list(walk.id_tensors(table))
    if any(map(walk.is_of_unknown_dtype, tensors)):
        yield Finding(
            table.name,
            f"the model has no Input to say that ids are integers: Keras exports it for "
            f"{walk.model.input_dtype} ids, which other programs cut down or refuse",
            'model.export(path, input_signature=[keras.InputSpec(shape=..., dtype="int32")])',
            4,
        )
    elif walk.first_of_unbuilt(table) or any(
        keras.backend.is_float_dtype(tensor.dtype) for tensor in tensors
    ):
        yield Finding(
            table.name,
            "its ids enter the model as floating-point numbers: an exported model will want "
            "float ids, which other programs cut down or refuse",
            'put keras.Input(shape, dtype="int32") in front',
            4,
        )
