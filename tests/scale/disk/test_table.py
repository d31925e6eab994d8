"""A table on disk is a table in memory that nobody has to have room for."""

import copy
import io
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedding_core import (
    SGD,
    Adagrad,
    Adam,
    Dense,
    Embedding,
    GlobalAveragePooling1D,
    IndexedSlices,
    LazyAdam,
    Optimizer,
    Sequential,
)
from embedding_core.scale.disk import DiskEmbedding, DiskTable, Layout
from embedding_core.scale.disk import layout as files
from embedding_core.scale.disk import table as table_module
from embedding_core.scale.disk.first_values import first_rows

V, D = 50, 3
ALL = np.arange(V)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "words.table"


@pytest.fixture
def table(path):
    with DiskTable.create(path, Layout(V, D, slots=(0.1,), seed=4)) as made:
        yield made


def beginning(layout):
    """Compute the whole table before any step."""
    return first_rows(layout.seed, np.arange(layout.rows), layout.width, layout.limit, layout.dtype)


def slices(ids, values):
    return IndexedSlices(np.asarray(values, "float32"), np.asarray(ids), (V, D))


def test_a_new_table_reads_as_its_first_values_and_holds_none_of_them(table):
    np.testing.assert_array_equal(
        table.rows([[3, 1], [3, 49]]), beginning(table.layout)[[[3, 1], [3, 49]]]
    )
    assert table.rows([]).shape == (0, D)
    assert table.rows(7).shape == (D,)
    assert table.rows_written == 0


def test_rows_that_are_written_read_back_beside_rows_that_are_not(table):
    table.assign_rows([[4, 2]], [[[1, 2, 3], [4, 5, 6]]])
    expected = beginning(table.layout)
    expected[[4, 2]] = [[1, 2, 3], [4, 5, 6]]
    np.testing.assert_array_equal(table.rows(ALL), expected)
    np.testing.assert_array_equal(table.rows([4, 2]), expected[[4, 2]])
    assert table.written([1, 2, 4, 5]).tolist() == [False, True, True, False]
    assert table.rows_written == 2


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_it_can_be_closed_and_opened_again(path, dtype):
    layout = Layout(V, D, dtype=dtype, seed=9)
    with DiskTable.create(path, layout) as table:
        table.assign_rows([7], [[1, 2, 3]])
        before = table.rows(ALL)
    with DiskTable(path, expected=layout) as again:
        assert again.layout == layout
        assert again.rows(ALL).dtype == dtype
        np.testing.assert_array_equal(again.rows(ALL), before)


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(12)))
def test_the_order_in_which_rows_are_touched_makes_no_difference(order, tmp_path_factory):
    path = tmp_path_factory.mktemp("order") / "t"
    with DiskTable.create(path, Layout(12, 5)) as table:
        for row in order:
            table.touch(np.array([row, row]))
        np.testing.assert_array_equal(table.rows(np.arange(12)), beginning(table.layout))
        assert table.rows_written == 12


def sgd_by_hand(weights, total, ids, values):
    np.subtract.at(weights, ids, np.float32(0.5) * values)


def adagrad_by_hand(weights, total, ids, values):
    gradient = np.zeros_like(weights)
    np.add.at(gradient, ids, values)
    total += gradient**2
    weights -= 0.5 * gradient / np.sqrt(total + 1e-7)


@pytest.mark.parametrize(
    ("optimizer", "by_hand"), [(SGD(0.5), sgd_by_hand), (Adagrad(0.5), adagrad_by_hand)]
)
def test_training_gives_what_the_formulas_give_on_the_whole_table(path, optimizer, by_hand):
    layout = Layout(V, D, slots=tuple(optimizer.first_slots()), seed=1)
    weights, total = beginning(layout).astype(float), np.full((V, D), 0.1)
    rng = np.random.default_rng(0)
    for part in range(2):  # closed and opened again in between
        with DiskTable.create(path, layout) if part == 0 else DiskTable(path) as table:
            optimizer.build([table])
            for _ in range(5):
                ids = rng.integers(0, V, 6) ** 2 % V  # some of them repeatedly
                values = rng.normal(size=(6, D)).astype("float32")
                optimizer.apply([slices(ids, values)])
                by_hand(weights, total, ids, values)
            np.testing.assert_allclose(table.rows(ALL), weights, rtol=1e-5, atol=1e-6)
            assert 0 < table.rows_written < V


