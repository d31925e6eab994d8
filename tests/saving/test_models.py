"""A model in a file: nothing is lost, nothing is executed, nothing is left half written."""

import io
import json
import pickle
import stat
import struct
import tracemalloc
import zipfile
import zlib
from contextlib import contextmanager

import numpy as np
import pytest
from helpers import refused, state

from embedding_core import (
    SGD,
    Adagrad,
    Adam,
    Dense,
    Embedding,
    GlobalAveragePooling1D,
    Layer,
    LazyAdam,
    RMSprop,
    Sequential,
)
from embedding_core.optimizers.schedules import ExponentialDecay

RNG = np.random.default_rng(0)
IDS, LABELS = RNG.integers(0, 40, (64, 5)), RNG.integers(0, 2, 64)


def small(optimizer="adam", seed=1, **kwargs):
    layers = [
        Embedding(40, 3, mask_zero=True, **kwargs),
        GlobalAveragePooling1D(),
        Dense(1, "sigmoid", kernel_regularizer="l2", bias_constraint="max_norm"),
    ]
    model = Sequential(layers, seed)
    model.compile(optimizer, "binary_crossentropy", ["accuracy"])
    return model


def trained(optimizer="adam", steps=3, **kwargs):
    model = small(optimizer, **kwargs)
    for start in range(0, 8 * steps, 8):  # rows that were not looked up last are owed a step
        model.train_on_batch(IDS[start : start + 8], LABELS[start : start + 8])
    return model


