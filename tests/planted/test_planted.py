"""Mistakes planted on purpose: the swarm finds each, and nothing in the copy without them.

Each patch makes one mistake in a copy of the package; `FIRST` names, among the swarm's first
two thousand seeds, those that are tried; `python -m tests.planted.find` finds them anew.
"""

import pytest

from tests.planted.find import HERE, SEEDS_MAX, copy_of_the_package, plant, run_in

FIRST = {
    "cosign-without-entries": (0,),
    "gossip-off": (1,),
    "kth-time": (48,),
    "lab-no-fsync": (0,),
    "no-signature-check": (0,),
    "quorum-minus-one": (0,),
    "register-from-bundle": (0,),
    "resign-after-restore": (3,),
    "silence-confirmed": (3,),
    "verifier-no-fsync": (0,),
}


def test_there_are_ten_planted_mistakes_each_with_its_seeds():
    patches = sorted(path.stem for path in HERE.glob("*.patch"))
    assert patches == sorted(FIRST)
    assert len(patches) == 10
    assert all(0 <= seed < SEEDS_MAX for seeds in FIRST.values() for seed in seeds)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FIRST))
def test_the_swarm_kills_a_planted_mistake(name, tmp_path):
    assert (HERE / f"{name}.patch").read_text().startswith("# ")
    plant(name, tmp_path / "copy")
    done = run_in(tmp_path / "copy", "--until-broken", "--seed", *map(str, FIRST[name]))
    assert done.returncode == 1, f"{name} survives:\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr


@pytest.mark.slow
def test_the_copy_without_a_mistake_passes_the_same_seeds(tmp_path):
    copy_of_the_package(tmp_path)
    seeds = sorted({seed for each in FIRST.values() for seed in each})
    done = run_in(tmp_path, "--seed", *map(str, seeds))
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"\n{seed} " in done.stdout for seed in seeds)
