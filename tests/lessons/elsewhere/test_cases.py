"""The cases, put to NumPy, to this book's layer and to layers made for one answer."""

import numpy as np
import pytest

from embedding_core.lessons.elsewhere import CASES, Adapter, Case, NotOffered, probe
from embedding_core.lessons.elsewhere.cases import KINDS
from embedding_core.lessons.elsewhere.libraries import WHERE, adapter

BY_ID = {case.id: case for case in CASES}
IN_PROCESS = ("numpy", "embedding_core")


class Fake:
    """A layer in NumPy whose habits can be chosen."""

    mode = "raise"
    merges = True
    decays = True

    def __init__(self, table, options):
        self._table, self._options = table.copy(), options

    def look_up(self, ids):
        if self._options.max_norm:
            lengths = np.linalg.norm(self._table, axis=1, keepdims=True)
            self._table /= np.maximum(lengths / self._options.max_norm, 1)
        return np.take(self._table, ids.astype(int), axis=0, mode=self.mode)

    def gradient(self, ids, upstream):
        total = np.zeros_like(self._table)
        np.add.at(total, np.clip(ids, 0, len(total) - 1), upstream)
        if self._options.padding is not None:
            total[self._options.padding] = 0
        return total

    def step(self, ids, upstream):
        gradient = self.gradient(ids, upstream)
        if self._options.optimizer == "sgd":
            move = gradient + self._options.decay * self._table
        else:
            move = np.sign(gradient)
            if not self.merges:
                # Adam's first step from gradients 1 and 2 that are squared one by one.
                move = np.where(gradient == 3, 3 / np.sqrt(5), move)
        self._table = self._table - self._options.learning_rate * move
        return self.table()

    def table(self):
        return self._table.copy()


def ask(case, **habits):
    layer = type("Layer", (Fake,), habits)
    fake = Adapter("a fake", (), layer, lambda rows, width: np.full((rows, width), 0.5))
    return BY_ID[case].ask(fake)


def test_ids_are_distinct_and_questions_are_sentences():
    assert len(BY_ID) == len(CASES) >= 20
    assert all(case.question.endswith("?") for case in CASES)


@pytest.mark.parametrize(("mode", "words"), [("clip", "row 3"), ("wrap", "row 0")])
def test_an_id_past_the_end_is_told_by_the_row_it_got(mode, words):
    assert ask("id V", mode=mode) == words


@pytest.mark.parametrize(("mode", "words"), [("clip", "row 0"), ("wrap", "row 3")])
def test_a_negative_id_is_told_by_the_row_it_got(mode, words):
    assert ask("id -1", mode=mode) == words
    assert ask("id -V-1", mode=mode) == words


def test_a_bad_id_that_is_clipped_has_its_gradient_in_the_last_row():
    assert ask("gradient of id V") == "row 3"


def test_a_cut_that_happens_when_reading_is_told_from_one_at_a_step():
    assert ask("max_norm") == "rows 1, 2, 3, when read"


@pytest.mark.parametrize(("merges", "words"), [(True, "row 0 is 0.90"), (False, "row 0 is 0.87")])
def test_squaring_before_adding_is_seen_in_the_first_step(merges, words):
    assert ask("repeated, Adam", merges=merges) == words


def test_a_decay_moves_a_row_without_a_gradient():
    assert ask("padding trained") == "left alone"
    assert ask("padding decayed") == "moved"


def test_first_values_that_do_not_differ_are_told():
    assert ask("first values") == "all 0.5"


def test_a_case_that_is_undefined_is_never_asked():
    def explode(table, options):
        raise AssertionError("asked")

    undefined = {case.id: "its manual" for case in CASES}
    fake = Adapter("a fake", (), explode, explode, undefined=undefined)
    assert {answer.seen for answer in probe(fake)} == {"undefined"}


def test_kinds_of_answers():
    case = Case("a", "b?", str, right="row 1")
    seen = ("row 1", "raises X", "NaN", "zeros", "row 2", "undefined", "not offered")
    kinds = ("right", "refused", "marked", "marked", "other", "undefined", "not offered")
    assert tuple(map(case.kind, seen)) == kinds
    assert Case("a", "b?", str).kind("row 2") == "own"
    assert Case("a", "b?", str, right="refused").kind("row 1") == "other"
    assert set(kinds) | {"own"} == set(KINDS)


def test_this_books_layer_answers_as_the_cases_hold_right():
    kinds = {
        answer.case: BY_ID[answer.case].kind(answer.seen)
        for answer in probe(adapter("embedding_core"))
    }
    # As Keras's layer has it: a mask is a matter of the layers behind.
    trains_padding = {"padding trained", "padding, sparse", "padding decayed"}
    assert {case for case, kind in kinds.items() if kind == "other"} == trains_padding
    assert "marked" not in kinds.values()


def test_numpy_answers_as_its_manual_says():
    seen = {answer.case: answer.seen for answer in probe(adapter("numpy"))}
    assert seen["id V"] == "raises IndexError"
    assert seen["id -1"] == "row 3"
    assert seen["repeated id"] == "row 3 gets 5 0"
    assert seen["repeated, SGD"] == "row 0 is 0.80"
    assert seen["padding returned"] == "not offered"


@pytest.mark.parametrize("library", IN_PROCESS)
def test_a_layer_holds_a_copy_of_the_table(library):
    from embedding_core.lessons.elsewhere import Options

    table = np.ones((4, 2), np.float32)
    adapter(library).make(table, Options()).step(np.array([1]), np.ones((1, 2), np.float32))
    assert (table == 1).all()


@pytest.mark.parametrize("library", IN_PROCESS)
def test_what_a_library_has_not_it_refuses_by_name(library):
    from embedding_core.lessons.elsewhere import Options

    with pytest.raises(NotOffered):
        adapter(library).make(np.ones((4, 2), np.float32), Options(dtype="bfloat16"))


def test_an_unknown_library_is_answered_by_those_there_are():
    with pytest.raises(ValueError, match=r"no adapter for 'caffe'; there are: numpy, .*tinygrad"):
        adapter("caffe")


def test_every_library_of_the_issue_has_an_adapter():
    assert len(WHERE) >= 24
