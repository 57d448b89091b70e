"""What kernels measured, in sentences that can be quoted."""

from __future__ import annotations

from typing import Final

from pausenet.cli.cost_words import cost_sentences
from pausenet.cli.measured_words import (
    chance_text,
    interval_text,
    months_text,
    runs_text,
    share_text,
    worth_text,
)
from pausenet.report.tables import Cell, Table
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome.influences import RUNS_MIN
from pausenet.simulator.outcome.kernel import KernelEvasion, KernelMeasured
from pausenet.simulator.outcome.swings import RUNS_MAX
from pausenet.simulator.outcome.unreckoned import shown_by_logs

_MOST: Final = 3
KERNEL_ONLY: Final = (
    "Kernels reckon with channels and power meters alone: what logs and signatures prove is not "
    "in these numbers, and no statement was made. `--fidelity protocol` runs the real protocol."
)


def kernel_sentences(
    scenario: Scenario, measured: KernelMeasured
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What every measurement by kernels says, on the screen and in its report, in this order."""
    found = [
        ("Finding", tuple(kernel_finding(each, measured) for each in measured.evasions)),
        ("Why", tuple(_why(scenario, each) for each in measured.evasions)),
        ("Gained", tuple(text for each in measured.evasions for text in _gained(each))),
        ("Detected", (kernel_false(measured),)),
        ("Cost", cost_sentences(scenario, _gained_by_party(measured))),
    ]
    return tuple((name, texts) for name, texts in found if texts)


def swing_sentences(swings: Table, runs: int) -> tuple[str, ...]:
    """Which assumptions matter most for each evader, the first three; none of too few runs."""
    size = min(runs, RUNS_MAX)
    if size < RUNS_MIN and swings.rows:
        few = runs_text(size)
        return (f"{few} are too few to rank the assumptions by what they change: {RUNS_MIN} do.",)
    told = []
    for party in dict.fromkeys(row["party"] for row in swings.rows):
        rows = [row for row in swings.rows if row["party"] == party and float(row["swing"]) > 0.0]
        parts = [
            f"{row['parameter']} from {row['low']:g} to {row['high']:g}: "
            f"{_end(row['share_at_low'])} to {_end(row['share_at_high'])}"
            for row in rows[:_MOST]
        ]
        if parts:
            told.append(
                f"how often {party} is noticed, where one assumption is another: "
                f"{'; '.join(parts)} (n = {size} at each end)."
            )
    return tuple(told)


def _end(share: Cell) -> str:
    return "not reckoned" if share == "" else chance_text(float(share))


def kernel_beside(measured: KernelMeasured, swings: Table) -> tuple[str, ...]:
    """What kernels say beside replications of the protocol; each sentence stands alone."""
    return (
        *(kernel_finding(each, measured) for each in measured.evasions),
        kernel_false(measured),
        *swing_sentences(swings, measured.runs),
        KERNEL_ONLY.partition("`")[0].strip(),
    )


def kernel_finding(each: KernelEvasion, measured: KernelMeasured) -> str:
    """How often one evader was noticed, and how late."""
    text = (
        f"{each.party} was noticed within {measured.goal_days:g} days in "
        f"{share_text(each.within)}; {each.by_end.count} by the end"
    )
    if each.delay_days.reached:
        spread = interval_text(each.delay_days.interval, ".1f")
        return f"{text}; the median delay was {each.delay_days.value:.1f} days ({spread})."
    return f"{text}; in {_never(each)} it was never noticed, so that there is no median delay."


def kernel_false(measured: KernelMeasured) -> str:
    """How often labs that follow the rules were noticed."""
    if not measured.labs:
        return "no lab follows the rules in this simulation, so that no false alarm could be seen."
    found = measured.false
    each = found.count / found.exposure
    spread = interval_text(found.interval, ".2g")
    return (
        f"labs that follow the rules were falsely noticed {each:.2g} times a lab-year ({spread}), "
        f"over {found.exposure:.3g} lab-years in {runs_text(measured.runs)} "
        f"(each channel and the power account have a rate of their own; "
        f"{chance_text(measured.level)} intervals)."
    )


def kernel_headline(measured: KernelMeasured) -> str:
    """The takeaway of a picture."""
    parts = [
        f"{each.party} was noticed within {measured.goal_days:g} days in "
        f"{chance_text(each.within.value)} of {runs_text(measured.runs)}"
        for each in measured.evasions
    ]
    if measured.labs:
        rate = measured.false.count / measured.false.exposure
        parts.append(f"labs that follow the rules were falsely noticed {rate:.2g} times a lab-year")
    return "; ".join(parts) or "No lab follows the rules in this simulation, and none evades"


def _gained_by_party(measured: KernelMeasured) -> dict[str, str]:
    return {
        str(each.party): f"it had gained {one.value:.2g} FLOP by the response (median)"
        for each in measured.evasions
        for one in each.gained_by_response
        if one.reached
    }


def _why(scenario: Scenario, each: KernelEvasion) -> str:
    shown = ", ".join(shown_by_logs(scenario, each.party))
    more = f" What its logs show of it ({shown}) is not in these numbers." if shown else ""
    if not each.first:
        return f"{each.party}: no channel of this scenario and no meter sees it.{more}"
    counts = [f"{name} in {count}" for name, count in each.first]
    return f"first about {each.party}: {', '.join(counts)}.{more}"


def _gained(each: KernelEvasion) -> list[str]:
    told = []
    for by_detection, by_response, early, lead in zip(
        each.gained_by_detection,
        each.gained_by_response,
        each.lead_by_detection,
        each.lead_months,
        strict=True,
    ):
        if not by_detection.reached:
            told.append(f"{each.party}: no median, as in {_never(each)} nothing was noticed.")
            continue
        worth = worth_text(months_text(early.value), months_text(lead.value), "detection")
        told.append(
            f"{each.party}: {by_detection.value:.2g} FLOP by the detection (median) and "
            f"{by_response.value:.2g} by the response, {worth}."
        )
    return told


def _never(each: KernelEvasion) -> str:
    """In how many runs it was not noticed at all."""
    return f"{each.by_end.of - each.by_end.count} of {runs_text(each.by_end.of)}"
