"""Check the one JSON object of `pausenet demo --format json`: a cheat was found, and only there.

Then every bundle is verified as a stranger would: in a directory with nothing but the bundle, in
a fresh process, with the network id and without it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXPECTED = {"proof": 1, "warrant": 3}


def verify(bundle: Path, *arguments: str) -> int:
    """Run `pausenet verify` on a copy of the bundle in an empty directory; return its exit code."""
    with tempfile.TemporaryDirectory() as room:
        shutil.copy(bundle, room)
        command = [str(Path(sys.executable).with_name("pausenet")), "verify", bundle.name]
        return subprocess.run([*command, *arguments], cwd=room, check=False).returncode


def problems(result: dict[str, object]) -> list[str]:
    """Say everything that is wrong with a demo's result."""
    labs: dict[str, dict[str, object]] = result["labs"]  # type: ignore[assignment]  # JSON
    bundles: list[dict[str, str]] = result["bundles"]  # type: ignore[assignment]  # JSON
    found = []
    statuses = sorted({str(lab["status"]) for lab in labs.values()})
    for status in (
        "no-breach-found-in-what-was-declared",
        "breach-proven",
        "discrepancy",
    ):
        if status not in statuses:
            found.append(f"no lab ended in {status}: {statuses}")
    if not bundles:
        found.append("no bundle")
    network = str(result["network_id"])
    for bundle in bundles:
        path = Path(str(result["run"])) / bundle["path"]
        expected = EXPECTED[bundle["class"]]
        if (code := verify(path, "--network-id", network)) != expected:
            found.append(f"{path.name}: verify gave {code}, expected {expected}")
        if (code := verify(path)) != 3:
            found.append(f"{path.name}: verify without a network id gave {code}, expected 3")
    return found


if __name__ == "__main__":
    wrong = problems(json.loads(Path(sys.argv[1]).read_text()))
    print("\n".join(wrong) or "the demo found what it should, and a stranger agrees")
    sys.exit(bool(wrong))
