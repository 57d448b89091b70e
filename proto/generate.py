"""Generate `pausenet/wire/v1` from the `.proto` files, or check that it is up to date.

`python proto/generate.py` writes the modules and their type stubs; `--check` writes nothing,
compares the committed files with fresh output, names each difference and exits with 1.
"""

from __future__ import annotations

import sys
import tempfile
from importlib import resources
from pathlib import Path
from typing import Final

from grpc_tools import protoc

SOURCES: Final = Path(__file__).resolve().parent
ROOT: Final = SOURCES.parent
PACKAGE: Final = Path("pausenet/wire/v1")


def main(arguments: list[str]) -> int:
    """Generate, or check; return the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: generate.py [--check]", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        fresh = generated(Path(scratch))
    if arguments:
        return check(fresh)
    for path in committed():
        if path.name not in fresh:
            path.unlink()
    for name, text in fresh.items():
        (ROOT / PACKAGE / name).write_bytes(text)
    return 0


def generated(scratch: Path) -> dict[str, bytes]:
    """The generated files by name; raise `SystemExit` where the compiler refuses a source."""
    sources = sorted(str(path) for path in (SOURCES / PACKAGE).glob("*.proto"))
    well_known = resources.files("grpc_tools") / "_proto"
    code = protoc.main(
        [
            "protoc",
            f"--proto_path={SOURCES}",
            f"--proto_path={well_known}",
            f"--python_out={scratch}",
            f"--plugin=protoc-gen-mypy={Path(sys.executable).parent / 'protoc-gen-mypy'}",
            f"--mypy_out={scratch}",
            *sources,
        ]
    )
    if code != 0:
        raise SystemExit(code)
    return {path.name: path.read_bytes() for path in sorted((scratch / PACKAGE).iterdir())}


def committed() -> list[Path]:
    """The generated files that stand in the repository."""
    return sorted(
        path for path in (ROOT / PACKAGE).glob("*_pb2.py*") if path.suffix in (".py", ".pyi")
    )


def check(fresh: dict[str, bytes]) -> int:
    """Compare; 1 where a file is missing, left over or different."""
    found = {path.name: path.read_bytes() for path in committed()}
    differing = sorted(
        name for name in found.keys() | fresh.keys() if found.get(name) != fresh.get(name)
    )
    for name in differing:
        print(f"{PACKAGE / name}: differs from its source; run proto/generate.py", file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
