"""From the first suspicion to the response, and what the compute gained until then is worth.

A finding stops nobody. The agreement gives the accused time to answer, inspectors need access,
a panel decides, and what it decides must be done. Until then the evasion goes on, so that what
counts is the compute gained by the *response*. Where the agreement names a time, that time is
used; where it names none, an assumption is, and a report prints it as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pausenet.inference.accounts.quantities import Frontier, Timeliness
from pausenet.inference.meters import Figure, Standing
from pausenet.scenario.plan import DAY_S
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import VerificationAccess
from pausenet.statements.finding import Fault, FaultClass

_MONTH_DAYS: Final = 365.25 / 12.0


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
HALVING: Final = _figure(8.0, "months", Standing.ASSUMPTION, "general knowledge, unconfirmed")

ASSUMED: Final[Mapping[str, Figure]] = MappingProxyType(
    {
        "notice of an inspection": NOTICE,
        "inspection": INSPECTION,
        "determination": DETERMINATION,
        "response": RESPONSE,
        "largest run when the pause began": FRONTIER,
        "growth of the largest run without a pause": GROWTH,
        "time in which the compute for one result halves": HALVING,
    }
)
"""Every figure of this module by its name, for reports."""

COURSE: Final = Frontier(
    frontier=FRONTIER.value, growth_yearly=GROWTH.value, halving_months=HALVING.value
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


def lead_months(gained_flop: float, *, bound_days: float) -> float:
    """The months of lead that so much compute is worth, so many days after the pause began."""
    return COURSE.lead_months(gained_flop, max(0.0, bound_days) / _MONTH_DAYS)


def _notice_days(agreement: Agreement) -> float:
    """The shortest notice that the agreement names for an inspection, or the assumption."""
    named = [each.notice_s for each in agreement.clauses if isinstance(each, VerificationAccess)]
    return min(named) / DAY_S if named else NOTICE.value
