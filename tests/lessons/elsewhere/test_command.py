"""`python -m embedding_core probe`: reports, exit status, and errors that say what is wrong."""

import pytest

from embedding_core.__main__ import main
from embedding_core.ground.recording import write
from embedding_core.lessons.elsewhere import command
from embedding_core.lessons.elsewhere.recording import read

EXAMPLES = "embedding_core.lessons.elsewhere.examples"


def test_a_library_is_shown_beside_its_recording(capsys):
    assert main(["probe", "numpy"]) == 0
    out = capsys.readouterr().out
    assert "id -1                      row 3" in out
    assert "0 of 31 answers differ" in out


def test_an_answer_that_differs_is_named_with_both_and_ends_with_status_1(
    capsys, monkeypatch, tmp_path
):
    recorded = read()
    recorded["numpy"].answers["id -1"] = "zeros"
    write(recorded, tmp_path / "seen.json")
    monkeypatch.setattr(command, "PLACE", tmp_path / "seen.json")
    monkeypatch.setattr(command, "read", lambda: read(tmp_path / "seen.json"))
    assert main(["probe", "numpy"]) == 1
    out = capsys.readouterr().out
    assert "differs: id -1: recorded 'zeros', seen 'row 3'" in out
    assert "1 of 31 answers differ" in out


def test_a_package_alone_has_no_recording_to_compare_with(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(command, "PLACE", tmp_path / "none.json")
    assert main(["probe", "numpy"]) == 0
    assert "There is no recording" in capsys.readouterr().out


def test_a_library_that_is_not_installed_is_named(capsys, monkeypatch):
    monkeypatch.setenv("NODE_PACKAGES", "/nowhere")
    with pytest.raises(SystemExit) as ended:
        main(["probe", "tensorflow-js"])
    assert ended.value.code == 2
    assert "TensorFlow.js needs npm:@tensorflow/tfjs" in capsys.readouterr().err


def test_a_sound_layer_is_reported_and_ends_with_status_0(capsys):
    assert main(["probe", f"{EXAMPLES}:sound"]) == 0
    assert "18 of 18 promises are kept." in capsys.readouterr().out


@pytest.mark.parametrize("fault", ["forgetful", "narrow", "lending", "rounding"])
def test_a_layer_that_is_wrong_on_purpose_ends_with_status_1(capsys, fault):
    assert main(["probe", f"{EXAMPLES}:{fault}"]) == 1
    assert "BROKEN" in capsys.readouterr().out


def test_a_readers_own_module_is_found_where_the_command_is_called(capsys, monkeypatch, tmp_path):
    (tmp_path / "layers_of_mine.py").write_text(
        "class Mine:\n"
        "    def __init__(self, table):\n        self.table = table\n"
        "    def look_up(self, ids):\n        return self.table[ids]\n",
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    assert main(["probe", "layers_of_mine:Mine"]) == 1
    out = capsys.readouterr().out
    assert "BROKEN          A negative id is refused." in out
    assert "no such method  A step moves the rows that were read." in out


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ("nosuchmodule:make", "cannot import nosuchmodule: ModuleNotFoundError"),
        ("embedding_core.ops:nothing", "there is no nothing in the module embedding_core.ops"),
        (":", "name the layer as MODULE:FACTORY: received ':'"),
        ("json:", "name the layer as MODULE:FACTORY"),
        ("json:__name__", "must be a function of a table: received 'json'"),
        ("json:dumps", "it raised TypeError: Object of type ndarray"),
        ("builtins:len", "must return an object with a method look_up(ids): received 300"),
        ("caffe", "no adapter for 'caffe'"),
    ],
)
def test_a_bad_name_or_factory_ends_with_status_2_and_says_why(capsys, layer, message):
    with pytest.raises(SystemExit) as ended:
        main(["probe", layer])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_a_module_that_cannot_be_imported_is_told_by_its_own_error(capsys, monkeypatch, tmp_path):
    (tmp_path / "broken_of_mine.py").write_text("1 / 0\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["probe", "broken_of_mine:make"])
    assert "cannot import broken_of_mine: ZeroDivisionError" in capsys.readouterr().err
