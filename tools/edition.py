"""The Korean edition: the same pages once more, in Korean, under `ko/` of the site.

The notebooks and pages are English; `locale/ko` holds their sentences in Korean. The edition is
built by the same program with a few other settings, from the outputs that the English one was made
from, and laid into the English site, with which it shares every file that both would hold.
"""

import re
import shutil
from pathlib import Path
from typing import Any

import yaml
from babel.messages import mofile, pofile

LANGUAGE = "ko"
HOME = Path("locale") / LANGUAGE
# What a page names that may lie in the English site: each with the way up to the page's own root.
SHARED = ("_static", "_images", "_sources", "_downloads")
NAMED = re.compile(rf'(?<=["\'(])((?:\.\./)*)((?:{"|".join(SHARED)})/[^"\'?#)]+)')


def merged(settings: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return settings with others in their place, at whatever depth they stand."""
    both = dict(settings)
    for name, value in other.items():
        both[name] = merged(both[name], value) if isinstance(value, dict) else value
    return both


def prepare(build: Path) -> list[str]:
    """Write the edition's settings and its compiled catalogues; return what to build it with."""
    folder = build / LANGUAGE
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    root = Path.cwd()
    settings = merged(
        yaml.safe_load(Path("_config.yml").read_text("utf-8")),
        yaml.safe_load((HOME / "_config.yml").read_text("utf-8")),
    )
    settings["execute"]["cache"] = str((build / ".jupyter_cache").resolve())
    extensions = settings["sphinx"]["local_extensions"]
    for name, place in extensions.items():
        extensions[name] = str(root / place)
    settings["sphinx"]["config"]["locale_dirs"] = [str((folder / "locale").resolve())]
    file = folder / "_config.yml"
    file.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), "utf-8")
    compile_catalogues(folder / "locale")
    return ["--config", str(file), "--path-output", str(folder)]


def compile_catalogues(folder: Path) -> None:
    """Write each catalogue in the form in which programs read it."""
    for source in sorted(HOME.rglob("*.po")):
        compiled = (folder / source.relative_to(HOME.parent)).with_suffix(".mo")
        compiled.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as text, compiled.open("wb") as binary:
            mofile.write_mo(binary, pofile.read_po(text, LANGUAGE))


def lay_into(site: Path, built: Path) -> None:
    """Move the built edition into the English site, but for the files that are there already."""
    target = site / LANGUAGE
    shutil.rmtree(target, ignore_errors=True)
    shutil.move(built, target)
    shared = set()
    for name in SHARED:
        for file in [path for path in (target / name).rglob("*") if path.is_file()]:
            there = site / file.relative_to(target)
            if there.is_file() and there.read_bytes() == file.read_bytes():
                shared.add(file.relative_to(target).as_posix())
                file.unlink()
    for page in target.rglob("*.html"):
        text = page.read_text("utf-8")
        page.write_text(NAMED.sub(lambda match: found(match, shared), text), "utf-8")


def found(match: re.Match[str], shared: set[str]) -> str:
    """Write where a page finds a file: one floor higher where the English site has it."""
    up, name = match.groups()
    return f"../{up}{name}" if name in shared else match[0]