OPTIMIZERS = {
    "sgd": lambda: SGD(0.1),
    "momentum": lambda: SGD(0.1, 0.9, nesterov=True),
    "adam": lambda: Adam(0.01, beta_1=0.8),
    "adagrad": lambda: Adagrad(0.1),
    "rmsprop": lambda: RMSprop(0.01, momentum=0.5),
    "lazy adam": lambda: LazyAdam(0.01),
    "weight decay": lambda: Adam(0.01, weight_decay=0.1),
    "clipped": lambda: SGD(0.1, clipnorm=0.01),
    "schedule": lambda: Adam(ExponentialDecay(0.1, 3, 0.5)),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("seed", [1, None])
@pytest.mark.parametrize("steps", [0, 1, 5])
def test_a_loaded_model_trains_on_exactly_as_the_saved_one(tmp_path, optimizer, seed, steps):
    model = trained(optimizer(), steps, seed=seed)
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    assert again.optimizer.iterations == steps
    if steps:
        assert again.predict(IDS).tobytes() == model.predict(IDS).tobytes()
    if seed is None and not steps:
        return  # without a seed, weights that are not made yet will be others
    histories = [m.fit(IDS, LABELS, 7, 3, verbose=0).history for m in (model, again)]
    assert histories[0] == histories[1]
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        assert one.tobytes() == other.tobytes()


def test_the_state_of_an_optimizer_holds_no_row_that_is_owed_a_step():
    one, other = trained(), trained()
    _ = one.layers[0].embeddings.value  # reading settles
    first, second = {}, {}
    one.optimizer.save_own_variables(first)
    other.optimizer.save_own_variables(second)
    assert {k: v.tobytes() for k, v in first.items()} == {k: v.tobytes() for k, v in second.items()}


def test_configuration_names_and_settings_are_kept(tmp_path):
    model = trained(OPTIMIZERS["adam"]())
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    assert [la.get_config() for la in again.layers] == [la.get_config() for la in model.layers]
    assert again.optimizer.get_config() == model.optimizer.get_config()
    assert (again.loss, again.metrics) == (model.loss, model.metrics)
    assert state(again._rng) == state(model._rng)


def test_saving_again_what_was_loaded_gives_the_same_contents(tmp_path):
    trained().save(tmp_path / "a.npz")
    Sequential.load(tmp_path / "a.npz").save(tmp_path / "b.npz")
    one, other = (dict(np.load(tmp_path / f"{name}.npz")) for name in "ab")
    assert one.keys() == other.keys()
    for name in one:
        assert np.array_equal(one[name], other[name]), name


def test_the_file_is_an_npz_that_numpy_opens_without_pickle(tmp_path):
    model = trained()
    model.save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as file:
        config = json.loads(file["config.json"])
        table = file["layers/0/embeddings"]
    assert config["layers"][0]["class_name"] == "Embedding"
    assert table.tobytes() == model.layers[0].embeddings.value.tobytes()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_lora_int8_and_frozen_weights_are_kept(tmp_path, dtype):
    layer = Embedding(40, 3, dtype=dtype, name="table")
    layer.build()
    layer.quantize("int8")
    layer.enable_lora(2, 5)
    head = Dense(1, trainable=False)
    head.build((None, 3))
    head.bias.trainable = False
    model = Sequential([layer, head])
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    assert again.optimizer is None
    assert again(IDS).tobytes() == model(IDS).tobytes()
    for one, other in zip(model.layers, again.layers, strict=True):
        assert one.get_config() == other.get_config()
        assert [w.trainable for w in one.weights] == [w.trainable for w in other.weights]
        assert [w.name for w in one.weights] == [w.name for w in other.weights]


def test_a_model_without_weights_yet_is_kept_as_it_is(tmp_path):
    model = Sequential([Embedding(3, 1), Dense(1)], seed=4)
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    assert not any(layer.built for layer in again.layers)
    assert again(IDS % 3).tobytes() == model(IDS % 3).tobytes()  # the seed goes on, too


def test_a_file_is_replaced_when_the_new_one_is_complete(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    trained().save(path)
    before = path.read_bytes()

    def full(*args):
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space left"):
        trained().save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["model.npz"]
    monkeypatch.undo()
    trained().save(str(path))
    assert [p.name for p in tmp_path.iterdir()] == ["model.npz"]


class Mine(Layer):
    pass


def with_function():
    return Sequential([Embedding(3, 1, embeddings_initializer=lambda shape, dtype: np.ones(shape))])


def quantized_after_compile():
    model = trained()
    model.layers[0].quantize("int8")
    return model


@pytest.mark.parametrize(
    ("make", "name", "match"),
    [
        (trained, "model.keras", r"must end in \.npz: received '.*model\.keras'"),
        (trained, "model", r"must end in \.npz"),
        (lambda: Sequential([Mine(name="m")]), "model.npz", "layer m is a Mine: only Embedding"),
        (with_function, "model.npz", "has no get_config"),
        (quantized_after_compile, "model.npz", "for embeddings, which is no weight.*compile"),
    ],
)
def test_what_cannot_be_saved_is_refused_and_nothing_is_written(tmp_path, make, name, match):
    model = make()
    with refused(ValueError, match, model):
        model.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def saved(tmp_path):
    trained().save(tmp_path / "model.npz")
    return tmp_path / "model.npz"


def rewritten(path, change):
    """Write the archive again with another configuration, other entries, or both."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(entries["config.json"])
    change(config, entries)
    entries.setdefault("config.json", b"")
    if entries["config.json"] is not None:
        entries["config.json"] = entries.get("raw", json.dumps(config).encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            if content is not None and name != "raw":
                archive.writestr(name, content)


def npy(array, allow_pickle=False):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asarray(array), allow_pickle=allow_pickle)
    return stream.getvalue()


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("code from the file was executed",))


def header(text, version=b"\x01\x00"):
    """Write the head of an .npy file by hand: NumPy would not write these."""
    line = text.encode().ljust(117) + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(line)) + line


def head(descr, shape):
    return header(f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}")


TABLE = "layers/0/embeddings.npy"
FORGED = {
    "no config": lambda c, e: e.update({"config.json": None}),
    "no JSON": lambda c, e: e.update({"raw": b"{"}),
    "a list": lambda c, e: e.update({"raw": b"[]"}),
    "nested deeply": lambda c, e: e.update({"raw": b"[" * 100_000}),
    "another format": lambda c, e: c.update(format="torch"),
    "a later version": lambda c, e: c.update(version=2),
    "an unknown layer": lambda c, e: c["layers"][0].update(class_name="Lambda"),
    "an unknown argument": lambda c, e: c["layers"][0]["config"].update(code="import os"),
    "a huge table": lambda c, e: c["layers"][0]["config"].update(input_dim=10**12),
    "a table of another width": lambda c, e: c["layers"][0]["config"].update(output_dim=4),
    "no layers": lambda c, e: c.update(layers=None),
    "fewer layers": lambda c, e: c["layers"].pop(),
    "an unknown optimizer": lambda c, e: c["compile"]["optimizer"].update(class_name="Evil"),
    "a strange random state": lambda c, e: c.update(random_state={"bit_generator": "MT19937"}),
    "an unknown variable": lambda c, e: c["compile"].update(trained=["layers/9/x"]),
    "a missing slot": lambda c, e: e.update({"optimizer/0/0.npy": None}),
    "a missing weight": lambda c, e: e.update({TABLE: None}),
    "a weight too many": lambda c, e: e.update({"layers/0/more.npy": npy(np.ones(2))}),
    "another dtype": lambda c, e: e.update({TABLE: npy(np.zeros((40, 3)))}),
    "another shape": lambda c, e: e.update({TABLE: npy(np.zeros((3, 40), "float32"))}),
    "strings": lambda c, e: e.update({TABLE: npy(["a"])}),
    "a pickle": lambda c, e: e.update({TABLE: npy([Bomb()], allow_pickle=True)}),
    "a bare pickle": lambda c, e: e.update({TABLE: pickle.dumps(Bomb())}),
    "a header that lies": lambda c, e: e.update({TABLE: e[TABLE].replace(b"(40, 3)", b"(90, 9)")}),
    "an array cut short": lambda c, e: e.update({TABLE: e[TABLE][:-5]}),
    "no array": lambda c, e: e.update({TABLE: b"hello"}),
    "a huge claim": lambda c, e: e.update({TABLE: head("<f4", (10**12, 3))}),
    "a huge claim of nothing": lambda c, e: e.update({TABLE: head("<f4", (0, 10**18))}),
    "two negative lengths": lambda c, e: e.update({TABLE: head("<f4", (-2, -2)) + b"\0" * 16}),
    "objects": lambda c, e: e.update({TABLE: head("|O", (40, 3)) + b"\0" * 960}),
    "bytes in a row": lambda c, e: e.update({TABLE: head(("<f4", (10**9,)), (1,))}),
    "booleans": lambda c, e: e.update({TABLE: npy(np.zeros((40, 3), bool))}),
    "version 2 of the array": lambda c, e: e.update({TABLE: header("", b"\x02\x00")}),
    "a shape that is code": lambda c, e: e.update({TABLE: head("<f4", "__import__('os')")}),
    "a huge configuration": lambda c, e: e.update({"raw": b'{"a": "' + b"b" * 2**21 + b'"}'}),
    "a table in the configuration": lambda c, e: c["layers"][0].update(
        build_config=None,
        config={"input_dim": 10**9, "output_dim": 64, "weights": [[[1.0]]]},
    ),
    "an optimizer for one weight many times": lambda c, e: c["compile"].update(
        trained=c["compile"]["trained"][:1] * 10_000
    ),
    "a negative number of steps": lambda c, e: e.update({"optimizer/iterations.npy": npy(-1)}),
    "steps that are no integer": lambda c, e: e.update({"optimizer/iterations.npy": npy(2.5)}),
    "a slot of another dtype": lambda c, e: e.update({"optimizer/0/0.npy": npy(np.zeros((40, 3)))}),
    "a state without an optimizer": lambda c, e: c.update(compile=None),
    "a name that is a list": lambda c, e: c["layers"][0]["config"].update(name=["a"]),
    "a layer inside a layer": lambda c, e: c["layers"].append({"layers": c["layers"][0]}),
    "a way out of the folder": lambda c, e: e.update({"../../evil.npy": npy(np.ones(2))}),
    "an absolute path": lambda c, e: e.update({"/evil.npy": npy(np.ones(2))}),
    "a path of Windows": lambda c, e: e.update({"C:\\evil.npy": npy(np.ones(2))}),
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_a_forged_file_gives_an_error_that_names_it_and_the_cure(tmp_path, change):
    path = saved(tmp_path)
    rewritten(path, change)
    refuses(path)


def refuses(path, match=""):
    """Check the error, the memory that was taken before it came, and the folder."""
    before = sorted(path.parent.iterdir())
    with taking(path.stat().st_size), pytest.raises(ValueError, match="cannot load") as caught:
        Sequential.load(path)
    told = str(caught.value)
    assert str(path) in told
    assert "save the model again" in told
    assert match in told
    assert len(told) < 1200 + len(str(path))
    assert sorted(path.parent.iterdir()) == before  # nothing is unpacked


@contextmanager
def taking(size):
    """Let Python and NumPy take no more memory than a file of this size justifies.

    A copy or two of the arrays; and JSON, of which a file may hold a million characters, thirty
    times, because every `[]` in it becomes a list.
    """
    allowed = 3 * size + 30 * min(size, 2**20) + 2**20
    tracemalloc.start()
    try:
        yield
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < allowed, f"{taken} bytes for a file of {size}"


def test_the_measure_of_memory_can_fail():
    with pytest.raises(AssertionError, match="for a file of 10"), taking(10):
        np.empty(10**7)


def test_rewriting_alone_does_no_harm(tmp_path):
    path = saved(tmp_path)
    before = Sequential.load(path)
    rewritten(path, lambda config, entries: None)
    assert Sequential.load(path).predict(IDS).tobytes() == before.predict(IDS).tobytes()


@pytest.mark.long
def test_a_bomb_in_the_configuration_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "model.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b"[" + b" " * 10**8)
    refuses(path, "'config.json' is compressed")


def test_a_size_that_the_directory_claims_is_not_believed(tmp_path):
    path = saved(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("big.npy", npy(np.ones(3)))
        archive.getinfo("big.npy").file_size = 10**12
    refuses(path, f"claim {10**12 + sum(sizes(path)[:-1])} bytes: the file has")


def sizes(path):
    with zipfile.ZipFile(path) as archive:
        return [entry.file_size for entry in archive.infolist()]


@pytest.mark.long
def test_entries_that_share_their_bytes_are_refused(tmp_path):
    """Fifield's bomb without compression: each entry's array is all that lies behind it."""
    tail, members = b"", []
    for nth in reversed(range(2_000)):
        name = f"layers/0/{nth:05}.npy".encode()  # so long that all lengths are multiples of 4
        data = head("<f4", (len(tail) // 4,)) + tail if tail else npy(np.zeros(2**16, "float32"))
        tail = local_header(name, data) + data
        members.append((name, len(tail), data))
    path = tmp_path / "model.npz"
    path.write_bytes(directory(tail, members))
    assert path.stat().st_size < 10**6
    refuses(path)


def local_header(name, data):
    lengths = struct.pack("<3I2H", zlib.crc32(data), len(data), len(data), len(name), 0)
    return b"PK\x03\x04" + struct.pack("<5H", 20, 0, 0, 0, 33) + lengths + name


def directory(body, members):
    """Put a configuration and the central directory behind entries, counted from their ends."""
    config = b"{}"
    whole = body + local_header(b"config.json", config) + config
    entries = [(b"config.json", len(body), config)]
    entries += [(name, len(body) - from_end, data) for name, from_end, data in members]
    listed = b""
    for name, offset, data in entries:
        lengths = struct.pack(
            "<3I5H", zlib.crc32(data), len(data), len(data), len(name), 0, 0, 0, 0
        )
        listed += b"PK\x01\x02" + struct.pack("<6H", 20, 20, 0, 0, 0, 33) + lengths
        listed += struct.pack("<2I", 0, offset) + name
    end = struct.pack("<4H2IH", 0, 0, len(entries), len(entries), len(listed), len(whole), 0)
    return whole + listed + b"PK\x05\x06" + end


def test_one_name_for_two_entries_is_refused(tmp_path):
    path = saved(tmp_path)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("config.json", b"{}")
    refuses(path, "an archive with one config.json is needed")


def test_a_link_in_the_archive_is_no_array_and_is_not_followed(tmp_path):
    path = saved(tmp_path)
    link = zipfile.ZipInfo("layers/0/link.npy")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    refuses(path, "magic string is not correct")


def test_an_encrypted_entry_is_refused(tmp_path):
    path = saved(tmp_path)
    changed = bytearray(path.read_bytes())
    at = changed.index(b"PK\x01\x02")  # of config.json, the first in the directory
    changed[at + 8] |= 1
    path.write_bytes(changed)
    refuses(path, "RuntimeError")


@pytest.mark.long
@pytest.mark.parametrize("character", ["[],", '{"a":0},', "0,", '"",'])
def test_json_takes_no_more_than_thirty_times_its_length(tmp_path, character):
    path = saved(tmp_path)
    filler = (character * 10**6)[: 10**6 // len(character) * len(character)]
    rewritten(path, lambda c, e: e.update({"raw": f'{{"a": [{filler}0]}}'.encode()}))
    refuses(path, "of version None")


def test_a_compressed_entry_is_refused_before_it_is_unpacked(tmp_path):
    path = saved(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.npy", npy(np.zeros(10**6)))
    with pytest.raises(ValueError, match=r"cannot load .*zeros\.npy.* is compressed"):
        Sequential.load(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"\x93NUMPY\x01\x00"])
def test_another_file_is_refused_by_name(tmp_path, content):
    path = tmp_path / "other.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"cannot load '.*other\.npz'.*save the model again"):
        Sequential.load(path)


def test_a_file_cut_anywhere_is_refused(tmp_path):
    path = saved(tmp_path)
    whole = path.read_bytes()
    for length in range(0, len(whole), max(len(whole) // 60, 1)):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="cannot load"):
            Sequential.load(path)


def test_a_byte_changed_anywhere_is_found_or_does_no_harm(tmp_path):
    path = saved(tmp_path)
    whole, expected = path.read_bytes(), Sequential.load(path).predict(IDS)
    for at in range(0, len(whole), max(len(whole) // 150, 1)):
        changed = bytearray(whole)
        changed[at] ^= 0xFF
        path.write_bytes(changed)
        try:
            again = Sequential.load(path)
        except ValueError:
            continue
        assert again.predict(IDS).tobytes() == expected.tobytes()


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        Sequential.load(tmp_path / "model.npz")
