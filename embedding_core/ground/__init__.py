"""What every module stands on: arguments checked, files kept whole, parts written down, time."""
