"""What an agreement can see: whether its own clauses could be found broken at all.

The falsifying observation of each clause is read for the means it names: a statement that the
protocol knows, a power meter, an inspection, an opened record. A means that the annex does not
provide shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, TypeAlias

from pausenet.inference.balance import MeterError
from pausenet.inference.series import Foretold
from pausenet.protocol import rules
from pausenet.protocol.drafting.words import energy
from pausenet.scenario.physics import energy_wh, energy_wh_of
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import StockCap, VerificationAccess
from pausenet.values import INTEGER_MAX, AcceleratorSeconds, Pflop, WattHours

Unseen: TypeAlias = tuple[str, tuple[str | int, ...], str]
"""A rule's number, a path, and what is wrong there."""

POWER_PERCENT_LEAST: Final = 90
"""The chance of seeing a strategic quantity that safeguards call high (domain.md 2.1)."""

_PFLOP_MAX: Final = Pflop(2**50)
"""Beyond this, the time that operations take is no whole number of a statement any more."""


class Means(StrEnum):
    """What can show that a clause is broken."""

    STATEMENT = "a signed statement"
    METER = "a power meter's reading"
    INSPECTION = "an inspection"
    RECORD = "an opened job record"


_WORDS: Final = {
    Means.STATEMENT: re.compile(
        r"\b(statements?|signed|ratifications?|appraisals?|attestations?|declarations?)\b", re.I
    ),
    Means.METER: re.compile(r"\b(meters?|readings?|metered)\b", re.I),
    Means.INSPECTION: re.compile(r"\b(inspections?|inspectors?|inspected)\b", re.I),
    Means.RECORD: re.compile(r"\b(job records?|opened records?|opening)\b", re.I),
}


def named(text: str) -> tuple[Means, ...]:
    """The means that a falsifying observation names.

    >>> named("A signed usage statement, or an inspection, above the limit.")
    (<Means.STATEMENT: 'a signed statement'>, <Means.INSPECTION: 'an inspection'>)
    """
    return tuple(means for means, words in _WORDS.items() if words.search(text))


def provided(agreement: Agreement) -> tuple[Means, ...]:
    """The means that the annex and the clause on access provide."""
    annex = agreement.annex
    access = next((c for c in agreement.clauses if isinstance(c, VerificationAccess)), None)
    visits = access is not None and (
        access.challenge or access.inspections_per_period + access.short_notice_ppm > 0
    )
    found = [Means.STATEMENT]
    if annex.power is not None or annex.channels:
        found.append(Means.METER)
    if visits or annex.sample_ppm > 0:
        found.append(Means.INSPECTION)
    if visits or annex.sample_quota > 0:
        found.append(Means.RECORD)
    return tuple(found)


def unseen(agreement: Agreement) -> Iterator[Unseen]:
    """What sections 2, 3 and 5 of the rules find."""
    yield from _falsifiable(agreement)
    annex = agreement.annex
    read = {channel.party for channel in annex.channels}
    blind = [party for party in agreement.parties if party not in read]
    if read and blind:
        yield "3.2", ("annex", "channels"), f"no meter reads {', '.join(blind)}"
    yield from _power(agreement)


def _falsifiable(agreement: Agreement) -> Iterator[Unseen]:
    there = provided(agreement)
    for at, clause in enumerate(agreement.clauses):
        path = ("clauses", at, "anatomy", "falsified_by")
        means = named(clause.anatomy.falsified_by)
        usable = [each for each in means if each in there]
        missing = [each for each in means if each not in there]
        if not means:
            text = f"{clause.ID}: no statement, meter or inspection could show it broken"
            yield "2.1", path, text
        elif not usable:
            yield "2.1", path, f"{clause.ID}: only {missing[0]} could show it broken; there is none"
        elif missing:
            text = f"{clause.ID}: {missing[0]} is to show it broken; nobody provides one"
            yield "3.1", path, text
    if there == (Means.STATEMENT,) and agreement.clauses:
        text = "no meter, no inspection, no drawing of records: all rests on the parties' own word"
        yield "2.2", ("annex",), text


def _power(agreement: Agreement) -> Iterator[Unseen]:
    power, metered = agreement.annex.power, metered_wh(agreement)
    if power is None or metered is None:
        return
    error = MeterError(random_ppm=power.random_ppm, systematic_ppm=power.systematic_ppm)
    shift = Foretold(error, 0).quantity_milli(power.strategic_wh, metered, 0)
    percent = rules.sudden_percent(shift)
    if percent < POWER_PERCENT_LEAST:
        text = (
            f"a strategic quantity ({energy(power.strategic_wh)}) hidden in each of two periods "
            f"of a lab that may use {energy(metered)} is found with a chance of {percent} % only; "
            f"{POWER_PERCENT_LEAST} % are asked"
        )
        yield "5.1", ("annex", "power", "strategic"), text


def metered_wh(agreement: Agreement) -> WattHours | None:
    """The energy that a lab may use in a period, by the limits; None where nothing limits it.

    A stock cap counts at full occupation all the time; a total cap counts the energy that its
    operations take. Where there are both, the smaller holds.
    """
    found: list[WattHours] = []
    stock = next((c for c in agreement.clauses if isinstance(c, StockCap)), None)
    if stock is not None:
        occupied = min(stock.accelerators * agreement.schedule.period_s, INTEGER_MAX)
        found.append(energy_wh(AcceleratorSeconds(occupied), AcceleratorSeconds(0)))
    if agreement.total_cap is not None:
        found.append(energy_wh_of(min(agreement.total_cap.limit_pflop, _PFLOP_MAX)))
    return min(found, default=None)
