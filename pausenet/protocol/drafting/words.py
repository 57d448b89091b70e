"""Quantities in plain words, exactly: a value that differs by one unit reads differently."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from pausenet.statements.agreement import Schedule
from pausenet.statements.forms import PPM
from pausenet.statements.indicator import IndicatorKind
from pausenet.statements.rule import (
    AdjudicatorDetermines,
    AfterPeriods,
    Condition,
    FromPeriod,
    IncidentReported,
    IndicatorBound,
    OnRatification,
    PartiesAssent,
    Rule,
    Side,
)
from pausenet.values import ParticipantId

_SPANS: Final = (
    ("year", 31_536_000),
    ("month", 2_628_000),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
)


def number(value: int) -> str:
    """A whole number with commas.

    >>> number(12), number(1234567)
    ('12', '1,234,567')
    """
    return f"{value:,}"


def flop(pflop: int) -> str:
    """Operations: 10^26 FLOP as `1e26`, and others as exactly.

    >>> flop(10**11), flop(21 * 10**9), flop(0)
    ('1e26 FLOP', '2.1e25 FLOP', '0 FLOP')
    """
    if pflop == 0:
        return "0 FLOP"
    digits = str(pflop)
    power, mantissa = len(digits) - 1 + 15, digits.rstrip("0")
    shown = mantissa if len(mantissa) == 1 else f"{mantissa[0]}.{mantissa[1:]}"
    return f"{shown}e{power} FLOP"


def share(ppm: int) -> str:
    """A share in percent, exactly.

    >>> share(666_667), share(200_000), share(1)
    ('66.6667 %', '20 %', '0.0001 %')
    """
    return f"{decimal(Fraction(ppm, 10_000))} %"


def decimal(value: Fraction) -> str:
    """A fraction whose denominator divides a power of ten, without trailing zeros."""
    whole, rest = divmod(value, 1)
    if rest == 0:
        return number(int(whole))
    places = f"{int(rest * 10**9):09d}".rstrip("0")
    return f"{number(int(whole))}.{places}"


def span(seconds: int) -> str:
    """A span of time: whole years, months or days where it is that, else unit by unit.

    >>> span(172_800), span(5_400), span(61), span(31_536_000), span(0)
    ('2 days', '1 hour 30 minutes', '1 minute 1 second', '1 year', 'no time')
    """
    for unit, length in _SPANS[:2]:
        if seconds and seconds % length == 0:
            return plural(seconds // length, unit)
    told, left = [], seconds
    for unit, length in _SPANS[2:]:
        count, left = divmod(left, length)
        if count:
            told.append(plural(count, unit))
    return " ".join(told) or "no time"


def energy(watt_hours: int) -> str:
    """Energy in megawatt-hours, exactly."""
    return f"{decimal(Fraction(watt_hours, 10**6))} MWh"


def about_energy(watt_hours: int) -> str:
    """Energy for reading, with its exact figure behind it where the two differ.

    >>> about_energy(979_282_466), about_energy(500_000_000)
    ('979 MWh (979,282,466 Wh)', '500 MWh')
    """
    if watt_hours < 10**8 or watt_hours % 10**6 == 0:
        return energy(watt_hours)
    return f"{number(round(watt_hours, -6) // 10**6)} MWh ({number(watt_hours)} Wh)"


def plural(count: int, word: str) -> str:
    """A count with its word."""
    return f"{number(count)} {word}{'' if count == 1 else 's'}"


def periods(count: int, schedule: Schedule) -> str:
    """A number of periods, and how long that is."""
    if count == 0:
        return "0 periods"
    return f"{plural(count, 'period')} ({span(count * schedule.period_s)})"


def instant(seconds: int) -> str:
    """A time in UTC, by the civil calendar.

    Days are counted in eras of 400 years, as Hinnant's `civil_from_days` does.

    >>> instant(1_767_225_600), instant(1_709_164_861)
    ('2026-01-01', '2024-02-29 00:01:01 UTC')
    """
    days, rest = divmod(seconds, 86_400)
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    civil = f"{era * 400 + year + (month <= 2):04d}-{month:02d}-{day:02d}"
    if rest == 0:
        return civil
    return f"{civil} {rest // 3_600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d} UTC"


def listing(items: Iterable[object], last: str = "and") -> str:
    """Items in a row.

    >>> listing(["a", "b", "c"]), listing(["a"]), listing([])
    ('a, b and c', 'a', 'nobody')
    """
    found = [str(item) for item in items]
    if not found:
        return "nobody"
    if len(found) == 1:
        return found[0]
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def spaced(word: object) -> str:
    """A word of a closed set, as prose has it."""
    return str(word).replace("-", " ")


def indicator(kind: IndicatorKind, value: int) -> str:
    """An indicator's value with its unit."""
    match kind.unit:
        case "ppm":
            return share(value)
        case "seconds":
            return span(value)
        case _:
            return decimal(Fraction(value, 1_000))


