"""The scenarios and agreements that come with pausenet, by name: `two-faces`, `miri-2025`, ..."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from pausenet.errors import MalformedFile
from pausenet.files.located import suggestion

_SUFFIX = ".yaml"
_RUNNABLE = ("scenarios", "evasions", "presets")
"""The folders of what can be run; a name stands in one of them only."""


def stories_dir() -> Path:
    """Where the scenarios stand: inside the installed package, or in the checkout beside it."""
    return _shipped("scenarios")


def agreements_dir() -> Path:
    """Where the agreements stand."""
    return _shipped("agreements")


def presets_dir() -> Path:
    """Where the presets stand."""
    return _shipped("presets")


def held_out_dir() -> Path:
    """Where the held-out combinations of evasions stand, and the regime that they meet."""
    return _shipped("held-out")


def _shipped(kind: str) -> Path:
    package = Path(str(files("pausenet")))
    installed = package / "sims" / kind
    return installed if installed.is_dir() else package.parent / "sims" / kind


def story_names() -> tuple[str, ...]:
    """The scenarios' names, sorted."""
    return _names(stories_dir())


def evasion_names() -> tuple[str, ...]:
    """The scenarios of evasions, sorted by their names."""
    return _names(_shipped("evasions"))


def agreement_names() -> tuple[str, ...]:
    """The agreements' names, sorted."""
    return _names(agreements_dir())


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob(f"*{_SUFFIX}")))


def find_scenario(named: str) -> Path:
    """The file of a scenario that is named by its path or by its name.

    What looks like a path (it has a slash, a suffix, or is there) is one; raises
    `MalformedFile` for a name that there is not, with the nearest that there is.
    """
    return _find(named, [_shipped(kind) for kind in _RUNNABLE], "scenario")


def find_agreement(named: str) -> Path:
    """The file of an agreement, by its path or its name, as `find_scenario` has it."""
    return _find(named, [agreements_dir()], "agreement")


def _find(named: str, folders: Sequence[Path], what: str) -> Path:
    path = Path(named)
    if "/" in named or path.suffix or path.is_file():
        return path
    for folder in folders:
        if named in _names(folder):
            return folder / f"{named}{_SUFFIX}"
    names = [name for folder in folders for name in _names(folder)]
    hint = suggestion(named, names) or f" - there are {', '.join(_names(folders[0]))}"
    raise MalformedFile(named, 0, 0, f"no {what} of this name{hint}")
