"""Export in every way that an environment has, and write down the answers.

    python -m embedding_core.lessons.elsewhere.exports ENVIRONMENT

`make elsewhere` runs it, in one environment after the other.
"""

import os
import sys

from embedding_core.ground.recording import differences
from embedding_core.lessons.elsewhere.exports import recording

if __name__ == "__main__":
    environment = sys.argv[1]
    os.environ["KERAS_BACKEND"] = environment.partition("-")[0]
    before = recording.seen()
    for id, now in recording.record(environment).items():
        print(id, now, *now.answers.items(), sep="\n  ")
        for case, (then, answer) in differences(before[id], now).items() if id in before else ():
            print(f"  differs: {case}: recorded {then!r}, seen {answer!r}")
