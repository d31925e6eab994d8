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
    """Write the edition's settings; return what to build it with."""
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
    file = folder / "_config.yml"
    file.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), "utf-8")
    return ["--config", str(file), "--path-output", str(folder)]


def lay_into(site: Path, folder: Path) -> None:
    """Move the edition that was built in a folder into the English site, but for what is there."""
    target = site / LANGUAGE
    shutil.move(folder / "_build" / "html", target)
    shutil.rmtree(folder)
    (target / "404.html").unlink(missing_ok=True)  # a server has one, at the top
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
