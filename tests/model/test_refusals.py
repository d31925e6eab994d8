"""What a model refuses, and that it is the same model afterwards."""

import numpy as np
import pytest
import scipy
from helpers import refused

from embedding_core import Dense, Embedding, GlobalAveragePooling1D, Sequential

IDS = np.array([[1, 3], [2, 0], [3, 3], [0, 1]])
LABELS = np.array([1, 0, 0, 1])


def layers():
    return [Embedding(4, 2, name="table"), GlobalAveragePooling1D(), Dense(1, "sigmoid")]


@pytest.fixture
def model():
    model = Sequential(layers(), seed=1)
    model.compile("adam", "binary_crossentropy", ["accuracy"])
    model.train_on_batch(IDS, LABELS)
    return model


def still_works(model):
    steps = model.optimizer.iterations
    assert np.isfinite(model.fit(IDS, LABELS, verbose=0).history["loss"][0])
    assert model.optimizer.iterations == steps + 1


def test_an_embedding_behind_another_layer_is_refused():
    with pytest.raises(ValueError, match="table must come first: ids have no gradient to hand on"):
        Sequential([Dense(2), Embedding(4, 2, name="table")])


def test_two_layers_of_one_name_are_refused():
    with pytest.raises(ValueError, match=r"different names: received \['d', 'd'\]"):
        Sequential([Dense(2, name="d"), Dense(2, name="d")])


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch"])
def test_a_model_that_is_not_compiled_is_told_so(method):
    model = Sequential(layers(), seed=1)
    with refused(ValueError, r"not compiled: call compile\(optimizer, loss\) first", model):
        getattr(model, method)(IDS, LABELS)
    model.compile("sgd", "binary_crossentropy")
    still_works(model)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        (("adamm", "binary_crossentropy"), ValueError, "unknown optimizer 'adamm'.*'adam'"),
        (("sgd", "hinge"), ValueError, "unknown loss 'hinge'"),
        (("sgd", "bce", ["auc"]), ValueError, "unknown metric 'auc'"),
        (("sgd", None), ValueError, "needs an optimizer and a loss: received .*loss=None"),
        ((None, "bce"), ValueError, "received optimizer=None"),
        ((), ValueError, "received optimizer='rmsprop', loss=None"),
        ((3, "bce"), TypeError, "optimizer must be an object, a name or a dictionary.*received 3"),
    ],
)
def test_compile_refuses_unknown_parts_and_keeps_the_former_ones(model, arguments, error, match):
    with refused(error, match, model):
        model.compile(*arguments)
    still_works(model)


BAD_DATA = {
    "no sample": (
        [],
        [],
        r"at least one sample: received inputs of shape \(0,\), labels of shape \(0,\)",
    ),
    "no sample of two ids": (
        np.zeros((0, 2), int),
        [],
        r"inputs of shape \(0, 2\), labels of shape \(0,\)",
    ),
    "one number": (1, 1, "x must have an axis that counts samples: received 1"),
    "fewer labels": (IDS, LABELS[:3], r"inputs of shape \(4, 2\), labels of shape \(3,\)"),
    "more labels": (IDS[:2], LABELS, r"inputs of shape \(2, 2\), labels of shape \(4,\)"),
    "ragged inputs": ([[1, 2], [3]], [0, 1], r"different lengths: received \[\[1, 2\], \[3\]\]"),
    "two columns of labels": (IDS, np.ones((4, 2)), r"labels of shape \(., 2\) do not match"),
    "a label of 2": (IDS, [0, 1, 1, 2], "between 0 and 1: received 2"),
    "a label that is NaN": (IDS, [0, 1, 1, np.nan], "between 0 and 1: received nan"),
}


@pytest.mark.parametrize(("x", "y", "match"), BAD_DATA.values(), ids=BAD_DATA)
@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_inputs_and_labels_that_do_not_match_are_refused(model, method, x, y, match):
    kwargs = {"batch_size": 2, "verbose": 0} if method == "fit" else {}
    with refused(ValueError, match, model.layers, model.optimizer, caches=False):
        getattr(model, method)(x, y, **kwargs)
    still_works(model)


@pytest.mark.parametrize(("x", "y", "match"), BAD_DATA.values(), ids=BAD_DATA)
def test_validation_data_that_does_not_match_is_refused_before_training(model, x, y, match):
    with refused(ValueError, match, model, caches=False):
        model.fit(IDS, LABELS, verbose=0, validation_data=(x, y))
    still_works(model)


