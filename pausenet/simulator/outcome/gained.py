"""What an evasion gains, period by period, by ground truth: nobody in the network sees this.

An evasion that hides gains what it leaves undeclared; one that goes over a limit in the open
gains the excess. For the others no compute is counted, and a report says so: silence, forks of a
verifier or a false ledger hide statements rather than compute, and an undeclared hall has no fleet
in a scenario yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Final

from pausenet.protocol.messages import UsageSample
from pausenet.scenario.plan import CheatKind, CheatPlan, Scenario
from pausenet.simulator.adversary.base import Window
from pausenet.simulator.adversary.false_samples import FewerOperations, HiddenShare, MovedShare
from pausenet.statements.clauses import PPM
from pausenet.statements.usage import WorkloadClass

HIDES: Final = frozenset(
    {
        CheatKind.UNDER_DECLARATION,
        CheatKind.TWO_FACES,
        CheatKind.OVERLAPPING_FACES,
        CheatKind.WITHHELD_FACES,
        CheatKind.FACE_AFTER_RECEIPT,
        CheatKind.FORK_TO_FRESH,
    }
)
"""The kinds that hide a share of what a lab uses."""

LEAVES_OUT: Final[Mapping[CheatKind, type[HiddenShare]]] = {
    CheatKind.LABEL_SWAP: MovedShare,
    CheatKind.FEWER_OPERATIONS: FewerOperations,
}
"""The kinds that declare less training than there was, and the same energy."""


def gained_by_period(
    scenario: Scenario, cheat: CheatPlan, true: Iterable[UsageSample]
) -> tuple[int, ...]:
    """What a cheat gains in each period, in petaFLOP; empty where no compute is counted.

    `true` are the samples of the cheat's own instruments; a correction stands for its period.
    """
    by_period = {sample.period: sample for sample in true}
    samples = [by_period[period] for period in sorted(by_period)]
    window = Window(start=cheat.start, until=cheat.until)
    if cheat.kind in HIDES:
        return _hidden(cheat, window, samples)
    if cheat.kind in LEAVES_OUT:
        return _left_out(cheat, window, samples)
    if cheat.kind is CheatKind.OVER_CAP:
        return _excess(scenario, cheat, window, samples)
    if cheat.kind is CheatKind.OLD_PACE:
        return _kept_pace(cheat, window, samples)
    return ()


def gained_until(by_period: tuple[int, ...], *, moment_s: int, period_s: int) -> int:
    """What was gained up to a moment, in seconds from the first period's start.

    The period that runs then counts by the share of it that has passed.

    >>> gained_until((0, 100, 100), moment_s=25, period_s=10)
    150
    """
    whole, rest = divmod(max(0, moment_s), period_s)
    if whole >= len(by_period):
        return sum(by_period)
    return sum(by_period[:whole]) + by_period[whole] * rest // period_s


def _hidden(cheat: CheatPlan, window: Window, samples: list[UsageSample]) -> tuple[int, ...]:
    """What the declared sample leaves out: the evasion's own arithmetic, on the same samples."""
    hides = HiddenShare(cheat.amount_ppm)
    return tuple(
        _used(sample) - _used(hides.shrink(sample)) if window.covers(sample.period) else 0
        for sample in samples
    )


def _left_out(cheat: CheatPlan, window: Window, samples: list[UsageSample]) -> tuple[int, ...]:
    """What of the pre-training stands in no figure of training."""
    states = LEAVES_OUT[cheat.kind](cheat.amount_ppm)
    return tuple(
        _trained(sample) - _trained(states.shrink(sample)) if window.covers(sample.period) else 0
        for sample in samples
    )


def _excess(
    scenario: Scenario, cheat: CheatPlan, window: Window, samples: list[UsageSample]
) -> tuple[int, ...]:
    """The excess over the total cap in each period, or once over a run's cap of its whole life."""
    terms = scenario.agreement
    if terms.run_cap is not None:
        excess = terms.run_cap * cheat.amount_ppm // PPM
        return tuple(excess * (sample.period == cheat.start) for sample in samples)
    if terms.total_cap is None:
        return ()
    excess = terms.total_cap * cheat.amount_ppm // PPM
    return tuple(excess * window.covers(sample.period) for sample in samples)


def _kept_pace(cheat: CheatPlan, window: Window, samples: list[UsageSample]) -> tuple[int, ...]:
    """What is trained beyond what the same lab would have trained at the slower pace."""
    before = list(takewhile(lambda sample: sample.period < cheat.start, samples))
    pace = _trained(before[-1]) if before else 0
    return tuple(
        max(0, pace - _trained(sample)) if window.covers(sample.period) else 0 for sample in samples
    )


def _used(sample: UsageSample) -> int:
    return sum(job.used_pflop for job in sample.jobs)


def _trained(sample: UsageSample) -> int:
    return dict(sample.classes)[WorkloadClass.PRE_TRAINING].used_pflop
