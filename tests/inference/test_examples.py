"""The examples in the docstrings run, and what decides findings needs no numpy."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import pausenet.inference

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(pausenet.inference.__path__, "pausenet.inference.")
)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_run(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


@pytest.mark.parametrize(
    "module", ["pausenet.inference", "pausenet.inference.fusion", "pausenet.protocol"]
)
def test_what_decides_findings_is_imported_without_numpy(module: str) -> None:
    program = f"import sys, {module}; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