@pytest.mark.parametrize("optimizer", [SGD, Adagrad, LazyAdam])
def test_a_model_on_disk_learns_bit_for_bit_what_the_model_in_memory_learns(path, optimizer):
    def train(first_layer):
        model = Sequential([first_layer, GlobalAveragePooling1D(), Dense(1)], seed=0)
        model.compile(optimizer(0.1), "mse")
        # A table that is there takes nothing of the seed: what follows it begins alike.
        x = np.random.default_rng(5).integers(0, V // 2, (40, 4))
        model.fit(x, x.mean(axis=1), batch_size=8, epochs=2, verbose=0)
        return model

    layout = Layout(V, D, slots=tuple(optimizer().first_slots()), seed=3)
    with DiskTable.create(path, layout) as table:
        on_disk = train(DiskEmbedding(table))
        in_memory = train(Embedding(V, D, weights=beginning(layout)))
        np.testing.assert_array_equal(table.rows(ALL), in_memory.get_weights()[0])
        assert table.rows_written == V // 2
        np.testing.assert_array_equal(
            on_disk.layers[2].get_weights()[0], in_memory.layers[2].get_weights()[0]
        )


def test_the_layer_gives_an_ordinary_gradient_and_mask(table):
    layer = DiskEmbedding(table, mask_zero=True)
    layer([[0, 3, 3]])
    assert layer.weights == [table]
    assert layer.compute_mask(np.array([0, 3])).tolist() == [False, True]
    gradient = layer.backward(np.ones((1, 3, D)))
    assert gradient.merged().indices.tolist() == [0, 3]
    assert gradient.dense_shape == (V, D)
    assert table.rows_written == 0, "neither a look-up nor a gradient writes"


def test_a_step_writes_the_rows_it_touches_and_leaves_the_others_holes(path):
    with DiskTable.create(path, Layout(1_000_000, 64, slots=(0.1,))) as table:
        empty = table.disk_bytes
        layer, adagrad = DiskEmbedding(table), Adagrad(0.1)
        ids = np.arange(0, 1_000_000, 100_000)
        gradient = layer.backward(np.ones_like(layer(ids)))
        adagrad.apply([gradient], layer.trainable_weights)
        table.flush()
        assert table.rows_written == 10
        assert table.layout.file_bytes > 512_000_000
        # A page a row, and a few more in which the file system notes where they are.
        assert empty <= table.disk_bytes <= empty + 20 * files.PAGE
        np.testing.assert_array_equal(table._lines[1], 0)


def test_pages_are_let_go_and_come_back(path, monkeypatch):
    released = []
    with DiskTable.create(path, Layout(2000, 64), resident=10**6) as table:
        table.touch(np.arange(2000))
        before = table.rows(np.arange(2000))
        monkeypatch.setattr(table_module, "_LOOK_EVERY", 100)
        monkeypatch.setattr(table_module, "page_bytes", lambda: 2 * 10**9)
        real = table_module.map_of(table._lines)

        class Watched:
            def madvise(self, option):
                released.append(option)
                real.madvise(option)

        monkeypatch.setattr(table_module, "map_of", lambda _: Watched())
        np.testing.assert_array_equal(table.rows(np.arange(2000)), before)
        assert released == [table_module.mmap.MADV_DONTNEED]
        table.rows(np.arange(99))
        assert len(released) == 1, "looked before it was time"
        np.testing.assert_array_equal(table.rows(np.arange(2000)), before)
        monkeypatch.undo()


RESIDENT = """
import numpy as np, os, sys
from embedding_core import Adagrad
from embedding_core.scale.disk import DiskEmbedding, DiskTable, Layout
adagrad = Adagrad(0.1)
table = DiskTable.create(sys.argv[1], Layout(100_000_000, 64, slots=(0.1,)), resident=100 << 20)
layer, rng = DiskEmbedding(table), np.random.default_rng(0)
for _ in range(15):
    layer(rng.integers(0, 100_000_000, 4096))
    layer.embeddings.gradient = None
    gradient = layer.backward(np.ones((4096, 64), "float32"))
    adagrad.apply([gradient], layer.trainable_weights)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024, table.rows_written)
"""


@pytest.mark.long
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="only Linux says")
def test_a_hundred_million_rows_stay_out_of_memory(path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", RESIDENT, path], env=environment, capture_output=True, check=True
    )
    peak, written = map(int, done.stdout.split())
    assert written > 61_000
    assert peak < 400, "61,000 rows have touched 240 MB of pages beside the process's own"
    assert path.stat().st_size > 51 * 10**9


