"""`run.json`: what made a run, and the digest of every file of it; written last, read strictly.

It says nothing that a reader must trust: `pausenet check` takes each line of it as a claim.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, Final

from pausenet import __version__
from pausenet.errors import MalformedFile
from pausenet.files.resolved import scenario_digest
from pausenet.scenario.plan import Scenario
from pausenet.statements.canonical import Json
from pausenet.values import Digest

SCHEMA: Final = "pausenet/run/v2"
SEED_SCHEME: Final = "v1"
RUN_FILE: Final = "run.json"
JOURNAL: Final = "in-progress.jsonl"
"""What many runs have come to so far; it is gone when they are finished."""
LIBRARIES: Final = ("altair", "numpy", "polars", "vl-convert-python")
"""The libraries whose versions the bytes of pictures and of the Parquet file depend on."""
_NOT_KEPT: Final = frozenset({"network", JOURNAL, RUN_FILE})
"""What stands in a run's directory and is no part of the run: a live network's own state."""
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_BYTES_MAX: Final = 64 * 1024 * 1024


class Kind(StrEnum):
    """What a run's directory holds: one run, or the measurement of many, by runs or by kernels."""

    RUN = "run"
    MEASUREMENT = "measurement"
    KERNEL = "kernel"


class Maker(StrEnum):
    """What made a run: the simulator, which can repeat it to the byte, or real processes."""

    SIMULATOR = "simulator"
    PROCESSES = "processes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A `run.json` as it was read; `whole` holds its members that are not named here."""

    kind: Kind
    made_by: Maker
    version: str
    commit: str
    dirty: bool
    platform: str
    libraries: dict[str, str]
    scenario: str
    scenario_digest: Digest
    seed: int
    files: dict[str, Digest]
    whole: dict[str, Any]


def describe_run(
    run: Path, scenario: Scenario, *, kind: Kind, made_by: Maker, more: Mapping[str, Json]
) -> None:
    """Write `run.json`: what made the run, and the digest of every file that is there."""
    commit, dirty = commit_of_this()
    described: dict[str, Json] = {
        "schema": SCHEMA,
        "kind": str(kind),
        "made_by": str(made_by),
        "version": __version__,
        "commit": commit,
        "dirty": dirty,
        "platform": this_platform(),
        "libraries": dict(libraries()),
        "scenario": scenario.name,
        "scenario_digest": scenario_digest(scenario).hex(),
        "seed": scenario.seed,
        "seed_scheme": SEED_SCHEME,
        **more,
        "files": {
            name: hashlib.sha256((run / name).read_bytes()).hexdigest() for name in kept_files(run)
        },
    }
    text = json.dumps(described, indent=2, sort_keys=True) + "\n"
    (run / RUN_FILE).write_text(text, encoding="utf-8")


def kept_files(run: Path) -> tuple[str, ...]:
    """The files of a run but `run.json`, by their paths in it with `/`, sorted.

    A link counts as a file by its own name, wherever it leads.
    """
    names = (
        path.relative_to(run) for path in run.rglob("*") if path.is_symlink() or path.is_file()
    )
    return tuple(sorted(name.as_posix() for name in names if name.parts[0] not in _NOT_KEPT))


def read_description(run: Path) -> Described:
    """Read a run's `run.json`; raise `MalformedFile` for what is none, or of another schema."""
    path = run / RUN_FILE
    try:
        with path.open("rb") as file:
            data = file.read(_BYTES_MAX + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise MalformedFile(str(path), 0, 0, "no such file: not a finished run") from None
    try:
        whole = json.loads(data) if len(data) <= _BYTES_MAX else None
    except (ValueError, RecursionError):
        whole = None
    if not isinstance(whole, dict):
        raise MalformedFile(str(path), 0, 0, "not a JSON object")
    if whole.get("schema") != SCHEMA:
        raise MalformedFile(
            str(path), 0, 0, f'expected the schema "{SCHEMA}", found {whole.get("schema")!r}'
        )
    try:
        return _described(whole)
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedFile(str(path), 0, 0, f"not what describes a run: {error}") from error


def has_digest(path: Path, digest: bytes) -> bool:
    """Whether the file itself, and not what a link leads to, has this digest."""
    return not path.is_symlink() and hashlib.sha256(path.read_bytes()).digest() == digest


def this_platform() -> str:
    """The system, the machine and the Python that this program runs on."""
    return f"{platform.system()} {platform.machine()} Python {platform.python_version()}"


def libraries() -> dict[str, str]:
    """The versions of the libraries that pictures and tables are written with."""
    return {name: version(name) for name in LIBRARIES}


def commit_of_this() -> tuple[str, bool]:
    """The commit this program was run from and whether it was changed; empty when unknown."""
    here = Path(__file__).resolve().parent

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(here), *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
        return done.stdout.strip()

    try:
        if Path(git("rev-parse", "--show-toplevel")) != here.parent.parent:
            return "", False
        return git("rev-parse", "HEAD"), bool(git("status", "--porcelain"))
    except (OSError, subprocess.SubprocessError):
        return "", False


def _described(whole: dict[str, Any]) -> Described:
    files = {_inside(name): _digest(value) for name, value in _of(whole, "files", dict).items()}
    made_with = _of(whole, "libraries", dict)
    if not all(isinstance(each, str) for each in made_with.values()):
        raise ValueError("libraries: expected versions")
    return Described(
        kind=Kind(whole["kind"]),
        made_by=Maker(whole["made_by"]),
        version=_of(whole, "version", str),
        commit=_of(whole, "commit", str),
        dirty=_of(whole, "dirty", bool),
        platform=_of(whole, "platform", str),
        libraries=made_with,
        scenario=_of(whole, "scenario", str),
        scenario_digest=_digest(whole["scenario_digest"]),
        seed=_of(whole, "seed", int),
        files=files,
        whole=whole,
    )


def _of(whole: dict[str, Any], name: str, kind: type[Any]) -> Any:
    value = whole[name]
    if type(value) is not kind:
        raise ValueError(f"{name}: expected {kind.__name__}, found {type(value).__name__}")
    return value


def _digest(value: object) -> Digest:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise ValueError(f"expected 64 hex digits, found {value!r}")
    return Digest.from_hex(value)


def _inside(name: str) -> str:
    """A path inside the run's directory; raises `ValueError` for one that leads out of it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.as_posix() != name or not path.parts:
        raise ValueError(f"files: {name!r} is not a path inside the run")
    return name
