"""Running the Node verifier of tests/reference/node."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "node"
NODE_MAJOR_MIN = 18


def find_node() -> str:
    """Node of a version that will do; skips the test without one, and fails it in CI."""
    found = shutil.which("node")
    version = "none"
    if found:
        version = subprocess.run(
            [found, "--version"], check=True, capture_output=True, text=True
        ).stdout.strip()
    major = re.match(r"v(\d+)\.", version)
    if found and major and int(major[1]) >= NODE_MAJOR_MIN:
        return found
    problem = f"the second verifier needs Node {NODE_MAJOR_MIN} or later; found {version}"
    if os.environ.get("CI") == "true":
        pytest.fail(problem)
    pytest.skip(problem)


def put(path: Path, value: object) -> None:
    """Write a JSON file, and the directory that it stands in."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value))


def ran(node: str, script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of the verifier's scripts to its end."""
    command = [node, str(HERE / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
