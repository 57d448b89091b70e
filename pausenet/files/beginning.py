"""What a scenario of one's own begins with: a commented file, its JSON Schema, a page of commands.

The texts ship beside this module, so that editors check keys without a network.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from pausenet.errors import Misuse, NodeError

SCENARIO_FILE: Final = "scenario.yaml"
SCHEMA_FILES: Final = {
    "scenario": "scenario.schema.json",
    "agreement": "agreement.schema.json",
    "usage-line": "usage-line.schema.json",
    "reading-line": "reading-line.schema.json",
}
"""What has a JSON Schema, and the file of it."""


def schema_text_of(kind: str) -> str:
    """The JSON Schema of a kind of file; raises `KeyError` for one that has none."""
    return _text(SCHEMA_FILES[kind])


def beginning() -> dict[str, str]:
    """The files of a new scenario, by name."""
    schema = SCHEMA_FILES["scenario"]
    return {
        SCENARIO_FILE: _text("begin", SCENARIO_FILE),
        "README.md": _text("begin", "README.md"),
        schema: schema_text_of("scenario"),
    }


def begin(directory: Path) -> tuple[Path, ...]:
    """Write the files of a new scenario, and say where.

    Raises `Misuse` where the directory holds anything, `NodeError` where it cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise Misuse(f"{directory}: not empty; nothing is written over")
        paths = []
        for name, text in beginning().items():
            path = directory / name
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
            paths.append(path)
    except FileExistsError as error:
        raise Misuse(f"{directory}: a file, no directory") from error
    except OSError as error:
        raise NodeError(f"{directory}: {error.strerror}") from error
    return tuple(paths)


def _text(*names: str) -> str:
    return files("pausenet.files").joinpath(*names).read_text(encoding="utf-8")
