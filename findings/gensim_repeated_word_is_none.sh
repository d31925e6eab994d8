#!/usr/bin/env bash
# gensim 4.4.0: a word that stands twice in a text file of vectors leaves a word named None.
#
# Guess: load_word2vec_format leaves the second line out, and there are two words. Seen: there are
# three. The third is None, with a row of zeros; its similarity to every word is NaN, and
# most_similar lists it among the neighbours.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet gensim==4.4.0 numpy==2.4.0 scipy==1.17.0
printf '3 2\ngood 1 2\ngood 3 4\nfilm 5 6\n' > "$folder/vectors.txt"
"$folder/venv/bin/python" - "$folder/vectors.txt" <<'PYTHON'
import math
import sys
import warnings

from gensim.models import KeyedVectors

warnings.simplefilter("ignore", RuntimeWarning)  # it divides by the length of the row of zeros
vectors = KeyedVectors.load_word2vec_format(sys.argv[1])
neighbours = vectors.most_similar("good")
print("words:", vectors.index_to_key)
print("rows:", vectors.vectors.tolist())
print("neighbours of good:", neighbours)
assert vectors.index_to_key == ["good", "film", None]
assert vectors.vectors.tolist() == [[1, 2], [5, 6], [0, 0]]
assert [word for word, _ in neighbours] == ["film", None] and math.isnan(neighbours[1][1])
PYTHON
