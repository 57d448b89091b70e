"""A seed that breaks a promise is made as small as the promise needs it."""

from dataclasses import replace

import pytest

from pausenet.simulator.network import NetworkFaults
from pausenet.simulator.signatures import Signatures
from pausenet.simulator.swarm import Faults, draw
from tests.planted.find import plant, run_in
from tests.simulator.shrink import Small, shrink, smaller
from tests.simulator.swarms import case

LARGE = next(
    Small(seed=seed, scenario=each.scenario, faults=faults, signatures=Signatures.KEYED_HASH)
    for seed in range(1_000)
    if (each := case(seed)).scenario.faults
    and (faults := draw(each.options, each.scenario, seed)).attacks
    and len(faults.partitions) > 1
    and faults.crash_ppm
    and faults.network.loss_ppm
)


def test_all_that_is_needless_is_left_out_and_what_is_needed_stays():
    needed = LARGE.faults.partitions[1]

    def broken_by(small):
        both = needed in small.faults.partitions and small.faults.network.loss_ppm
        return frozenset({"P1"} if both else {"P5"})

    least = shrink(LARGE, broken_by)
    assert least.promise == "P1"
    assert least.faults.partitions == (needed,)
    assert least.faults.attacks == ()
    assert least.faults.crash_ppm == least.faults.torn_ppm == 0
    assert least.faults.network == NetworkFaults(loss_ppm=LARGE.faults.network.loss_ppm)
    assert least.scenario.faults == ()
    assert least.scenario.periods < LARGE.scenario.periods
    assert all("P1" not in broken_by(each) for each in smaller(least))


def test_what_breaks_nothing_is_not_shrunk():
    with pytest.raises(ValueError, match="nothing is broken"):
        shrink(replace(LARGE, faults=Faults()), lambda small: frozenset())


@pytest.mark.slow
def test_the_command_that_repeats_a_seed_makes_a_planted_mistake_small(tmp_path):
    plant("silence-confirmed", tmp_path / "copy")
    done = run_in(tmp_path / "copy", "--shrink", "--seed", "3")
    assert done.returncode == 1, done.stderr
    assert "smallest that breaks P1, after " in done.stdout
    least = done.stdout.partition("smallest")[2]
    assert "4 periods, labs aurora\n" in least
    assert "planned faults: RestorePlan(of='aurora'" in least
    assert "crashes 0 ppm" in least
    assert "partitions none, attacks none" in least
