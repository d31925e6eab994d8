"""What pytest is told about the chapters, however they are named to it."""

from tools.notebooks import TIMEOUT


def pytest_configure(config):
    """Limit a cell's time: nbval alone would wait for half an hour."""
    config.option.nbval_cell_timeout = TIMEOUT
