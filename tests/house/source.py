"""The repository as the house tests see it: its files, and its Python as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pausenet"
GENERATED = PACKAGE / "wire" / "v1"
CORE = ("values", "errors", "statements", "crypto", "inference", "log", "protocol", "game")


@cache
def repository_files() -> tuple[Path, ...]:
    """Every file that git tracks or would track, sorted."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def python_files() -> tuple[Path, ...]:
    """Every Python file that people write: generated code is left out."""
    return tuple(
        path
        for path in repository_files()
        if path.suffix == ".py" and not path.is_relative_to(GENERATED)
    )


def markdown_files() -> tuple[Path, ...]:
    """Every page that people read."""
    return tuple(path for path in repository_files() if path.suffix == ".md")


def module_files(package: Path = PACKAGE) -> Iterator[tuple[str, Path]]:
    """Every module of the package that people write, by its dotted name."""
    for path in sorted(package.rglob("*.py")):
        if not path.is_relative_to(package / "wire" / "v1"):
            parts = path.relative_to(package.parent).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def is_core(module: str) -> bool:
    """Whether a module belongs to the part that knows no surroundings."""
    parts = module.split(".")
    return len(parts) > 1 and parts[1] in CORE


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module that a tree imports, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    """A path as messages show it: from the repository's root."""
    return path.relative_to(ROOT).as_posix()