@pytest.mark.parametrize(
    ("bad", "error", "match"),
    [
        (4, IndexError, r"id 4 at position \(3, 1\) is outside \[0, 4\)"),
        (-1, IndexError, r"id -1 at position \(3, 1\)"),
        (1.5, TypeError, r"float id 1\.5 at position \(3, 1\)"),
        (np.nan, TypeError, r"float id nan at position \(3, 1\)"),
        ("cat", TypeError, r"integers in \[0, 4\).*Map words to ids"),
        (None, TypeError, "of dtype object"),
        (2**70, IndexError, rf"id {2**70} is outside"),
    ],
)
def test_a_bad_id_in_the_last_batch_is_found_before_the_first_step(model, bad, error, match):
    ids = [*IDS[:3].tolist(), [0, bad]]
    with refused(error, match, model):
        model.fit(ids, LABELS, batch_size=1, verbose=0)
    with refused(error, match, model, caches=False):
        model.fit(IDS, LABELS, verbose=0, validation_data=(ids, LABELS))
    with refused(error, match, model):
        model.predict(ids)
    still_works(model)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"batch_size": 0}, "batch_size must be a positive integer: received 0"),
        ({"batch_size": -1}, "batch_size must be a positive integer: received -1"),
        ({"batch_size": 2.0}, "batch_size must be a positive integer: received 2.0"),
        (
            {"validation_batch_size": 0},
            "validation_batch_size must be a positive integer: received 0",
        ),
        ({"batch_size": True}, "batch_size must be a positive integer: received True"),
        ({"epochs": 0}, "epochs must be a positive integer: received 0"),
        ({"epochs": None}, "epochs must be a positive integer: received None"),
        ({"validation_split": 1.0}, r"validation_split must lie in \[0, 1\): received 1.0"),
        ({"validation_split": -0.1}, r"validation_split must lie in \[0, 1\): received -0.1"),
        ({"validation_split": np.nan}, "received nan"),
        ({"validation_split": 0.99}, "validation_split 0.99 leaves 0 of 4 samples to train on"),
        ({"validation_split": 1e-18}, "1e-18 leaves 4 of 4 samples.*both parts need at least one"),
        ({"sample_weight": np.ones(3)}, r"labels of shape \(4,\), weights of shape \(3,\)"),
        ({"sample_weight": np.ones(())}, r"labels of shape \(4,\), weights of shape \(\)"),
        (
            {"sample_weight": np.ones((4, 2))},
            r"must have shape \(4,\), one for each sample: received \(4, 2\)",
        ),
        (
            {"validation_data": (IDS, LABELS[:2])},
            r"inputs of shape \(4, 2\), labels of shape \(2,\)",
        ),
    ],
)
def test_fit_refuses_bad_arguments_before_the_first_step(model, arguments, match):
    with refused(ValueError, match, model.layers, model.optimizer, caches=False):
        model.fit(IDS, LABELS, **{"verbose": 0, **arguments})
    still_works(model)


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, None])
def test_evaluate_and_predict_refuse_a_bad_batch_size(model, batch_size):
    match = f"batch_size must be a positive integer: received {batch_size}"
    with refused(ValueError, match, model):
        model.evaluate(IDS, LABELS, batch_size)
    with refused(ValueError, match, model):
        model.predict(IDS, batch_size)


@pytest.mark.parametrize(
    ("y", "sample_weight", "match"),
    [
        (LABELS[:3], None, r"inputs of shape \(4, 2\), labels of shape \(3,\)"),
        (LABELS, np.ones(3), r"labels of shape \(4,\), weights of shape \(3,\)"),
        (LABELS - 0.5, None, "labels must lie between 0 and 1: received -0.5"),
    ],
)
def test_train_on_batch_refuses_what_does_not_match(model, y, sample_weight, match):
    with refused(ValueError, match, model.layers, model.optimizer, caches=False):
        model.train_on_batch(IDS, y, sample_weight)
    still_works(model)


def test_inputs_of_another_width_than_the_first_are_refused():
    model = Sequential([Dense(1, "sigmoid")])
    model.compile("sgd", "bce")
    model.fit(np.ones((4, 3)), LABELS, verbose=0)
    match = r"built for inputs of 3 numbers: received shape \(1, 2\)"
    with refused(ValueError, match, model):
        model.fit(np.ones((4, 2)), LABELS, verbose=0)


def test_a_model_with_nothing_to_train_is_told_so():
    model = Sequential([Dense(1, "sigmoid", trainable=False)])
    model.compile("sgd", "bce")
    model(np.ones((4, 3)))
    match = "no gradient for any variable.*let at least one layer be trainable"
    with refused(ValueError, match, model.layers, model.optimizer, caches=False):
        model.fit(np.ones((4, 3)), LABELS, verbose=0)


