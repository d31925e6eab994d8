"""Changes are made whole: a deed that is cut off is done again, by whoever comes next."""

import os
import threading
from functools import partial

import numpy as np
import pytest
from interrupts import Cut, cut_off, everywhere, places

from embedding_core import Variable
from embedding_core.ground.whole import alone, finish, make


class Stumbling:
    """A deed that is cut off the first few times."""

    def __init__(self, times):
        self.times = times

    def __call__(self):
        if self.times:
            self.times -= 1
            raise Cut


@pytest.mark.parametrize(("times", "made"), [(0, True), (1, True), (2, False)])
def test_what_is_cut_off_once_is_made_before_the_exception_is_heard_of(times, made):
    seen = {}
    deeds = [partial(seen.update, first=1), Stumbling(times), partial(seen.update, last=2)]
    if times:
        with pytest.raises(Cut):
            make(deeds)
    else:
        make(deeds)
    assert seen == ({"first": 1, "last": 2} if made else {"first": 1})
    finish()
    assert seen == {"first": 1, "last": 2}
    seen.clear()
    finish()
    assert seen == {}


LOOKS = {
    "value": lambda variable: variable.value,
    "rows": lambda variable: variable.rows([0, 1]),
    "another change": lambda variable: make([]),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_who_looks_at_any_variable_makes_first_what_was_cut_off_twice(look):
    variable, other = Variable(np.zeros(2)), Variable(np.zeros((2, 2)))
    with pytest.raises(Cut):
        make([Stumbling(2), *variable.assigning([1.0, 2.0])])
    assert variable._value.tolist() == [0, 0]
    look(other)
    assert variable._value.tolist() == [1, 2]


def test_what_is_cut_off_before_it_is_decided_is_not_made():
    seen = []
    first, *_ = places(lambda: make([]))
    assert cut_off(lambda: make([partial(seen.append, 1)]), first)
    finish()
    assert seen == []


def test_functions_that_run_alone_do_not_overlap_and_may_call_each_other():
    inside, most = [], []

    @alone
    def inner():
        inside.append(1)
        most.append(len(inside))
        for _ in range(50):
            len(inside)
        inside.pop()

    outer = alone(lambda: [inner() for _ in range(20)])
    threads = [threading.Thread(target=outer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1}
    assert len(most) == 80


def test_what_is_made_is_not_made_again_by_who_comes_next():
    done = []
    make([partial(done.append, 1)])
    finish()
    make([])
    assert done == [1]


def test_an_exception_on_any_line_leaves_the_lock_open():
    work = alone(lambda: make([partial(len, ())]))
    assert [*everywhere(lambda: None, lambda _: work())] != []  # which looks


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_process_finds_the_lock_open():
    held, go_on = threading.Event(), threading.Event()

    @alone
    def hold():
        held.set()
        go_on.wait(0.2)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    child = os.fork()
    if child == 0:
        waiting = threading.Thread(target=finish, daemon=True)
        passed = threading.Thread(target=alone(lambda: os._exit(7)), daemon=True)
        waiting.start()
        passed.start()
        passed.join(5)
        os._exit(1)
    go_on.set()
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
