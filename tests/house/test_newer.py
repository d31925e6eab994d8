"""What `make newest` says of the packages it tries."""

from importlib.metadata import version

from tools import newer

PINS = f"""\
# a comment
pytest=={version("pytest")}
hypothesis==0.1 ; python_version >= "3"  # another
numpy==0.1 ; python_version < "3"
no-such-package==1.0
"""


def test_it_names_what_is_not_as_pinned_with_both_versions(tmp_path, capsys):
    file = tmp_path / "constraints.txt"
    file.write_text(PINS, "utf-8")
    newer.main(str(file))
    assert capsys.readouterr().out.splitlines() == [
        f"  hypothesis: pinned 0.1, here {version('hypothesis')}",
        "  no-such-package: pinned 1.0, here not installed",
        "2 of 3 packages are not the pinned ones.",
    ]