@pytest.mark.parametrize("verbose", [3, -1, "loud"])
def test_fit_knows_three_ways_of_telling(verbose):
    model = Sequential([Embedding(4, 2), GlobalAveragePooling1D(), Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    with pytest.raises(ValueError, match=f"'auto', 0, 1 or 2: received .*{verbose}"):
        model.fit(IDS, LABELS, verbose=verbose)
    assert not model.layers[0].built


def test_predict_needs_samples_to_count():
    with pytest.raises(ValueError, match="an axis that counts samples: received 3"):
        Sequential([Embedding(4, 2)]).predict(3)


def test_a_mask_is_dropped_with_a_warning_where_a_layer_does_not_know_masks():
    class Deaf(Dense):
        supports_masking = False

    table = Embedding(4, 2, mask_zero=True)
    model = Sequential([table, Deaf(2, name="deaf"), GlobalAveragePooling1D()])
    with pytest.warns(UserWarning, match="layer deaf does not support masking"):
        shown = model([[1, 0]])
    behind = model.layers[1](table([[1, 0]]))
    np.testing.assert_allclose(shown, behind.mean(axis=1), rtol=1e-6)  # padding counts


@pytest.mark.parametrize("data", [3, IDS, (IDS,), (IDS, LABELS, LABELS, LABELS)])
def test_validation_data_are_inputs_and_labels(data):
    model = Sequential([Embedding(4, 2), GlobalAveragePooling1D(), Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    with pytest.raises(TypeError, match="inputs and labels, and weights if any: received"):
        model.fit(IDS, LABELS, validation_data=data, verbose=0)


WRONG_SHAPES = {
    "one-hot rows": (
        "sparse_categorical_crossentropy",
        3,
        np.eye(3)[[0, 1, 2, 0]],
        r"\(4, 3\)",
    ),
    "too many columns": ("mse", 2, np.ones((4, 3)), r"\(4, 3\).*\(4, 2\)"),
    "too many axes": ("bce", 1, np.ones((4, 1, 1, 1)), r"\(4, 1, 1, 1\).*\(4, 1\)"),
    "numbers of classes": ("categorical_crossentropy", 3, np.array([0, 1, 2, 0]), r"\(4,"),
}


@pytest.mark.parametrize(
    ("loss", "units", "labels", "match"), WRONG_SHAPES.values(), ids=WRONG_SHAPES
)
@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch"])
def test_a_message_shows_the_shapes_of_the_caller(loss, units, labels, match, method):
    model = Sequential([*layers()[:2], Dense(units, "sigmoid")])
    model.compile("sgd", loss)
    with pytest.raises(ValueError, match=match) as error:
        getattr(model, method)(IDS, labels)
    assert "(1, " not in str(error.value)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
@pytest.mark.parametrize("place", ["sample_weight", "validation_data"])
def test_weights_that_are_none_are_refused_before_the_first_step(model, bad, place):
    weight = np.array([1, 1, 1, bad])
    given = {"sample_weight": weight} if place == "sample_weight" else {}
    if place == "validation_data":
        given = {"validation_data": (IDS, LABELS, weight)}
    with refused(ValueError, f"finite numbers >= 0: received {bad} at", model):
        model.fit(IDS, LABELS, batch_size=1, verbose=0, **given)
    if place == "sample_weight":
        for method in (model.evaluate, model.train_on_batch):
            with refused(ValueError, f"received {bad} at position", model):
                method(IDS, LABELS, sample_weight=weight)


@pytest.mark.parametrize("epoch", [-1, 0.5, True, None])
def test_the_first_epoch_is_a_whole_number(model, epoch):
    with refused(ValueError, f"initial_epoch must be a whole number.*received {epoch}", model):
        model.fit(IDS, LABELS, initial_epoch=epoch, verbose=0)


@pytest.mark.parametrize("method", ["evaluate", "predict"])
@pytest.mark.parametrize("verbose", [3, "loud"])
def test_evaluate_and_predict_know_the_same_ways_of_telling(model, method, verbose):
    given = (IDS,) if method == "predict" else (IDS, LABELS)
    with refused(ValueError, "verbose must be 'auto', 0, 1 or 2", model):
        getattr(model, method)(*given, verbose=verbose)


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch"])
def test_missing_labels_are_named(model, method):
    with refused(
        TypeError, "y, the labels, must be an array or nested lists: received None", model
    ):
        getattr(model, method)(IDS)


@pytest.mark.parametrize("batches", [[(IDS, LABELS), (IDS, LABELS)], (IDS, LABELS)])
@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch"])
def test_inputs_and_labels_in_one_argument_are_no_ragged_lists(model, method, batches):
    with refused(TypeError, "give inputs and labels as two arguments, x and y", model):
        getattr(model, method)(batches)


@pytest.mark.parametrize("method", ["fit", "evaluate", "predict", "train_on_batch"])
def test_a_sparse_matrix_is_no_matrix_of_ids(model, method):
    counts = scipy.sparse.csr_array(np.eye(4))
    with refused(TypeError, r"layer table looks up ids.*EmbeddingBag", model):
        getattr(model, method)(*((counts,) if method == "predict" else (counts, LABELS)))
