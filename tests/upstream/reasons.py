"""Why a test of Keras's does not pass, where no name that is missing says so.

The patterns are of `file: Class.test`. `OUTSIDE` says what the test needs that the package does not
mean to have: it is counted outside. `FAILED` says why a test of something that is here
fails.
"""

OUTSIDE = {}

FAILED = {}
