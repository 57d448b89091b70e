"""The arrows point down, and the core knows no surroundings (docs/architecture.md)."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import CORE, PACKAGE, ROOT, imported, is_core, module_files

BANNED = {
    *("time", "datetime", "random", "secrets", "uuid", "os", "pathlib", "io", "asyncio"),
    *("threading", "multiprocessing", "subprocess", "socket", "ssl", "logging", "sqlite3"),
    *("signal", "pydantic", "grpc", "google"),
}
BANNED_CALLS = {"open", "__import__", "eval", "exec", "compile", "input", "print"}
KEY_LIBRARIES = {"cryptography", "nacl"}
MAY_HOLD_KEYS = (
    "pausenet.crypto",
    "pausenet.node.keystore",
    "pausenet.node.identity",
    "pausenet.node.peer_identity",
    "pausenet.simulator.signatures",  # puts a stand-in where libsodium is called
)
MAY_SPEAK_PROTOBUF = ("pausenet.wire", "pausenet.node.services")

# What is broken, in which module, by which line, and the contract that must say so.
BREAKS = {
    "an upward import": ("log/merkle.py", "import pausenet.protocol", "Imports go down only"),
    "a sibling": ("node/__init__.py", "import pausenet.simulator", "Imports go down only"),
    "chance in the core": ("protocol/messages.py", "import random", "The core asks no clock"),
    "a socket in the core": ("log/tiles.py", "import socket", "The core asks no clock"),
    "the wire in the simulator": (
        "simulator/__init__.py",
        "import pausenet.wire",
        "The simulator does not know the wire",
    ),
    "a data frame in the simulator": (
        "simulator/__init__.py",
        "import polars",
        "Data frames and pictures are made in the report alone",
    ),
    "evasion in the files": (
        "files/__init__.py",
        "import pausenet.simulator.adversary",
        "Evasion stands in the simulator",
    ),
    "a module without a layer": ("newcomer.py", "import pausenet.values", "Imports go down only"),
}


def lint(directory: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package in this directory."""
    tool = Path(sys.executable).with_name("lint-imports")
    command = [str(tool), "--config", str(directory / ".importlinter"), "--no-cache"]
    environment = {"PYTHONPATH": str(directory), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    return subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )


def test_every_contract_holds() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_contract_is_caught(broken: str, tmp_path: Path) -> None:
    file, line, contract = BREAKS[broken]
    shutil.copytree(PACKAGE, tmp_path / "pausenet", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    with (tmp_path / "pausenet" / file).open("a") as target:
        target.write(f"\n{line}\n")
    result = lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    broken_contracts = [found for found in result.stdout.splitlines() if found.endswith("BROKEN")]
    assert any(contract in found for found in broken_contracts), result.stdout


def banned_in(source: str) -> list[str]:
    """What of the ban list a core module's source uses."""
    tree = ast.parse(source)
    found = [module for module in imported(tree) if module.split(".")[0] in BANNED]
    found += [module for module in imported(tree) if module.split(".")[0] == "importlib"]
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in BANNED_CALLS
        ):
            found.append(f"{node.func.id}()")
    return found


def test_the_core_uses_nothing_of_the_ban_list() -> None:
    found = {
        module: banned
        for module, path in module_files()
        if is_core(module) and (banned := banned_in(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "def late():\n    from datetime import datetime",
        "import os.path",
        "import importlib",
        "open('x')",
        "data = __import__('random')",
        "if TYPE_CHECKING:\n    from google.protobuf import message",
    ],
)
def test_the_ban_list_catches(source: str) -> None:
    assert banned_in(source)


def test_the_ban_list_and_the_contract_name_the_same_modules() -> None:
    contract = (ROOT / ".importlinter").read_text().split("contract:pure]")[1].split("[")[0]
    words = set(contract.split())
    assert words >= BANNED
    existing = {part for part in CORE if list(PACKAGE.glob(f"{part}*"))}
    assert {f"pausenet.{part}" for part in existing} <= words


def importers(libraries: set[str], allowed: tuple[str, ...]) -> dict[str, list[str]]:
    """The modules outside the allowed ones that import a library, with what they import."""
    found: dict[str, list[str]] = {}
    for module, path in module_files():
        if any(module == each or module.startswith(f"{each}.") for each in allowed):
            continue
        uses = [each for each in imported(ast.parse(path.read_text())) if root(each) in libraries]
        if uses:
            found[module] = uses
    return found


def root(module: str) -> str:
    return module.partition(".")[0]


def test_key_libraries_are_imported_where_keys_are_handled_only() -> None:
    assert importers(KEY_LIBRARIES, MAY_HOLD_KEYS) == {}


def test_protobuf_is_imported_at_the_wire_only() -> None:
    assert importers({"google"}, MAY_SPEAK_PROTOBUF) == {}


def test_no_production_module_imports_a_test() -> None:
    assert importers({"tests", "pytest", "hypothesis"}, ()) == {}
