"""Many seeds, each its own disaster: no checker fails, and every fault and cheat has happened.

`PAUSENET_SEEDS` sets how many seeds are run, in chunks of 100; `make soak` runs more. A chunk
asserts its own share of what must have happened, so that no order of the chunks matters. What
the first chunk has told of its first seeds, another process with another hash seed tells too.
"""

import os
import subprocess
import sys
from collections import Counter

import pytest

from pausenet.protocol.bundle import verify_bundle
from tests.simulator.swarms import KINDS, case

CHUNK = 100
SEEDS = max(CHUNK, int(os.environ.get("PAUSENET_SEEDS", "100")))
FIRINGS_IN_A_THOUSAND = 10
NEEDED = FIRINGS_IN_A_THOUSAND * CHUNK // 1_000
BUNDLES_TRIED = 2
REPEATED = 20
FAULTS = (
    "network.lost",
    "network.straggled",
    "network.doubled",
    "network.overtook",
    "network.partition",
    "network.cut",
    "node.crash",
    "node.crash-before-fsync",
    "disk.lost",
    "disk.torn",
    "disk.restored",
    "disk.full",
    "disk.fsync-error",
    "disk.rot-seen",
    "disk.rot-unseen",
    "disk.rot-refused",
    "clock.step",
    "clock.wrong",
    "keys.recovered",
    "node.second-start",
    "network.misdirected",
    "network.stale",
)


def exit_code_of_a_stranger(directory, data, network_id):
    """Verify a bundle as somebody who has nothing but it, in a process of its own."""
    file = directory / "bundle.json"
    file.write_bytes(data)
    words = ["-I", "-m", "pausenet", "verify", str(file), "--network-id", network_id.hex()]
    done = subprocess.run(
        [sys.executable, *words], cwd=directory, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_a_hundred_seeds_break_no_promise_and_everything_has_happened(first, tmp_path):
    seeds_with, total, asked = Counter(), Counter(), 0
    told = []
    for seed in range(first, first + CHUNK):
        result = case(seed).run()
        assert not result.violations, (
            f"{result.violations[:3]}\nwith {result.faults.describe()}\n"
            f"repeat it: python -m tests.simulator.repeat --seed {seed}"
        )
        told.append(f"{seed} {result.trace.hex()} 0")
        seeds_with.update(name for name, count in result.fired.items() if count)
        total.update(result.fired)
        if not asked:  # P3 in a fresh process, for one seed in a hundred
            for data in list(result.bundles.values())[:BUNDLES_TRIED]:
                expected = verify_bundle(data, result.network_id).exit_code
                assert exit_code_of_a_stranger(tmp_path, data, result.network_id) == expected
                asked += 1
    assert asked
    for name in (*FAULTS, *(f"cheat.{kind}" for kind in KINDS)):
        assert seeds_with[name], f"{name} in no seed of {CHUNK}"
        assert total[name] >= NEEDED, f"{name} {total[name]} times in {CHUNK} seeds"
    assert 10 * total["node.crash-before-fsync"] >= total["node.crash"], total
    # P6: another process with other hashes tells the same of the first seeds.
    if first < REPEATED:
        other = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
        assert told_by_another_process(range(first, first + REPEATED), other) == told[:REPEATED]


def told_by_another_process(seeds, hash_seed):
    words = ["-m", "tests.simulator.repeat", "--seed", *map(str, seeds)]
    done = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[1:]
