"""The scenarios that come with pausenet, by name: `two-faces`, `silent-lab`, ..."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pausenet.errors import MalformedFile
from pausenet.files.located import suggestion

_SUFFIX = ".yaml"


def stories_dir() -> Path:
    """Where they stand: inside the installed package, or in the checkout beside it."""
    package = Path(str(files("pausenet")))
    installed = package / "sims" / "scenarios"
    return installed if installed.is_dir() else package.parent / "sims" / "scenarios"


def story_names() -> tuple[str, ...]:
    """Their names, sorted."""
    return tuple(sorted(path.stem for path in stories_dir().glob(f"*{_SUFFIX}")))


def find_scenario(named: str) -> Path:
    """The file of a scenario that is named by its path or by its name.

    What looks like a path (it has a slash, a suffix, or is there) is one; raises
    `MalformedFile` for a name that there is not, with the nearest that there is.
    """
    path = Path(named)
    if "/" in named or path.suffix or path.is_file():
        return path
    if named not in story_names():
        hint = suggestion(named, story_names()) or f" - there are {', '.join(story_names())}"
        raise MalformedFile(named, 0, 0, f"no scenario of this name{hint}")
    return stories_dir() / f"{named}{_SUFFIX}"
