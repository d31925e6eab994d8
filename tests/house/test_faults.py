"""tools/faults.py: its mistakes can be made, and its table is about these."""

import pytest

from tools import faults

ROOT = faults.ROOT


@pytest.mark.parametrize("fault", faults.FAULTS, ids=lambda fault: fault.name.split(":")[0])
def test_a_mistake_can_be_made(fault):
    assert (ROOT / fault.path).read_text("utf-8").count(fault.right) == 1
    assert fault.wrong != fault.right


def test_the_table_in_the_book_is_about_these_mistakes_and_each_was_noticed():
    rows = faults.PAGE.read_text("utf-8").splitlines()[2:]
    made = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]
    assert [name for name, _ in made] == [fault.name for fault in faults.FAULTS]
    for _, noticed in made:
        file = noticed.split("`")[1]
        assert (ROOT / "tests" / file).exists() or (ROOT / "book" / file).exists(), noticed


def test_a_test_is_named_in_words():
    test = "tests/test_ops.py::TestGather::test_each_id_becomes_its_row[2-True]"
    assert faults.in_words(test) == "each id becomes its row (`test_ops.py`)"


@pytest.fixture(autouse=True)
def without_plugins(monkeypatch):
    """These load for seconds, and a test of a number needs none."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


class Copy(faults.Copy):
    """A copy that is nothing but a number and a test of it."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "number.txt").write_text("one 1")
        (folder / "test_number.py").write_text(
            "def test_it(): assert open('number.txt').read() != 'one 2'"
        )


def fault(wrong, tests="test_number.py", right="1"):
    return faults.Fault("a wrong number", "number.txt", right, wrong, tests)


@pytest.mark.long
def test_a_mistake_is_noticed_or_not_and_undone(tmp_path):
    copy = Copy(tmp_path)
    assert copy.check(fault("2")).caught_by == "test_number.py::test_it"
    assert copy.check(fault("3")).caught_by is None
    assert (tmp_path / "number.txt").read_text() == "one 1"
    assert "**nobody**" in faults.table([copy.check(fault("3"))])


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        (fault("2", right="7"), "must hold once"),
        (fault("2", tests="test_other.py"), "must pass without"),
        (fault("2", tests="test_number.py -k nothing"), "must pass without"),
    ],
)
def test_what_proves_nothing_is_refused(tmp_path, bad, complaint):
    with pytest.raises(RuntimeError, match=complaint):
        Copy(tmp_path).check(bad)


def test_a_name_that_no_mistake_has_is_refused():
    with pytest.raises(SystemExit, match="repeated ids lost"):
        faults.main(["no such thing"])
