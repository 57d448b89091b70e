"""The least part of a seed that still breaks the promise which the whole seed breaks.

One thing after another is left out of what was drawn, and what is needless stays out, until
everything that is left is needed. The random streams of what remains are those of the seed, so
that the small run is repeated by the seed and what is printed, and by nothing else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pausenet.errors import EndlessRun
from pausenet.scenario.plan import Scenario
from pausenet.simulator.network import NetworkFaults
from pausenet.simulator.run import simulate
from pausenet.simulator.signatures import Signatures
from pausenet.simulator.swarm import Faults, draw
from pausenet.values import PeriodIndex
from tests.simulator.swarms import case

PERIODS_MIN = 3
ENDLESS = "it does not end"


@dataclass(frozen=True, kw_only=True)
class Small:
    """A scenario and its faults, `promise` broken by both together; `tried` runs went into it."""

    seed: int
    scenario: Scenario
    faults: Faults
    signatures: Signatures
    promise: str = ""
    tried: int = 0

    def lines(self) -> tuple[str, ...]:
        """What is left, in words."""
        planned = ", ".join(str(fault) for fault in self.scenario.faults) or "none"
        labs = ", ".join(lab.name for lab in self.scenario.labs)
        return (
            f"smallest that breaks {self.promise}, after {self.tried} runs:",
            f"  {self.scenario.periods} periods, labs {labs}",
            f"  planned faults: {planned}",
            f"  drawn: {self.faults.describe()}",
        )


def shrunk(seed: int) -> Small:
    """Shrink a seed of the swarm; it must break a promise."""
    wanted = case(seed)
    faults = draw(wanted.options, wanted.scenario, seed)
    whole = Small(seed=seed, scenario=wanted.scenario, faults=faults, signatures=wanted.signatures)
    return shrink(whole, broken_by)


def broken_by(small: Small) -> frozenset[str]:
    """The promises that a run breaks."""
    try:
        result = simulate(
            small.scenario, seed=small.seed, swarm=small.faults, signatures=small.signatures
        )
    except EndlessRun:
        return frozenset({ENDLESS})
    return frozenset(violation.promise for violation in result.violations)


def shrink(whole: Small, broken_by: Callable[[Small], frozenset[str]]) -> Small:
    """Leave out one thing after another for as long as the promise is still broken."""
    promises = broken_by(whole)
    if not promises:
        raise ValueError("nothing is broken")
    best, tried = replace(whole, promise=min(promises)), 1
    again = True
    while again:
        again = False
        for candidate in smaller(best):
            tried += 1
            if best.promise in broken_by(candidate):
                best, again = candidate, True
                break
    return replace(best, tried=tried)


def smaller(small: Small) -> Iterator[Small]:
    """Everything that is one step smaller, the largest steps first."""
    scenario, faults = small.scenario, small.faults
    if faults.network != NetworkFaults():
        yield replace(small, faults=replace(faults, network=NetworkFaults()))
    for name in ("crash_ppm", "torn_ppm"):
        if getattr(faults, name):
            yield replace(small, faults=replace(faults, **{name: 0}))
    for name in ("attacks", "partitions", "breakdowns"):
        for without in _one_less(getattr(faults, name)):
            yield replace(small, faults=replace(faults, **{name: without}))
    for without in _one_less(scenario.faults):
        yield replace(small, scenario=replace(scenario, faults=without))
    yield from _fewer_labs(small)
    yield from _fewer_periods(small)
    for name in ("loss_ppm", "duplicate_ppm", "straggle_ppm", "misdirect_ppm", "stale_ppm"):
        if getattr(faults.network, name):
            network = replace(faults.network, **{name: 0})
            if network != NetworkFaults():
                yield replace(small, faults=replace(faults, network=network))


def _one_less(items: tuple) -> Iterator[tuple]:
    for place in range(len(items)):
        yield items[:place] + items[place + 1 :]


def _fewer_labs(small: Small) -> Iterator[Small]:
    """Without a lab and its meter, where nothing that is left is about either."""
    labs, faults = small.scenario.labs, small.faults
    planned = (*small.scenario.faults, *faults.partitions, *faults.breakdowns)
    about = {fault.of for fault in planned}
    about |= {attack.by for attack in (*small.scenario.cheats, *faults.attacks)}
    for left in _one_less(labs) if len(labs) > 1 else ():
        (gone,) = set(labs) - set(left)
        if about.isdisjoint({gone.name, gone.meter}):
            yield replace(small, scenario=replace(small.scenario, labs=left))


def _fewer_periods(small: Small) -> Iterator[Small]:
    """A period less; the quiet end begins no later than a period before the end."""
    periods, quiet = small.scenario.periods - 1, small.faults.quiet_from
    plans = (*small.scenario.faults, *small.faults.partitions, *small.faults.attacks)
    last = max((_last_of(plan) for plan in plans), default=0)
    least = max(PERIODS_MIN, small.scenario.notice_periods + 1, last + 1)
    if periods >= least:
        quiet = None if quiet is None else PeriodIndex(min(quiet, periods - 1))
        scenario = replace(small.scenario, periods=periods)
        yield replace(small, scenario=scenario, faults=replace(small.faults, quiet_from=quiet))


def _last_of(plan: object) -> int:
    """The last period that a plan names."""
    names = ("start", "until", "to", "at", "recover", "corrected")
    return max(int(getattr(plan, name, None) or 0) for name in names)
