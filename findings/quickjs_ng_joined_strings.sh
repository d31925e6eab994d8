#!/usr/bin/env bash
# quickjs-ng 0.17.0.2 (Python): a long string that JavaScript has put together by + does not arrive.
#
# Guess: whatever a script returns as a string comes as a str, however it was made. Seen: 'a' and 'b'
# a thousand times each, joined by +, raise "TypeError: Unknown quickjs tag: -6"; a hundred times
# each they arrive, and so do two thousand letters made by repeat alone. The engine keeps a long sum
# as its two parts until somebody needs it whole, and what hands it to Python does not ask. Whoever
# draws formulas by KaTeX in it meets this with the first long formula. normalize() makes it whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet quickjs-ng==0.17.0.2
"$folder/venv/bin/python" - <<'PYTHON'
import quickjs


def seen(script):
    try:
        return len(quickjs.Context().eval(script))
    except TypeError as error:
        return str(error)


found = {
    script: seen(script)
    for script in (
        "'a'.repeat(100) + 'b'.repeat(100)",
        "'a'.repeat(1000) + 'b'.repeat(1000)",
        "('a'.repeat(1000) + 'b'.repeat(1000)).normalize()",
        "'a'.repeat(2000)",
    )
}
for script, result in found.items():
    print(f"{script}: {result}")
assert list(found.values()) == [200, "Unknown quickjs tag: -6", 2000, 2000]
PYTHON
