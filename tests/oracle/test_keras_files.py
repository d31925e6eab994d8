"""`import embedding_core` is enough for Keras to load a model that holds classes of `for_keras`.

How Keras's import is awaited is tried on a package of that name that has Keras's register and
nothing else, because the real one takes its time.
"""

import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
from for_keras_models import BATCH, apart, batches, built, keras, ours

from embedding_core import for_keras, keras_files
from embedding_core.ground.collector import CHILD

X, Y = batches(15)
OURS = {f"embedding_core>{name}" for name in keras_files.NAMES}
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # `__array__`


def run(code, cwd, **environment):
    """Run code in a fresh process, and return the lines that it printed."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD + code],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=os.environ | environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def fit(model):
    model.fit(X, Y, batch_size=BATCH, shuffle=False, verbose=0)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Save a model in the middle of its training, and train on."""
    folder = tmp_path_factory.mktemp("saved")
    model = built(ours(for_keras.Adam(0.05)))
    fit(model)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        model.save(folder / "m.keras")
        model.save(folder / "m.h5")
    np.savez(folder / "data.npz", x=X, y=Y)
    fit(model)
    return folder, model


@pytest.mark.parametrize("imports", ["keras, embedding_core", "embedding_core, keras"])
def test_a_loaded_model_trains_on_as_if_it_had_never_stopped(imports, trained):
    folder, model = trained
    said = run(
        f"""
import sys
import {imports}
print("embedding_core.for_keras" in sys.modules)
import numpy as np
data = np.load("data.npz")
for file in ("m.keras", "m.h5"):
    model = keras.models.load_model(file)
    print(type(model.optimizer).__module__, type(model.layers[0]).__module__)
    if file == "m.keras":
        model.fit(data["x"], data["y"], batch_size={BATCH}, shuffle=False, verbose=0)
        model.save_weights("after.weights.h5")
        print(model.optimizer.iterations.numpy())
for name in ("Adam", "SGD", "RMSprop", "Adagrad"):
    print(type(keras.optimizers.get("embedding_core>" + name)).__name__)
merged = keras.saving.serialize_keras_object(sys.modules["embedding_core.for_keras"].merged("adam"))
print(type(keras.saving.deserialize_keras_object(merged)).__name__)
""",
        folder,
    )
    classes = "embedding_core.for_keras.adam embedding_core.for_keras.embedding"
    assert said[:4] == ["False", classes, "30", classes]
    assert said[4:] == ["Adam", "SGD", "RMSprop", "Adagrad", "Merged"]
    after = ours(None, compiled=False)
    after.load_weights(folder / "after.weights.h5")
    assert apart(after, model) < 3e-6


def test_on_another_backend_only_loading_is_refused_and_says_what_is_wanted(trained):
    folder, _ = trained
    said = run(
        """
import embedding_core, keras
keras.Sequential([keras.layers.Embedding(3, 2)]).save("plain.keras")
print(keras.models.load_model("plain.keras").layers[0].name)
try:
    keras.models.load_model("m.keras")
except ImportError as error:
    print(error)
""",
        folder,
        KERAS_BACKEND="numpy",
    )
    assert said[0] == "embedding"
    assert "runs on numpy here" in said[1]
    assert "KERAS_BACKEND=tensorflow" in said[1]


def test_the_names_are_those_of_the_classes_that_register_themselves():
    mine = {
        name: thing
        for name, thing in keras.saving.get_custom_objects().items()
        if name.startswith("embedding_core>")
    }
    assert set(mine) == OURS
    assert all(thing is getattr(for_keras, name.split(">")[1]) for name, thing in mine.items())
    keras_files.introduce()  # once more, and the classes stay
    assert keras.saving.get_registered_object("embedding_core>Adam") is for_keras.Adam
    finders = [type(finder).__name__ for finder in sys.meta_path]
    assert finders.count("_KerasFinder") == 1


WAYS = {
    "first": "import keras, embedding_core",
    "second": "import embedding_core, keras",
    "a part of it": "import embedding_core, keras.saving",
    "anew": "import embedding_core, keras, importlib; importlib.reload(keras)",
    "forgotten, and again": "import embedding_core, keras\n"
    "for name in ('keras', 'keras.saving'): del sys.modules[name]\n"
    "import keras",
    "ours anew": "import keras, embedding_core, importlib\n"
    "importlib.reload(embedding_core.keras_files); importlib.reload(embedding_core)",
    "in another thread": "import embedding_core\n"
    "thread = threading.Thread(target=__import__, args=['keras']); thread.start(); thread.join()\n"
    "import keras",
    "both at once": "sys.waits = True\n"
    "thread = threading.Thread(target=__import__, args=['keras']); thread.start()\n"
    "while 'keras' not in sys.modules: pass\n"
    "import embedding_core; early = list(sys.modules['keras'].saving.register)\n"
    "thread.join(); import keras; assert len(early) == 6",
    "lazily": "import embedding_core, importlib.util as util\n"
    "spec = util.find_spec('keras'); spec.loader = util.LazyLoader(spec.loader)\n"
    "keras = sys.modules['keras'] = util.module_from_spec(spec); spec.loader.exec_module(keras)",
}


@pytest.fixture
def register(tmp_path):
    """Write a package named keras, which has a register; its import waits for ours if asked to."""
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "__init__.py").write_text(
        """import sys, time
def ours_is_nearly_imported():
    return hasattr(sys.modules.get("embedding_core"), "__version__")
while getattr(sys, "waits", False) and not ours_is_nearly_imported():
    time.sleep(0.01)
time.sleep(0.2)
from keras import saving as saving
"""
    )
    (tmp_path / "keras" / "saving.py").write_text(
        "register = {}\ndef get_custom_objects():\n    return register"
    )
    return {"cwd": tmp_path, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_names_are_there_however_keras_is_imported(way, register):
    said = run(
        f"import sys, threading\n{way}\nprint(*sorted(keras.saving.register))"
        "\nprint(any(name.startswith('embedding_core.for_keras') for name in sys.modules))",
        **register,
    )
    assert said == [" ".join(sorted(OURS)), "False"]


def test_whoever_looks_for_keras_without_importing_it_finds_what_is_there(register):
    said = run(
        """
import importlib.util, inspect, sys
plain = importlib.util.find_spec("keras")
import embedding_core
spec = importlib.util.find_spec("keras")
print(spec.origin == plain.origin == spec.loader.get_filename("keras"), "keras" in sys.modules)
import keras
print(type(keras.__loader__) is type(plain.loader) is type(keras.__spec__.loader))
print(inspect.getsource(keras).splitlines()[0])
""",
        **register,
    )
    assert said == ["True False", "True", "import sys, time"]


def test_without_keras_its_import_fails_as_ever(tmp_path):
    said = run(
        """
import embedding_core, sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name == "keras":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(1, Nothing())
try:
    import keras
except ModuleNotFoundError as error:
    print(error)
sys.meta_path[1:] = []
try:
    import keras
except ModuleNotFoundError as error:
    print(error)
print([name for name in sys.modules if name.split(".")[0] in ("keras", "tensorflow")])
""",
        tmp_path,
    )
    assert said == ["No module named 'keras'"] * 2 + ["[]"]


@pytest.mark.parametrize("imports", ["keras, embedding_core", "embedding_core, keras"])
def test_a_keras_without_a_register_is_left_alone(imports, register):
    (register["cwd"] / "keras" / "__init__.py").write_text("__version__ = '2.3.1'")
    assert run(f"import {imports}; print(keras.__version__)", **register) == ["2.3.1"]
