"""Optimizers on whole tables in float64, written down from their papers and Keras's docstrings."""

import numpy as np


class Dense:
    """A table that a formula moves, all rows at every step."""

    def __init__(self, formula, table, **settings):
        self.table = np.array(table, np.float64)
        self.formula, self.settings, self.t = formula, settings, 0
        self.slots = {}

    def __getitem__(self, name):
        return self.slots.get(name, np.zeros_like(self.table))

    def __setitem__(self, name, value):
        self.slots[name] = value

    def step(self, rows, values, learning_rate):
        gradient = np.zeros_like(self.table)
        np.add.at(gradient, rows, values)
        self.t += 1
        self.table = self.table + self.formula(self, gradient, learning_rate, **self.settings)


def sgd(memory, g, rate, momentum=0.0, nesterov=False):
    memory["velocity"] = momentum * memory["velocity"] - rate * g
    return momentum * memory["velocity"] - rate * g if nesterov else memory["velocity"]


def adagrad(memory, g, rate, initial_accumulator_value=0.1, epsilon=1e-7):
    memory["sum"] = memory["sum"] + g**2
    return -rate * g / np.sqrt(initial_accumulator_value + memory["sum"] + epsilon)


def rmsprop(memory, g, rate, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
    memory["square"] = rho * memory["square"] + (1 - rho) * g**2
    memory["mean"] = rho * memory["mean"] + (1 - rho) * g
    spread = memory["square"] - centered * memory["mean"] ** 2
    memory["step"] = momentum * memory["step"] + rate * g / np.sqrt(spread + epsilon)
    return -memory["step"]


def adam(memory, g, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    memory["m"] = beta_1 * memory["m"] + (1 - beta_1) * g
    memory["v"] = beta_2 * memory["v"] + (1 - beta_2) * g**2
    m_hat = memory["m"] / (1 - beta_1**memory.t)
    v_hat = memory["v"] / (1 - beta_2**memory.t)
    epsilon = epsilon / np.sqrt(1 - beta_2**memory.t)  # where Keras adds it
    return -rate * m_hat / (np.sqrt(v_hat) + epsilon)
