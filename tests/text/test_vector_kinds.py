"""A file that holds no vectors as it stands is called by its name."""

import bz2
import gzip
import io
import lzma
import pickle
import tarfile
import zipfile

import numpy as np
import pytest

from embedding_core.text import read_glove, read_word2vec


def saved(save):
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def zipped(file):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("vectors.txt", "cat 1.0 2.0")


def tarred(file):
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("vectors.txt"))


KINDS = {
    "zip": (saved(zipped), "a zip archive.*Unpack"),
    "tar": (saved(tarred), "a tar archive.*Unpack"),
    "bzip2": (bz2.compress(b"cat 1 2"), "a bzip2 file"),
    "xz": (lzma.compress(b"cat 1 2"), "an xz file"),
    "array": (saved(lambda f: np.save(f, np.eye(2))), "NumPy has saved.*numpy.load"),
    "pickle": (pickle.dumps({"cat": [1.0]}), "a pickle, .* save_word2vec_format"),
    "fastText": (b"\xba\x16\x4f\x2f\x0c\0\0\0", "fastText's .bin model.*vec file"),
    "UTF-16": ("cat 1 2\n".encode("utf-16"), "text in UTF-16.*Convert"),
    "page": (b"\n<!DOCTYPE html>\n<html>404</html>", "a web page.*Fetch the file itself"),
    "page with a byte-order mark": (b"\xef\xbb\xbf<!doctype html>\n", "a web page"),
    "page without a type": (b"<html><body>\n", "a web page"),
    "Git LFS": (b"version https://git-lfs.github.com/spec/v1\nsize 12\n", "Git LFS.*git lfs pull"),
    "packed": (gzip.compress(pickle.dumps([1.0])), "a pickle"),
    "gzip, cut": (gzip.compress(b"1 2\ncat 1.0 2.0\n")[:-9], "a gzip file that is damaged or ends"),
    "gzip, damaged": (gzip.compress(b"1 2\ncat 1 2\n")[:-8] + b"\0" * 8, "damaged or ends early"),
}


@pytest.mark.parametrize(("content", "match"), KINDS.values(), ids=KINDS)
def test_a_file_of_another_kind_is_called_by_its_name(tmp_path, content, match):
    path = tmp_path / "vectors"
    path.write_bytes(content)
    for read in (read_word2vec, read_glove, lambda path: read_word2vec(path, binary=True)):
        with pytest.raises(ValueError, match=rf"vectors is .*{match}"):
            read(path)


def test_a_word_is_not_taken_for_a_web_page(tmp_path):
    path = tmp_path / "g"
    path.write_text("<html> 1.0 2.5e-05\n")
    assert read_glove(path).words == ["<html>"]
