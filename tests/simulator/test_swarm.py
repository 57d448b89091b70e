"""Many seeds, each its own disaster: no checker fails, and every fault and cheat has happened.

`make soak` runs 10,000 by `tests.simulator.soak`, and counts what has happened in all of them; here
a hundred have their share of it. What they have told, another process with other hashes tells too.
"""

from collections import Counter

import pytest

from pausenet.simulator.signatures import Signatures
from pausenet.values import Role
from tests.planted.test_planted import FIRST
from tests.simulator.soak import disagreements_of_a_stranger, told_by_another_process
from tests.simulator.swarms import FAULTS, FULL, KINDS, case

SEEDS = 100
ALL = range(10_000)
LEAST = 15
"""How many seeds of all have each attack at least; one of them fires many times, or once."""
NEEDED = 1
REPEATED = 20


def test_ten_thousand_seeds_have_every_attack_and_each_size_of_network():
    kinds, sizes, signed = Counter(), Counter(), Counter()
    for seed in ALL:
        drawn = case(seed)
        (kind,) = drawn.options.attacks
        alone = len(drawn.scenario.verifiers) == 1
        sizes[alone] += 1
        signed[drawn.signatures] += 1
        if drawn.options.attack_ppm:
            kinds[kind] += 1
            assert not (alone and kind.role is Role.VERIFIER), seed
    assert sizes[False] >= 1_500
    assert signed[Signatures.ED25519] == len(ALL) // 20
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= LEAST, kinds.most_common()[-3:]


def test_the_first_seeds_are_all_full_and_planted_mistakes_are_sought_among_them():
    assert max(seed for seeds in FIRST.values() for seed in seeds) < FULL
    assert all(len(case(seed).scenario.verifiers) == 4 for seed in range(FULL))


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_a_hundred_seeds_break_no_promise_and_everything_has_happened():
    seeds_with, total, asked = Counter(), Counter(), False
    told = {}
    for seed in range(SEEDS):
        result = case(seed).run()
        assert not result.violations, (
            f"{result.violations[:3]}\nwith {result.faults.describe()}\n"
            f"repeat it: python -m tests.simulator.repeat --shrink --seed {seed}"
        )
        told[seed] = result.trace.hex()
        seeds_with.update(name for name, count in result.fired.items() if count)
        total.update(result.fired)
        if not asked and result.bundles and case(seed).signatures is Signatures.ED25519:
            assert disagreements_of_a_stranger(result) == []  # P3, for one seed in a hundred
            asked = True
    assert asked
    for name in (*FAULTS, *(f"cheat.{kind}" for kind in KINDS)):
        assert seeds_with[name], f"{name} in no seed of {SEEDS}"
        assert total[name] >= NEEDED, f"{name} {total[name]} times in {SEEDS} seeds"
    assert 10 * total["node.crash-before-fsync"] >= total["node.crash"], total
    # P6: another process with other hashes tells the same of the first seeds.
    again = range(REPEATED)
    assert told_by_another_process(again) == {seed: told[seed] for seed in again}
