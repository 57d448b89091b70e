"""Few doors: a package's `__init__` says what it is and hands on its public names, sorted."""

from __future__ import annotations

import ast
import importlib

import pytest

from tests.house.source import PACKAGE, module_files

# `cli` is a program and `wire.v1` is generated: they offer no names.
LIBRARIES = (
    *("statements", "crypto", "inference", "log", "protocol", "game"),
    *("scenario", "wire", "files", "node", "simulator", "report", "results", "study"),
)
NAMES_MAX = 30


def order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: the order that ruff keeps (RUF022)."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("package", LIBRARIES)
def test_a_package_hands_on_its_names_sorted(package: str) -> None:
    module = importlib.import_module(f"pausenet.{package}")
    names = getattr(module, "__all__", None)
    assert names, f"pausenet/{package}/__init__.py has no __all__"
    assert list(names) == sorted(names, key=order)
    assert len(names) <= NAMES_MAX
    assert [name for name in names if not hasattr(module, name)] == []


def test_every_module_says_what_it_is_in_a_sentence() -> None:
    silent = []
    for module, path in module_files():
        text = ast.get_docstring(ast.parse(path.read_text()))
        if not text or text.split("\n\n")[0].strip()[-1] not in ".:?":
            silent.append(module)
    assert silent == []


def test_every_package_is_listed() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages == {*LIBRARIES, "cli"}
