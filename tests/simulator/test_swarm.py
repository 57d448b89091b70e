"""Many seeds, each its own disaster: no checker fails, and every fault and cheat has happened.

`PAUSENET_SEEDS` sets how many seeds are run, in chunks of 100; `make soak` runs many more by
`tests.simulator.soak`. A chunk asserts its own share of what must have happened, so that no order
of the chunks matters. What the first chunk has told of its first seeds, another process with
another hash seed tells too.
"""

import os
from collections import Counter

import pytest

from pausenet.simulator.signatures import Signatures
from tests.simulator.soak import disagreements_of_a_stranger, told_by_another_process
from tests.simulator.swarms import FAULTS, KINDS, case

CHUNK = 100
SEEDS = max(CHUNK, int(os.environ.get("PAUSENET_SEEDS", "100")))
FIRINGS_IN_A_THOUSAND = 20
NEEDED = FIRINGS_IN_A_THOUSAND * CHUNK // 1_000
REPEATED = 20


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_a_hundred_seeds_break_no_promise_and_everything_has_happened(first):
    seeds_with, total, asked = Counter(), Counter(), False
    told = {}
    for seed in range(first, first + CHUNK):
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
        assert seeds_with[name], f"{name} in no seed of {CHUNK}"
        assert total[name] >= NEEDED, f"{name} {total[name]} times in {CHUNK} seeds"
    assert 10 * total["node.crash-before-fsync"] >= total["node.crash"], total
    # P6: another process with other hashes tells the same of the first seeds.
    if first < REPEATED:
        again = range(first, first + REPEATED)
        assert told_by_another_process(again) == {seed: told[seed] for seed in again}
