"""A measured run in place of numbers: for which gains, penalties and discounts does it deter?

A lab that breaks the pause gains g a day beside what it earns while all keep it, until it is
detected after N days and answered r days later; from then on it loses s a day, and a penalty worth
phi years of s falls on it. The next year is worth delta of this one.

1. D = E[delta^((N + r) / year)] = sum over days t of (F(t) - F(t-)) delta^((t + r) / year), where
   F(t) is the measured chance of a detection by day t. What is not detected while it is watched
   counts as never detected.
2. If each false alarm, at rate rho a lab-year, ended the pause as wrongly as an accusation rightly
   does: A = rho / (rho - ln delta). If every one is cleared up, A = 0. Both are answered.
3. Keeping the pause is worth s (1 - A) - phi' s A, breaking it (g + s)(1 - D) - phi' s D beside
   races without end, phi' = -phi ln delta. So the pause holds where
   g / s <= (D - A)(1 + phi') / (1 - D).
4. Every D rises with every F(t) and falls with r; so the lower limits of F give the lower end of
   g / s, with the upper limit of rho, and the reverse. The limits are those of each day, not of the
   whole curve at once.

The law of the random lag (`lag`), in continuous time and by a measured curve.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    Series,
    Table,
)

YEAR_DAYS: Final = 365.25
_DISCOUNTS: Final = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
_PENALTIES: Final = (0, 1, 5)
_GAINS: Final = (1, 10, 100, 1000)
_SHOWN: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A measured number and the ends of its interval. Raises `Misuse` unless in order."""

    low: float
    middle: float
    high: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.middle <= self.high < math.inf:
            raise Misuse(f"Limits: expected low, middle, high from 0, found {self}")


