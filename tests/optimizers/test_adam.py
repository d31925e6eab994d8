import copy
import pickle

import numpy as np
import pytest

from embedding_core import Adam, IndexedSlices, Variable

pytestmark = pytest.mark.usefixtures("form")


def slices(values, indices, rows):
    return IndexedSlices(np.array(values, float), np.array(indices), (rows, len(values[0])))


def by_the_paper(gradients, rate, beta_1, beta_2, epsilon):
    """Kingma and Ba (2015), the efficient form before their section 2.1, number by number."""
    value, mean, square, values = 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        mean = beta_1 * mean + (1 - beta_1) * g
        square = beta_2 * square + (1 - beta_2) * g * g
        rate_t = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        value -= rate_t * mean / (np.sqrt(square) + epsilon)
        values.append(value)
    return values


@pytest.mark.parametrize(
    "settings", [(0.001, 0.9, 0.999, 1e-7), (0.1, 0.5, 0.8, 1e-3), (0.1, 0.0, 0.0, 1e-7)]
)
def test_it_follows_the_formulas_of_the_paper(settings):
    gradients = np.random.default_rng(0).normal(size=50)
    variable, optimizer = Variable([0.0]), Adam(*settings)
    for gradient, expected in zip(gradients, by_the_paper(gradients, *settings), strict=True):
        optimizer.apply([np.array([gradient])], [variable])
        assert variable.value[0] == pytest.approx(expected, rel=1e-10, abs=1e-14)


def test_the_first_step_is_the_learning_rate_whatever_the_gradients_size():
    variable = Variable([0.0, 0.0, 0.0])
    Adam(0.1).apply([np.array([1e3, -2.0, 0.0])], [variable])
    assert np.allclose(variable.value, [-0.1, 0.1, 0.0], rtol=1e-5)


def test_repeated_ids_are_added_before_they_are_squared():
    # Row 0 gets 1 + 2, and steps by the learning rate like any first step. Squared one by
    # one, 1 + 4 instead of 9, it would step by 0.1 * 3 / sqrt(5).
    table = Variable(np.ones((3, 1)))
    Adam(0.1).apply([slices([[1], [2], [5]], [0, 0, 2], 3)], [table])
    assert np.allclose(table.value, [[0.9], [1.0], [0.9]], atol=1e-6)


def test_a_row_keeps_moving_after_its_last_gradient_and_an_unseen_one_stays():
    table = Variable(np.zeros((3, 1)))
    optimizer = Adam(0.1)
    optimizer.apply([slices([[1]], [0], 3)], [table])
    optimizer.apply([slices([[1]], [1], 3)], [table])
    first, *_ = by_the_paper([1.0], 0.1, 0.9, 0.999, 1e-7)
    both = by_the_paper([1.0, 0.0], 0.1, 0.9, 0.999, 1e-7)[1]
    late = by_the_paper([0.0, 1.0], 0.1, 0.9, 0.999, 1e-7)[1]
    assert both < first - 0.05
    assert np.allclose(table.value, [[both], [late], [0.0]], rtol=1e-10)


