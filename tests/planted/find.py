"""Which seed of the swarm shows a planted mistake first: `python -m tests.planted.find [NAME]`.

Run it after a change of what the seeds draw, and write what it prints into `test_planted.FIRST`.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NEEDED = ("__init__.py", "simulator/__init__.py", "simulator/small.py")
NEEDED += ("simulator/swarms.py", "simulator/repeat.py", "simulator/shrink.py")
SEEDS_MAX = 2_000


def copy_of_the_package(place: Path) -> None:
    shutil.copytree(
        ROOT / "pausenet", place / "pausenet", ignore=shutil.ignore_patterns("__pycache__")
    )
    (place / "tests" / "simulator").mkdir(parents=True)
    for name in NEEDED:
        shutil.copy(ROOT / "tests" / name, place / "tests" / name)


def plant(name: str, place: Path) -> None:
    """A copy of the package with one mistake in it."""
    copy_of_the_package(place)
    done = applied(name, place)
    assert done.returncode == 0, done.stderr


def applied(name: str, place: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Apply a patch to a tree that is no repository of its own."""
    return subprocess.run(
        ["git", "apply", *options, str(HERE / f"{name}.patch")],
        cwd=place,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(place.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def run_in(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Repeat seeds with the package of a copy."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulator.repeat", *words],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"pausenet from {place}" in done.stdout, done.stdout + done.stderr
    return done


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.planted.find", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seeds", type=int, default=SEEDS_MAX, metavar="N")
    wanted = parser.parse_args()
    for name in wanted.names or sorted(path.stem for path in HERE.glob("*.patch")):
        with tempfile.TemporaryDirectory() as room:
            place = Path(room, "copy")
            plant(name, place)
            seeds = [str(seed) for seed in range(wanted.seeds)]
            done = run_in(place, "--until-broken", "--seed", *seeds)
        found = re.findall(r"^(\d+) \S+ [1-9]\d*$", done.stdout, re.MULTILINE)
        print(f'"{name}": ({", ".join(found)}),', done.stderr[-300:], flush=True)


if __name__ == "__main__":
    main()