@pytest.mark.parametrize("optimizer", [Adam(), SGD(momentum=0.9), Adagrad(weight_decay=0.1)])
def test_an_optimizer_that_moves_every_row_is_refused(table, optimizer):
    with pytest.raises(ValueError, match=r"changes every row .* trains with SGD without momentum"):
        optimizer.apply([slices([1], [[1, 1, 1]])], [table])
    assert not optimizer.built
    assert table.rows_written == 0


def test_an_optimizer_with_other_slots_is_refused(table):
    with pytest.raises(ValueError, match=r"slots that begin with \[0.1\]: .* begin with \[\]"):
        SGD().build([table])
    with pytest.raises(ValueError, match=r"begin with \[0.2\]. Create the table with slots=\(0.2,"):
        Adagrad(initial_accumulator_value=0.2).build([table])


def test_the_whole_table_is_never_touched(table):
    for whole in (lambda: table.value, lambda: table.assign(0), lambda: np.asarray(table)):
        with pytest.raises(ValueError, match=r"bytes, is never (read|written) as a whole"):
            whole()
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match=r"not copied. Copy its two files"):
            copied(table)
    layer = DiskEmbedding(table)
    layer.build()
    with pytest.raises(ValueError, match="LoRA keeps 50 rows in memory"):
        layer.enable_lora(2)
    model = Sequential([layer])
    for whole in (
        lambda: layer.quantize("int8"),
        lambda: model.save(table.path.with_suffix(".npz")),
    ):
        with pytest.raises(ValueError, match="never read as a whole"):
            whole()


@pytest.mark.parametrize("bad", [[V], [-1], [2, 10**12]])
def test_an_id_outside_is_refused_before_anything_is_written(table, bad):
    for use in (table.rows, table.written, lambda ids: table.assign_rows(ids, np.ones((1, D)))):
        with pytest.raises(IndexError, match=r"outside \[0, 50\)"):
            use(bad)
    assert table.rows_written == 0


def test_rows_of_another_shape_are_refused(table):
    with pytest.raises(ValueError, match=r"\(2,\) need rows of shape \(2, 3\): received \(2, 4\)"):
        table.assign_rows([1, 2], np.ones((2, 4)))
    assert table.rows_written == 0


def test_a_table_opened_to_read_reads_and_refuses_to_change(table, path):
    table.assign_rows([3], [[1, 2, 3]])
    table.flush()
    held = path.read_bytes()
    with DiskTable(path, mode="r") as reader:
        np.testing.assert_array_equal(reader.rows(ALL), table.rows(ALL))
        assert not reader.trainable
        adagrad = Adagrad()
        adagrad.build([reader])
        for change in (
            lambda: adagrad.apply([slices([3], [[1, 1, 1]])]),
            lambda: reader.assign_rows([3], [[0, 0, 0]]),
            reader.repair,
        ):
            with pytest.raises(io.UnsupportedOperation, match=r"opened to read: .* mode='r\+'"):
                change()
    assert path.read_bytes() == held
    with pytest.raises(ValueError, match="mode must be 'r' or 'r\\+': received 'w'"):
        DiskTable(path, mode="w")


def test_a_closed_table_says_so(table):
    table.close()
    table.close()
    for use in (lambda: table.rows([1]), lambda: table.rows_written, table.flush):
        with pytest.raises(ValueError, match="is closed: open it with"):
            use()


WRITER = """
import sys
from embedding_core.scale.disk import DiskTable
table = DiskTable(sys.argv[1])
input("open")
"""


def test_a_second_writer_is_refused_and_a_reader_is_not(table, path):
    with pytest.raises(BlockingIOError, match=r"words\.table.*") as caught:
        DiskTable(path)
    assert "trains it: close that one first, or open this one with mode='r'" in str(caught.value)
    table.assign_rows([1], [[7, 8, 9]])
    with DiskTable(path, mode="r") as reader:
        assert reader.rows(1).tolist() == [7, 8, 9]
    table.assign_rows([1], [[1, 2, 3]])  # and the reader's end unlocks nothing:
    with pytest.raises(BlockingIOError):
        DiskTable(path)


@pytest.mark.long
@pytest.mark.parametrize("end", ["close", "kill"])
def test_the_next_writer_follows_the_end_of_the_one_before(table, path, end):
    rows = table.rows(ALL)
    table.close()
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], **pipes) as other:
        assert other.stdout.read(4) == b"open"
        with pytest.raises(BlockingIOError):
            DiskTable(path)
        if end == "kill":
            other.kill()
        else:
            other.communicate(b"\n")
    with DiskTable(path) as again:
        np.testing.assert_array_equal(again.rows(ALL), rows)