_INDICATORS: Final = {
    IndicatorKind.MERGED_CODE: "the share of a lab's merged code that AI wrote",
    IndicatorKind.TASK_HORIZON: (
        "the length of the tasks (as a skilled human's time) that a lab's AI completes half of "
        "the time"
    ),
    IndicatorKind.CODE_SPEED_UP: "the factor by which AI makes a lab's training code faster",
    IndicatorKind.OPEN_ENDED_SUCCESS: (
        "the share of open-ended research tasks that a lab's AI completes"
    ),
    IndicatorKind.EXPERIMENT_CHOICE: "the share of a lab's experiments that AI chose",
    IndicatorKind.REVIEWED_LINES: (
        "the number of lines of code that a lab merges for each hour of human review"
    ),
    IndicatorKind.AI_REVIEW: "the share of a lab's code reviews that AI did",
}


def condition(found: Condition, schedule: Schedule) -> str:
    """A condition as the end of a sentence that begins with "when"."""
    match found:
        case OnRatification():
            return "the agreement has come into force"
        case FromPeriod(period=period):
            begins = instant(schedule.start + period * schedule.period_s)
            return f"period {number(period)} has come ({begins})"
        case AfterPeriods(periods=count):
            return f"{periods(count, schedule)} have passed since the trigger"
        case IndicatorBound():
            return _bound(found, schedule)
        case IncidentReported(sources=sources, quorum=quorum):
            return f"{_sources(sources, quorum, 'report')} an incident at one lab"
        case PartiesAssent(need_ppm=need):
            most = "all" if need == PPM else f"at least {share(need)} of"
            return f"{most} the parties say so in their logs"
        case AdjudicatorDetermines():
            return "the adjudicator determines it"


def _bound(found: IndicatorBound, schedule: Schedule) -> str:
    side = "at least" if found.side is Side.AT_LEAST else "at most"
    own = "self-reported: all are parties" if found.self_reported else "an outsider among them"
    value = indicator(found.indicator, found.bound)
    often = "" if found.debounce_periods == 1 else " one after the other"
    return (
        f"{_sources(found.sources, found.quorum, 'state')} ({own}), in "
        f"{periods(found.debounce_periods, schedule)}{often}, that "
        f"{_INDICATORS[found.indicator]} is {side} {value}"
    )


def _sources(sources: tuple[ParticipantId, ...], quorum: int, verb: str) -> str:
    """So many of the sources, and what they do."""
    if len(sources) == quorum == 1:
        return f"{sources[0]} {verb}s"
    if quorum == 1:
        return f"{listing(sources, 'or')} {verb}s"
    if quorum == len(sources):
        return f"{listing(sources)} {verb}"
    return f"{quorum} of {listing(sources)} {verb}"


def rule(found: Rule, schedule: Schedule) -> str:
    """A rule: its words, and what is counted for it."""
    told = [condition(each, schedule) for each in found.conditions]
    if len(told) == 1:
        return f'"{found.words}" The logs decide it: when {told[0]}.'
    numbered = "; ".join(f"({at}) {each}" for at, each in enumerate(told, start=1))
    needed = "all" if found.need == len(told) else f"{found.need}"
    verb = "holds" if found.need == 1 else "hold"
    return (
        f'"{found.words}" The logs decide it: when {needed} of these {len(told)} {verb}: '
        f"{numbered}."
    )
