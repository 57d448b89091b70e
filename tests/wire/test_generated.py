"""The generated code is what its sources say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def generate(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "proto/generate.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_committed_code_is_fresh() -> None:
    done = generate("--check")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_edited_code_is_found() -> None:
    sys.path.insert(0, str(ROOT / "proto"))
    try:
        import generate as module
    finally:
        sys.path.pop(0)
    fresh = {path.name: path.read_bytes() for path in module.committed()}
    assert module.check(fresh) == 0
    name = min(fresh)
    assert module.check({**fresh, name: fresh[name] + b"\n"}) == 1
    assert module.check({**fresh, "more_pb2.py": b""}) == 1
    del fresh[name]
    assert module.check(fresh) == 1


def test_other_arguments_are_a_usage_error() -> None:
    assert generate("--write").returncode == 2