GRADIENTS = [2.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.5, 0.5, 0.0]
READERS = {
    "nobody": lambda table: None,
    "value": lambda table: table.value,
    "rows": lambda table: table.rows([0, 0]),
    "another row": lambda table: table.rows([1]),
    "a copy": copy.deepcopy,
    "a pickle": pickle.dumps,
    "NumPy": np.asarray,
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("start", range(3))
def test_a_row_with_rests_between_its_gradients_follows_the_paper_whoever_reads_it(read, start):
    expected = by_the_paper(GRADIENTS, 0.1, 0.9, 0.999, 1e-7)
    table, optimizer = Variable(np.zeros((2, 1))), Adam(0.1)
    for step, gradient in enumerate(GRADIENTS):
        rows = [0, 1] if gradient else [1]
        optimizer.apply([slices([[gradient], [1.0]][-len(rows) :], rows, 2)], [table])
        if step % 3 == start:
            read(table)
    assert table.value[0, 0] == pytest.approx(expected[-1], rel=1e-9)


def test_rows_shows_a_resting_row_where_the_paper_has_it_by_now():
    table, optimizer = Variable(np.zeros((2, 1))), Adam(0.1)
    for gradient, expected in zip(
        GRADIENTS, by_the_paper(GRADIENTS, 0.1, 0.9, 0.999, 1e-7), strict=True
    ):
        rows = [0, 1] if gradient else [1]
        optimizer.apply([slices([[gradient], [1.0]][-len(rows) :], rows, 2)], [table])
        assert table.rows([0])[0, 0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("read", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_a_copy_of_a_table_has_made_every_step_and_makes_no_more(read):
    expected = by_the_paper([1.0, 0.0, 0.0], 0.1, 0.9, 0.999, 1e-7)
    table, optimizer = Variable(np.zeros((2, 1))), Adam(0.1)
    optimizer.apply([slices([[1.0]], [0], 2)], [table])
    optimizer.apply([slices([[1.0]], [1], 2)], [table])
    copied = read(table)
    optimizer.apply([slices([[1.0]], [1], 2)], [table])
    assert copied.value[0, 0] == pytest.approx(expected[1], rel=1e-9)
    assert table.value[0, 0] == pytest.approx(expected[2], rel=1e-9)


def test_a_value_that_is_assigned_is_moved_from_where_it_was_put():
    steps = np.diff(by_the_paper([1.0, 0.0, 0.0], 0.1, 0.9, 0.999, 1e-7))
    for assign in (
        lambda table: table.assign([[5.0], [0.0]]),
        lambda table: table.assign_rows([0], [[5.0]]),
    ):
        table, optimizer = Variable(np.zeros((2, 1))), Adam(0.1)
        optimizer.apply([slices([[1.0]], [0], 2)], [table])
        optimizer.apply([slices([[1.0]], [1], 2)], [table])
        assign(table)
        assert table.value[0, 0] == 5
        optimizer.apply([slices([[1.0]], [1], 2)], [table])
        assert table.value[0, 0] == pytest.approx(5 + steps[1], rel=1e-9)


@pytest.mark.parametrize("beta_2", [0.5, 0.999])
def test_without_a_mean_a_resting_row_stays_and_its_mean_square_fades(beta_2):
    expected = by_the_paper([2.0, 0.0, 0.0, 1.0], 0.1, 0.0, beta_2, 1e-7)
    table, optimizer = Variable(np.zeros((2, 1))), Adam(0.1, 0.0, beta_2)
    for rows, values in [([0], [[2]]), ([1], [[1]]), ([1], [[1]])]:
        optimizer.apply([slices(values, rows, 2)], [table])
        assert table.rows([0])[0, 0] == pytest.approx(expected[0], rel=1e-9)
    assert optimizer.dense_because(table) is None
    optimizer.apply([slices([[1]], [0], 2)], [table])
    assert table.value[0, 0] == pytest.approx(expected[3], rel=1e-9)


def test_the_running_means_do_not_leak_from_one_variable_to_another():
    one, other = Variable([0.0]), Variable([0.0])
    optimizer = Adam(0.1)
    optimizer.apply([np.ones(1), np.zeros(1)], [one, other])
    optimizer.apply([np.zeros(1), np.ones(1)], [one, other])
    assert one.value[0] == pytest.approx(by_the_paper([1.0, 0.0], 0.1, 0.9, 0.999, 1e-7)[1])
    assert other.value[0] == pytest.approx(by_the_paper([0.0, 1.0], 0.1, 0.9, 0.999, 1e-7)[1])


def test_a_series_that_is_short_for_float32_may_be_too_long_for_float64():
    # By beta_2 = 0.9 the terms shrink too slowly for an error below 1e-12 within twelve of them.
    optimizer = Adam(beta_1=0.5, beta_2=0.9)
    assert optimizer.dense_because(Variable(np.ones((3, 1), "float32"))) is None
    said = optimizer.dense_because(Variable(np.ones((3, 1), "float64")))
    assert said == "beta_1=0.5 and beta_2=0.9 allow no short series"


@pytest.mark.parametrize("name", ["beta_1", "beta_2"])
@pytest.mark.parametrize("value", [-0.1, 1.0, np.nan])
def test_both_decay_rates_must_lie_between_zero_and_one(name, value):
    with pytest.raises(ValueError, match=rf"{name} must lie in \[0, 1\): received {value}"):
        Adam(**{name: value})


def test_amsgrad_divides_by_the_largest_mean_square_so_far():
    optimizer, variable = Adam(0.1, 0.0, 0.5, epsilon=0.0, amsgrad=True), Variable([0.0])
    optimizer.apply([np.array([2.0])], [variable])
    # Mean square 2, corrected 4: the step is 0.1 times 2 / 2.
    assert variable.value[0] == pytest.approx(-0.1)
    optimizer.apply([np.array([1.0])], [variable])
    # The mean square fell to 1.5; the largest is 2, corrected by 1 / (1 - 0.25).
    assert variable.value[0] == pytest.approx(-0.1 - 0.1 * 1 / (2 / 0.75) ** 0.5)
    assert [slot.value.tolist() for slot in optimizer.variables[2:]] == [[1], [1.5], [2]]


def test_amsgrad_follows_the_formulas_of_its_paper():
    optimizer, variable = Adam(0.1, 0.5, 0.75, 0.25, amsgrad=True), Variable([0.0])
    value = mean = square = largest = 0.0
    for t, g in enumerate([2.0, -0.5, 1.5, 0.25], start=1):
        mean, square = 0.5 * mean + 0.5 * g, 0.75 * square + 0.25 * g * g
        largest = max(largest, square)
        rate = 0.1 * np.sqrt(1 - 0.75**t) / (1 - 0.5**t)
        value -= rate * mean / (np.sqrt(largest) + 0.25)
        optimizer.apply([np.array([g])], [variable])
        assert variable.value[0] == pytest.approx(value, rel=1e-12)


def test_amsgrad_begins_with_means_of_zero():
    optimizer, variable = Adam(0.1, 0.5, 0.5, epsilon=0.0, amsgrad=True), Variable([0.0])
    optimizer.apply([np.array([0.25])], [variable])
    assert [slot.value.tolist() for slot in optimizer.variables[2:]] == [[0.125], [2**-5], [2**-5]]


def test_amsgrad_updates_every_row_and_says_so():
    tables = [Variable(np.ones((4, 2))) for _ in range(2)]
    for table, kind in zip(tables, (lambda s: s, lambda s: s.dense()), strict=True):
        optimizer = Adam(0.1, amsgrad=True)
        assert optimizer.dense_because(table) == (
            "amsgrad divides by the largest mean a row has had, for which there is no series"
        )
        for row in (0, 2, 2, 1):
            slices = IndexedSlices(np.full((1, 2), 0.5), np.array([row]), (4, 2))
            optimizer.apply([kind(slices)], [table])
    assert np.array_equal(tables[0].value, tables[1].value)
    assert Adam().dense_because(Variable(np.ones((4, 2)))) is None


def test_amsgrad_survives_the_configuration_and_must_be_a_switch():
    optimizer = Adam(amsgrad=True)
    assert optimizer.get_config()["amsgrad"] is True
    assert Adam.from_config(optimizer.get_config()).amsgrad is True
    with pytest.raises(TypeError, match="amsgrad must be True or False: received 1"):
        Adam(amsgrad=1)
