"""Mistakes planted on purpose: the swarm finds each, and nothing in the copy without them.

Each patch makes one mistake in a copy of the package; `FIRST` names, among the swarm's first
thousand seeds, those that are tried, in the order in which they are likely to show it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NEEDED = ("__init__.py", "simulator/__init__.py", "simulator/small.py")
NEEDED += ("simulator/swarms.py", "simulator/repeat.py")
SEEDS_MAX = 1_000

FIRST = {
    "cosign-without-entries": (0,),
    "gossip-off": (1, 5, 7),
    "kth-time": (48,),
    "lab-no-fsync": (0,),
    "no-signature-check": (0,),
    "quorum-minus-one": (0, 3, 6),
    "register-from-bundle": (0,),
    "resign-after-restore": (3, 4, 5),
    "silence-confirmed": (9, 10, 11),
    "verifier-no-fsync": (0,),
}


def copy_of_the_package(place: Path) -> None:
    # With its bytecode: what a patch changes is compiled anew, by its time and size.
    shutil.copytree(ROOT / "pausenet", place / "pausenet")
    (place / "tests" / "simulator").mkdir(parents=True)
    for name in NEEDED:
        shutil.copy(ROOT / "tests" / name, place / "tests" / name)


def run_seeds(place: Path, seeds: tuple[int, ...]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulator.repeat", "--until-broken", "--seed"]
        + [str(seed) for seed in seeds],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"pausenet from {place}" in done.stdout, done.stdout + done.stderr
    return done


def test_there_are_ten_planted_mistakes_each_with_its_seeds():
    patches = sorted(path.stem for path in HERE.glob("*.patch"))
    assert patches == sorted(FIRST)
    assert len(patches) == 10
    assert all(0 <= seed < SEEDS_MAX for seeds in FIRST.values() for seed in seeds)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FIRST))
def test_the_swarm_kills_a_planted_mistake(name, tmp_path):
    copy_of_the_package(tmp_path)
    patch = HERE / f"{name}.patch"
    assert patch.read_text().startswith("# ")
    subprocess.run(
        ["git", "apply", str(patch)],
        cwd=tmp_path,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)},
        check=True,
    )
    done = run_seeds(tmp_path, FIRST[name])
    assert done.returncode == 1, f"{name} survives:\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr


@pytest.mark.slow
def test_the_copy_without_a_mistake_passes_the_same_seeds(tmp_path):
    copy_of_the_package(tmp_path)
    seeds = tuple(sorted({seed for each in FIRST.values() for seed in each}))
    done = run_seeds(tmp_path, seeds)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"\n{seed} " in done.stdout for seed in seeds)