def test_a_disk_that_runs_full_changes_nothing(table, monkeypatch):
    table.assign_rows([3], [[1, 2, 3]])
    adagrad = Adagrad(0.5)
    adagrad.build([table])
    before, written, calls = table.rows(ALL), table.rows_written, []

    def full(file, data, start, really=os.pwrite):
        calls.append(start)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return really(file, data[: len(data) // 2], start)

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match=r"cannot write 2 new rows: No space left .* Free some") as no:
        adagrad.apply([slices([3, 10, 20], np.ones((3, D)))])
    assert no.value.errno == 28
    np.testing.assert_array_equal(table.rows(ALL), before)
    assert table.rows_written == written
    assert adagrad.iterations == 0
    monkeypatch.undo()
    adagrad.apply([slices([3, 10, 20], np.ones((3, D)))])
    assert table.rows_written == 3


def test_neighbours_are_written_in_one_piece(table, monkeypatch):
    starts = []
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda f, d, s: starts.append((s, len(d))) or real(f, d, s))
    table.touch(np.array([9, 3, 4, 3, 5, 20]))
    size = table.layout.line_bytes
    assert starts == [(3 * size, 3 * size), (9 * size, size), (20 * size, size)]
    np.testing.assert_array_equal(table.rows(ALL), beginning(table.layout))


def test_rows_that_never_reached_the_disk_begin_anew_after_a_repair(table, path):
    table.assign_rows([3, 8, 20], [[1, 0, 1], [1, 1, 1], [1, 0, 1]])
    table._lines[3, D:] = 0  # Adagrad's sum may be 0 too: only a line without any number is lost
    size = table.layout.line_bytes
    with open(path, "r+b") as file:  # what a loss of power leaves of row 8
        file.seek(8 * size)
        file.write(bytes(size))
    assert table.rows([8]).any() == np.False_
    assert table.repair() == 1
    np.testing.assert_array_equal(table.rows([8]), beginning(table.layout)[[8]])
    np.testing.assert_array_equal(table.rows([3, 20]), [[1, 0, 1]] * 2)
    assert table.repair() == 0


KILLED = """
import numpy as np, os, signal, sys
from embedding_core import Adagrad
from embedding_core.scale.disk import DiskTable
from embedding_core.ops import IndexedSlices
table = DiskTable(sys.argv[1])
adagrad = Adagrad(0.5)
adagrad.build([table])
really = type(table).write_lines
def cut_off(self, rows, lines):
    if sys.argv[2] == "between":
        os.kill(os.getpid(), signal.SIGKILL)
    really(self, rows[:1], lines[:1])
    os.kill(os.getpid(), signal.SIGKILL)
step = IndexedSlices(np.ones((2, 3), "float32"), np.array([3, 8]), (50, 3))
adagrad.apply([step])
type(table).write_lines = cut_off
adagrad.apply([IndexedSlices(np.ones((2, 3), "float32"), np.array([3, 30]), (50, 3))])
"""


@pytest.mark.long
@pytest.mark.parametrize("cut", ["between", "after one row"])
def test_a_killed_process_leaves_a_table_of_whole_rows(path, cut):
    layout = Layout(V, D, slots=(0.1,))
    DiskTable.create(path, layout).close()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", KILLED, path, cut], env=environment)
    assert done.returncode == -9
    expected, total = beginning(layout).astype(float), np.full((V, D), 0.1)
    adagrad_by_hand(expected, total, np.array([3, 8]), np.ones((2, D)))
    if cut == "after one row":
        adagrad_by_hand(expected, total, np.array([3]), np.ones((1, D)))
    with DiskTable(path) as table:
        np.testing.assert_allclose(table.rows(ALL), expected, rtol=1e-6)
        assert table.written([3, 8, 30]).all()
        assert table.repair() == 0
        Adagrad(0.5).apply([slices([30], [[1, 1, 1]])], [table])


def test_an_optimizer_may_serve_a_table_on_disk_and_one_in_memory(table):
    memory = Embedding(V, D, weights=beginning(table.layout))
    adagrad: Optimizer = Adagrad(0.5)
    step = slices([3, 3, 8], np.ones((3, D)))
    for _ in range(2):
        adagrad.apply([step, step], [table, memory.embeddings])
    np.testing.assert_array_equal(table.rows(ALL), memory.embeddings.value)
    assert "shape=(50, 3), dtype=float32, mode=r+" in repr(table)
