"""Generated files are fresh: making them again gives the same bytes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.source import ROOT


@pytest.mark.parametrize(
    "script", ["proto/generate.py", "docs/spec/make_examples.py", "docs/spec/make_lifecycle.py"]
)
def test_generated_files_are_fresh(script: str) -> None:
    result = subprocess.run(
        [sys.executable, script, "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