_NONE: Final = Limits(low=0.0, middle=0.0, high=0.0)
Curve: TypeAlias = tuple[tuple[float, Limits], ...]
"""The chance of a detection by day t, at the days at which it rises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """One evasion: who, by what, how it is detected, and the days from there to the response."""

    party: str
    kinds: tuple[str, ...]
    curve: Curve
    response_days: float

    def __post_init__(self) -> None:
        days = [day for day, _ in self.curve]
        if days != sorted(days) or any(day < 0.0 for day in days) or self.response_days < 0.0:
            raise Misuse("Detected: expected days from 0, in their order")
        if any(limits.high > 1.0 for _, limits in self.curve):
            raise Misuse("Detected: expected chances")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredRun:
    """What a run measured of evasions, and false alarms a lab-year, if any lab kept the rules."""

    name: str
    runs: int
    level: float
    evasions: tuple[Detected, ...]
    false_alarms: Limits | Infeasible


def law(detected: Detected, discount: float) -> Limits:
    """D of step 1, for the worth of the next year, above 0 and below 1."""

    def summed(end: Callable[[Limits], float]) -> float:
        before, parts = 0.0, []
        for day, limits in detected.curve:
            risen = max(before, end(limits))
            worth = math.pow(discount, (day + detected.response_days) / YEAR_DAYS)
            parts.append((risen - before) * worth)
            before = risen
        return math.fsum(parts)

    return Limits(
        low=summed(lambda limits: limits.low),
        middle=summed(lambda limits: limits.middle),
        high=summed(lambda limits: limits.high),
    )


def wrongly_ended(rate: float, discount: float) -> float:
    """A of step 2."""
    return rate / (rate - math.log(discount))


def greatest_ratio(found: float, wrong: float, discount: float, penalty: float) -> float:
    """The largest g / s at which the pause holds (step 3); 0 where it never does.

    >>> round(greatest_ratio(0.9, 0.0, 0.9, 0.0), 6)
    9.0
    """
    if found >= 1.0:
        return math.inf
    return max(0.0, found - wrong) * (1.0 - penalty * math.log(discount)) / (1.0 - found)


def needed_years(found: float, wrong: float, discount: float, ratio: float) -> float | Infeasible:
    """The least penalty, in years of what the end of the pause costs, that deters g / s = `ratio`.

    It is certain: a penalty imposed with chance q must be 1 / q times as large.
    """
    if found >= 1.0:
        return 0.0
    if found <= wrong:
        return Infeasible("never detected" if found == 0.0 else "false alarms end it as soon")
    return max(0.0, ratio * (1.0 - found) / (found - wrong) - 1.0) / -math.log(discount)


def deterred(run: MeasuredRun) -> Answer:
    """For which gains, penalties and discounts the pause of a run holds. Raises `Misuse`."""
    if not run.evasions:
        raise Misuse(f"{run.name}: nobody evades in this run, so it measures no detection")
    weakest = min(run.evasions, key=lambda each: law(each, _SHOWN).middle)
    return Answer(
        sentence=_sentence(run, weakest),
        not_shown="Evasions that this run does not play; an evader that adapts; limits of the "
        "whole curve, which are wider than those of its days; detections after the run's end.",
        tables=(
            _laws(run),
            _ratios(run, weakest, counted=False),
            *(
                (_ratios(run, weakest, counted=True),)
                if isinstance(run.false_alarms, Limits)
                else ()
            ),
            _penalties(weakest),
        ),
        picture=_picture(run, weakest),
        hand_check=_by_hand(weakest),
    )


def _sentence(run: MeasuredRun, weakest: Detected) -> str:
    low, high = _ends(weakest, _SHOWN, 0.0, Limits(low=0.0, middle=0.0, high=0.0))
    least, most = _ends(weakest, _SHOWN, 5.0, Limits(low=0.0, middle=0.0, high=0.0))
    alarms = run.false_alarms
    wrong = (
        "nobody kept the rules, so false alarms were not measured"
        if isinstance(alarms, Infeasible)
        else "if every false alarm ended the pause, up to {:.3g} to {:.3g}".format(
            *_ends(weakest, _SHOWN, 0.0, alarms)
        )
    )
    if low <= 0.0:
        return (
            f"{run.name} does not show that {weakest.party} is deterred, whatever the penalty: at "
            f"the lower end of its {run.level:.0%} interval nothing is detected; at the upper end "
            f"gains up to {high:.3g} times what the end of the pause costs are deterred, where the "
            f"next year is worth {_SHOWN:g} of this one."
        )
    return (
        f"Where the next year is worth {_SHOWN:g} of this one, {run.name} deters {weakest.party} "
        f"without any penalty if racing gains it, a day, up to {low:.3g} to {high:.3g} times what "
        f"the end of the pause costs it ({run.level:.0%} interval of the run); with a certain "
        f"penalty of five years of that cost, up to {least:.3g} to {most:.3g} times; {wrong}."
    )


def _ends(
    detected: Detected, discount: float, penalty: float, alarms: Limits
) -> tuple[float, float]:
    """The greatest ratio at the lower and at the upper end (step 4)."""
    found = law(detected, discount)
    return (
        greatest_ratio(found.low, wrongly_ended(alarms.high, discount), discount, penalty),
        greatest_ratio(found.high, wrongly_ended(alarms.low, discount), discount, penalty),
    )


def _laws(run: MeasuredRun) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for each in run.evasions:
        found = law(each, _SHOWN)
        last = each.curve[-1][1] if each.curve else _NONE
        rows.append(
            (
                each.party,
                " ".join(each.kinds),
                last.low,
                last.middle,
                last.high,
                each.response_days,
                found.low,
                found.high,
            )
        )
    return Table(
        title=f"Measured in {run.runs} runs; D for a next year worth {_SHOWN:g}",
        columns=(
            Column(name="who"),
            Column(name="evades by"),
            Column(name="detected, low"),
            Column(name="measured"),
            Column(name="high"),
            Column(name="then response", unit="days"),
            Column(name="D, low"),
            Column(name="D, high"),
        ),
        rows=tuple(rows),
    )


def _ratios(run: MeasuredRun, weakest: Detected, *, counted: bool) -> Table:
    alarms = run.false_alarms
    used = alarms if counted and isinstance(alarms, Limits) else _NONE
    rows: list[tuple[Cell, ...]] = []
    for discount in _DISCOUNTS:
        cells: list[Cell] = [discount]
        for penalty in _PENALTIES:
            cells += [*_ends(weakest, discount, float(penalty), used)]
        rows.append(tuple(cells))
    said = (
        f"every false alarm ends the pause, {used.middle:.3g} a lab-year"
        if counted
        else "every false alarm is cleared up"
    )
    return Table(
        title=f"The pause holds up to this gain a day, in daily costs of its end; {said}",
        columns=(
            Column(name="next year worth"),
            *(
                Column(name=f"penalty {penalty} years, {end}")
                for penalty in _PENALTIES
                for end in ("low", "high")
            ),
        ),
        rows=tuple(rows),
    )


def _penalties(weakest: Detected) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for gain in _GAINS:
        found = law(weakest, _SHOWN)
        rows.append(
            (
                gain,
                needed_years(found.high, 0.0, _SHOWN, gain),
                needed_years(found.low, 0.0, _SHOWN, gain),
            )
        )
    return Table(
        title=f"Least certain penalty, in years of that cost, for a next year worth {_SHOWN:g}",
        columns=(
            Column(name="gain", unit="daily costs of the end"),
            Column(name="penalty, if detection is at its high end"),
            Column(name="at its low end"),
        ),
        rows=tuple(rows),
    )


def _by_hand(weakest: Detected) -> str:
    if not weakest.curve:
        return ""
    share = weakest.curve[-1][1].low
    if share == 0.0:
        return ""
    return (
        f"At least {share:.4g} are detected within {weakest.curve[-1][0]:.4g} days, so D is at "
        f"least {share:.4g} x {_SHOWN:g}^(({weakest.curve[-1][0]:.4g} + "
        f"{weakest.response_days:.4g}) / {YEAR_DAYS:g}) = "
        f"{share * _SHOWN ** ((weakest.curve[-1][0] + weakest.response_days) / YEAR_DAYS):.4g}."
    )


def _picture(run: MeasuredRun, weakest: Detected) -> Lines:
    discounts = [0.4 + 0.59 * step / 60 for step in range(61)]
    series, top = [], 0.0
    for penalty in (5, 0):
        for place, end in enumerate(("lower", "upper")):
            points = tuple(
                (each, _ends(weakest, each, float(penalty), _NONE)[place]) for each in discounts
            )
            finite = tuple((x, y) for x, y in points if math.isfinite(y))
            if finite:
                name = f"{penalty}-year penalty, {end}" if penalty else f"no penalty, {end}"
                series.append(Series(name=name, points=finite, dashed=place == 1))
                top = max(top, finite[len(finite) * 9 // 10][1])
    return Lines(
        title="The more labs value the next year, the greater the gains that are deterred.",
        subtitle=f"The greatest gain a day at which the pause of {run.name} holds, in daily costs "
        "of its end, by what the next year is worth, at both ends of the run's interval.",
        x=Axis(title="worth of the next year", low=0.4, high=1),
        y=Axis(title="greatest gain (daily costs of the end)", low=0, high=max(top, 1.0)),
        series=tuple(
            Series(
                name=each.name,
                points=tuple(point for point in each.points if point[1] <= max(top, 1.0)),
                dashed=each.dashed,
            )
            for each in series
            if each.points[0][1] <= max(top, 1.0)
        ),
    )
