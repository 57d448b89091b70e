"""Ask running verifiers for their evidence, and check it as a stranger would.

    docker_evidence.py NETWORK-ID CONTAINER...

`pausenet evidence list` is asked inside each container. All must hold the same proof against the
lab with two faces and a warrant against the one that under-declares, and no proof against anybody
else. Each such bundle is then copied out and verified in a directory with nothing else in it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

PAUSENET = str(Path(sys.executable).with_name("pausenet"))
TWO_FACES = ("cedar", "proof")
UNDER_DECLARES = ("birch", "warrant")
EXPECTED = {TWO_FACES: 1, UNDER_DECLARES: 3}
"""What `pausenet verify` exits with, for whom and for which class."""


def run(*command: str) -> bytes:
    """Run a command and return what it prints; raise where it fails."""
    return subprocess.run(command, check=True, capture_output=True).stdout


def listed(container: str) -> dict[str, dict[str, str]]:
    """The bundles that a container's verifier holds and that matter here, by digest."""
    words = ("/venv/bin/pausenet", "evidence", "list", "--run", "/net", "--format", "json")
    rows = [json.loads(line) for line in run("docker", "exec", container, *words).splitlines()]
    return {row["digest"]: row for row in rows if row["class"] == "proof" or row["fault"] == "F7"}


def verify(bundle: bytes, network: str) -> int:
    """The exit code of `pausenet verify` beside nothing but the bundle."""
    with tempfile.TemporaryDirectory() as room:
        Path(room, "bundle.json").write_bytes(bundle)
        command = [PAUSENET, "verify", "bundle.json", "--network-id", network]
        done = subprocess.run(command, cwd=room, check=False, stdout=subprocess.PIPE)
    return done.returncode


def problems(network: str, containers: list[str]) -> list[str]:
    """Say everything that is wrong with the containers' evidence."""
    found: list[str] = []
    held = [listed(container) for container in containers]
    common = set(held[0]).intersection(*held)
    about = {(held[0][digest]["accused"], held[0][digest]["class"]) for digest in common}
    if about != set(EXPECTED):
        found.append(f"all hold evidence of {sorted(about)}, expected {sorted(EXPECTED)}")
    for container, rows in zip(containers, held, strict=True):
        for row in rows.values():
            if (row["accused"], row["class"]) not in EXPECTED:
                found.append(f"{container}: {row['fault']} against {row['accused']}")
    for digest in sorted(common):
        row = held[0][digest]
        expected = EXPECTED.get((row["accused"], row["class"]))
        code = verify(run("docker", "exec", containers[0], "cat", row["path"]), network)
        print(f"{row['fault']} {row['class']} against {row['accused']}: verify exits {code}")
        if code != expected:
            found.append(f"{digest}: verify gave {code}, expected {expected}")
    return found


if __name__ == "__main__":
    wrong = problems(sys.argv[1], sys.argv[2:])
    print("\n".join(wrong) or f"{len(sys.argv) - 2} verifiers hold the same evidence")
    sys.exit(bool(wrong))
