"""Mistakes planted on purpose: the swarm finds each, and nothing in the copy without them.

Each patch makes one mistake in a copy of the package; `FIRST` names, among the swarm's first
two thousand seeds, those that are tried, in the order in which they are likely to show it;
`python -m tests.planted.find` finds them anew.

`make test` plants three a day, by turns: with the days since the year 1 it goes through all in
their order, and begins anew. `PAUSENET_PLANTED` says how many instead, or `all`: CI plants eleven,
`make soak` all.
"""

import os
from datetime import UTC, datetime

import pytest

from tests.planted.find import HERE, ROOT, SEEDS_MAX, applied, copy_of_the_package, plant, run_in

A_DAY = "3"

FIRST = {
    "any-author": (47,),
    "any-network": (58,),
    "cosign-without-entries": (0,),
    "draw-from-root": (0,),
    "gossip-off": (1,),
    "guard-behind-log": (9,),
    "heartbeat-missing": (0,),
    "kth-time": (48,),
    "lab-no-fsync": (0,),
    "no-chain-check": (43,),
    "no-signature-check": (0,),
    "one-word-for-a-proof": (55,),
    "one-word-halts": (53,),
    "quorum-minus-one": (0,),
    "register-from-bundle": (0,),
    "resign-after-restore": (3,),
    "salt-reused": (0,),
    "seen-may-shrink": (61,),
    "short-cuts": (29,),
    "silence-confirmed": (3,),
    "verifier-no-fsync": (0,),
    "weak-consistency": (19,),
}


def planted(how_many: str, day: int) -> tuple[str, ...]:
    """The mistakes whose turn it is on this day."""
    names = sorted(FIRST)
    count = len(names) if how_many == "all" else min(int(how_many), len(names))
    return tuple(sorted(names[(day * count + at) % len(names)] for at in range(count)))


TODAY = planted(os.environ.get("PAUSENET_PLANTED", A_DAY), datetime.now(UTC).toordinal())


def test_there_are_twenty_planted_mistakes_and_more_each_with_its_seeds():
    patches = sorted(path.stem for path in HERE.glob("*.patch"))
    assert patches == sorted(FIRST)
    assert len(patches) >= 20
    assert all(0 <= seed < SEEDS_MAX for seeds in FIRST.values() for seed in seeds)


def test_every_mistake_says_what_it_is_and_can_still_be_made():
    for path in sorted(HERE.glob("*.patch")):
        assert path.read_text().startswith("# "), path.name
        assert path.read_text().count("\n+++ b/pausenet/") >= 1
        done = applied(path.stem, ROOT, "--check")
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("how_many", ["3", "11"])
def test_in_so_many_days_every_mistake_has_its_turn(how_many):
    days = -(-len(FIRST) // int(how_many))
    turns = [planted(how_many, 738_000 + day) for day in range(days)]
    assert {len(each) for each in turns} == {int(how_many)}
    assert {name for each in turns for name in each} == set(FIRST)


def test_the_soak_plants_all():
    assert planted("all", 738_123) == tuple(sorted(FIRST))


@pytest.mark.slow
@pytest.mark.parametrize("name", TODAY)
def test_the_swarm_kills_a_planted_mistake(name, tmp_path):
    plant(name, tmp_path / "copy")
    done = run_in(tmp_path / "copy", "--until-broken", "--seed", *map(str, FIRST[name]))
    assert done.returncode == 1, f"{name} survives:\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr


@pytest.mark.slow
def test_the_copy_without_a_mistake_passes_the_same_seeds(tmp_path):
    copy_of_the_package(tmp_path)
    seeds = tuple(sorted({seed for name in TODAY for seed in FIRST[name]}))
    done = run_in(tmp_path, "--seed", *map(str, seeds))
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"\n{seed} " in done.stdout for seed in seeds)
