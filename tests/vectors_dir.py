"""Where the public test vectors stand, and what to do where they are absent.

They are not part of the repository: `PAUSENET_VECTORS`, or else `../shared/vectors`, names their
directory. Without them a test says that it did not run; in CI that is a failure.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent


def vectors_dir(*parts: str) -> Path:
    """The directory or file of some vectors; skips, or fails in CI, where it is absent."""
    named = os.environ.get("PAUSENET_VECTORS")
    base = Path(named) if named else _ROOT.parent / "shared" / "vectors"
    path = base.joinpath(*parts)
    if path.exists():
        return path
    message = f"DID NOT RUN: no test vectors at {path}; set PAUSENET_VECTORS"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
