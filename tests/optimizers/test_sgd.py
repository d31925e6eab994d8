import numpy as np
import pytest

from embedding_core import SGD, IndexedSlices, Variable

TABLE = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def slices(values, indices):
    return IndexedSlices(np.array(values, float), np.array(indices), (3, 2))


def path(optimizer, gradients, start=1.0):
    variable = Variable([start])
    values = []
    for gradient in gradients:
        optimizer.apply([np.array([gradient])], [variable])
        values.append(float(variable.value[0]))
    return values


def test_a_step_is_the_gradient_times_the_learning_rate():
    assert path(SGD(0.5), [2.0, -4.0, 0.0]) == [0.0, 2.0, 2.0]
    assert path(SGD(), [1.0]) == [0.99]


def test_momentum_makes_a_share_of_the_last_step_again():
    # velocities: -1, -0.5 - 2 = -2.5, -1.25
    assert path(SGD(1.0, momentum=0.5), [1.0, 2.0, 0.0]) == [0.0, -2.5, -3.75]


def test_nesterov_looks_one_step_of_momentum_ahead():
    # velocities -1, -2.5, -1.25; steps momentum * velocity - gradient:
    # -0.5 - 1 = -1.5, -1.25 - 2 = -3.25, -0.625
    nesterov = SGD(1.0, momentum=0.5, nesterov=True)
    assert path(nesterov, [1.0, 2.0, 0.0]) == [-0.5, -3.75, -4.375]


def test_nesterov_without_momentum_is_plain_descent():
    assert path(SGD(0.5, nesterov=True), [2.0, -4.0]) == [0.0, 2.0]


def test_repeated_ids_add_up_and_other_rows_stay():
    table = Variable(TABLE)
    SGD(0.5).apply([slices([[1, 2], [4, 0], [3, 2]], [2, 0, 2])], [table])
    assert table.value.tolist() == [[-1, 2], [3, 4], [3, 4]]


def test_with_momentum_a_row_keeps_moving_after_its_last_gradient():
    table = Variable(TABLE)
    optimizer = SGD(1.0, momentum=0.5)
    optimizer.apply([slices([[4, 4]], [0])], [table])
    assert table.value.tolist() == [[-3, -2], [3, 4], [5, 6]]
    optimizer.apply([slices([[1, 1]], [1])], [table])
    assert table.value.tolist() == [[-5, -4], [2, 3], [5, 6]]


def test_the_velocity_does_not_leak_from_one_variable_to_another():
    one, other = Variable([0.0]), Variable([0.0])
    optimizer = SGD(1.0, momentum=0.5)
    optimizer.apply([np.ones(1), np.zeros(1)], [one, other])
    optimizer.apply([np.zeros(1), np.ones(1)], [one, other])
    assert one.value.tolist() == [-1.5]
    assert other.value.tolist() == [-1]


def test_only_momentum_is_remembered():
    for optimizer, names in (
        (SGD(), {"iterations"}),
        (SGD(momentum=0.5), {"iterations", "0/0"}),
    ):
        path(optimizer, [1.0])
        kept = {}
        optimizer.save_own_variables(kept)
        assert kept.keys() == names


@pytest.mark.parametrize("momentum", [-0.1, 1.0, 1.5, np.nan])
def test_momentum_must_lie_between_zero_and_one(momentum):
    with pytest.raises(ValueError, match=rf"momentum must lie in \[0, 1\): received {momentum}"):
        SGD(momentum=momentum)


def test_without_momentum_nothing_is_remembered_of_a_variable():
    optimizer = SGD(0.1)
    optimizer.build([Variable(np.ones(2))])
    assert [one.name for one in optimizer.variables] == ["iterations", "learning_rate"]
