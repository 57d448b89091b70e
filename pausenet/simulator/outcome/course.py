"""From the first suspicion to the response, and what the compute gained until then is worth.

A finding stops nobody. The agreement gives the accused time to answer, inspectors need access,
a panel decides, and what it decides must be done. Until then the evasion goes on, so that what
counts is the compute gained by the *response*. Where the agreement names a time, that time is
used; where it names none, an assumption is, and a report prints it as one.

What compute is worth depends on the scenario's world: the faster research runs, the sooner less
compute is worth the same lead.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pausenet.inference.accounts.quantities import Frontier, Timeliness
from pausenet.inference.meters import Figure, Standing
from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import DAY_S
from pausenet.scenario.research import researched
from pausenet.scenario.world import ASSUMPTION, MONTH_S, STEADY_WORLD, Future, WorldPlan
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import PPM, VerificationAccess
from pausenet.statements.finding import Fault, FaultClass

MONTH_DAYS: Final = 365.25 / 12.0
_FLOP_PER_PFLOP: Final = 1e15
_MONTHS: Final = 1 / MONTH_S
_TIMES: Final = 1 / PPM
_DIGITS: Final = 9


def _figure(value: float, unit: str, standing: Standing, basis: str) -> Figure:
    return Figure(value=value, low=value, high=value, unit=unit, standing=standing, basis=basis)


INSPECTION: Final = _figure(
    8.0,
    "days",
    Standing.ASSUMPTION,
    "the clocks of a challenge inspection under the Chemical Weapons Convention: 36 h to the "
    "site, 72 h at the perimeter, 84 h inside (the last unconfirmed)",
)
NOTICE: Final = _figure(
    0.5, "days", Standing.ASSUMPTION, "12 h of notice, where the agreement names none"
)
DETERMINATION: Final = _figure(14.0, "days", Standing.ASSUMPTION, "chosen for this project")
RESPONSE: Final = _figure(7.0, "days", Standing.ASSUMPTION, "chosen for this project")
FRONTIER: Final = _figure(
    5e26, "FLOP", Standing.SOURCE, "largest run, an estimate of 2025: greaterwrong.com"
)
GROWTH: Final = _figure(
    4.0, "a year", Standing.SOURCE, "compute of one laboratory, 2024 to 2025: wesearch.press"
)
ASSUMED: Final[Mapping[str, Figure]] = MappingProxyType(
    {
        "notice of an inspection": NOTICE,
        "inspection": INSPECTION,
        "determination": DETERMINATION,
        "response": RESPONSE,
    }
)
"""The figures of the delays, by their names; `assumed` adds those of a scenario's world."""


def course_of(world: WorldPlan) -> Frontier:
    """The course of the frontier that a world assumes, once its intervals are drawn."""
    return Frontier(
        frontier=world.frontier.largest_run_pflop * _FLOP_PER_PFLOP,
        growth_yearly=world.frontier.growth_micro / PPM,
        halving_months=world.algorithms.halving_s / MONTH_S,
    )


def assumed(world: WorldPlan) -> dict[str, Figure]:
    """Every figure that a measurement assumes, by its name, with what it rests on."""
    frontier, progress = world.frontier, world.algorithms
    usual = STEADY_WORLD.frontier
    run = _said(frontier.largest_run_pflop, _FLOP_PER_PFLOP, "FLOP", frontier.source)
    growth = _said(frontier.growth_micro, _TIMES, "a year", frontier.source)
    found = {
        **ASSUMED,
        "largest run when the pause began": FRONTIER if repr(frontier) == repr(usual) else run,
        "growth of the largest run without a pause": (
            GROWTH if repr(frontier) == repr(usual) else growth
        ),
        "time in which the compute for one result halves": _said(
            progress.halving_s, _MONTHS, "months", progress.source
        ),
    }
    loop = world.loop
    if loop.future is not Future.STEADY:
        name = f"time in which the pace of research doubles at first ({loop.future})"
        found[name] = _said(loop.doubling_s, _MONTHS, "months", loop.source)
    if loop.people_ppm:
        name = "share of the work that systems never speed up"
        found[name] = _said(loop.people_ppm, 100 * _TIMES, "per cent", loop.source)
    for limit in world.limits:
        name, unit = f"what {limit.of} bears", "times what is done at the beginning"
        found[name] = _said(limit.multiple_micro, _TIMES, unit, limit.source)
        if limit.doubling_s:
            found[f"{name} doubles in"] = _said(limit.doubling_s, _MONTHS, "months", limit.source)
    if world.fleets.doubling_s:
        name = "time in which every declared fleet doubles"
        found[name] = _said(world.fleets.doubling_s, _MONTHS, "months", world.fleets.source)
    return found


def _said(number: int, times: float, unit: str, source: str) -> Figure:
    """A number as the scenario gives it, an interval with its ends, and its source."""
    low, high = (number.low, number.high) if isinstance(number, Spread) else (number, number)
    tag, _, basis = source.partition(": ")
    taken = tag == ASSUMPTION
    return Figure(
        value=round(number * times, _DIGITS),
        low=round(low * times, _DIGITS),
        high=round(high * times, _DIGITS),
        unit=unit,
        standing=Standing.ASSUMPTION if taken else Standing.SOURCE,
        basis=(basis or "of this scenario's writer") if taken else source,
    )


def chain(agreement: Agreement, fault: Fault, *, detection_days: float) -> Timeliness:
    """The whole chain of delays for a finding of this fault, made after so many days.

    A warrant asks: its accused has the agreement's time to clarify, then inspectors come. A proof
    needs neither. A fault that the agreement lets act by itself needs no determination; any other
    has the time to appeal too, where there is a panel.
    """
    court = agreement.adjudicator
    asks = fault.fault_class is FaultClass.WARRANT
    appeal_days = court.appeal_periods * agreement.schedule.period_s / DAY_S
    return Timeliness(
        detection=detection_days,
        clarification=court.clarification_s / DAY_S if asks else 0.0,
        inspection=_notice_days(agreement) + INSPECTION.value if asks else 0.0,
        determination=0.0 if fault in court.self_executing else DETERMINATION.value + appeal_days,
        response=RESPONSE.value,
    )


def lead_months(gained_flop: float, *, world: WorldPlan, bound_s: int, response_s: int) -> float:
    """The months of lead that compute is worth at the response, to a party bound since `bound_s`.

    Both moments count from the run's beginning, at which the world's pace of research is 1.
    """
    bound_days = max(0.0, (response_s - bound_s) / DAY_S)
    done = researched(world, bound_days / MONTH_DAYS, begun=bound_s / DAY_S / MONTH_DAYS)
    return course_of(world).lead_months(gained_flop, done)


def _notice_days(agreement: Agreement) -> float:
    """The shortest notice that the agreement names for an inspection, or the assumption."""
    named = [each.notice_s for each in agreement.clauses if isinstance(each, VerificationAccess)]
    return min(named) / DAY_S if named else NOTICE.value
