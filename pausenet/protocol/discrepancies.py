"""F7 of a power meter: which series of balances alarm, and what such materials show (rule 10).

`alarmed` walks a lab's balances for the appraisal and gives the envelopes of each series that
ends in a finding. `judge_series` reads such envelopes and says what they show: usage, its
correction where one counts, and reading, of consecutive periods, the alarm with the last of them.
Nothing is judged that is not in the envelopes and the register, so that a stranger finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pausenet.errors import InvalidEvidence
from pausenet.inference.balance import MeterError
from pausenet.inference.series import Alarm, Balance, Foretold, Page, Series, SeriesTest
from pausenet.protocol import rules
from pausenet.protocol.caps import period_at
from pausenet.protocol.corrections import corrects
from pausenet.protocol.evidence import Judgement
from pausenet.protocol.given import Due
from pausenet.protocol.joining import signatories
from pausenet.protocol.reader import OpenedEntry
from pausenet.protocol.register import Member, Register
from pausenet.protocol.sealing import SealedBundle
from pausenet.statements.annex import PowerChannel
from pausenet.statements.correction import Correction
from pausenet.statements.reading import Reading
from pausenet.statements.usage import ComputeUsage
from pausenet.values import PeriodIndex, WattHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced:
    """A balance and the envelopes that state it: usage, a correction that counts, reading."""

    balance: Balance
    entries: tuple[bytes, ...]


Both: TypeAlias = tuple[PeriodIndex, Due, Due]
"""A period with its usage and its reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a series' envelopes show: the alarm, in whose log, the words and the facts."""

    accused: Member
    periods: tuple[PeriodIndex, ...]
    text: str
    facts: tuple[str, ...]


def alarmed(channel: PowerChannel, balances: Iterable[Balanced]) -> tuple[tuple[bytes, ...], ...]:
    """The envelopes of each series that ends in a finding, from balances in ascending order."""
    walk = _Walk(channel)
    for each in balances:
        walk.take(each)
    return tuple(walk.found)


class _Walk:
    """One series after the other, each until its alarm, a gap or its end."""

    def __init__(self, channel: PowerChannel) -> None:
        self.found: list[tuple[bytes, ...]] = []
        self._channel, self._last = channel, -rules.REPEAT_PERIODS - 1
        self._begin()

    def _begin(self) -> None:
        self._held: list[Balanced] = []
        self._series, self._size = _series(self._channel), 0

    def take(self, each: Balanced) -> None:
        """Take the next balance."""
        period, more = each.balance.period, sum(map(len, each.entries))
        gap = bool(self._held) and period != self._held[-1].balance.period + 1
        full = self._size + more > rules.SERIES_BYTES_MAX
        if gap or full or len(self._held) == rules.SERIES.periods:
            self._begin()
        self._held.append(each)
        self._size += more
        _, alarms = self._series.take(each.balance)
        if alarms:
            if period - self._last > rules.REPEAT_PERIODS:
                self.found.append(tuple(entry for one in self._held for entry in one.entries))
                self._last = period
            self._begin()


class SeriesSoFar:
    """The series of one meter and party, to be taken further where more balances follow.

    `judged` remembers what was made of each that ends in a finding: the same under every cut.
    """

    def __init__(self, channel: PowerChannel) -> None:
        self._channel, self._walk = channel, _Walk(channel)
        self._taken: list[Both] = []
        self.judged: dict[tuple[bytes, ...], tuple[Judgement, SealedBundle] | None] = {}

    def alarmed(self, given: Sequence[Both]) -> tuple[tuple[bytes, ...], ...]:
        """The same as `alarmed` of the balances of all that is given."""
        if given[: len(self._taken)] != self._taken:
            self._walk, self._taken, self.judged = _Walk(self._channel), [], {}
        for each in given[len(self._taken) :]:
            self._walk.take(_balanced(*each))
        self._taken = [*given]
        return tuple(self._walk.found)


def _balanced(period: PeriodIndex, usage: Due, reading: Due) -> Balanced:
    """The balance of a period with usage, as corrected, and reading."""
    given = [entry for due in (usage, reading) for entry in (due.entry, due.correction)]
    balance = Balance(period=period, declared=usage.energy_wh, metered=reading.energy_wh)
    return Balanced(balance=balance, entries=tuple(entry for entry in given if entry))


def judge_series(register: Register, opened: Sequence[OpenedEntry]) -> Shown:
    """What usage, corrections and readings of one series show; raise `InvalidEvidence`."""
    channel = register.agreement.power_channel
    if channel is None:
        raise InvalidEvidence("the agreement has no power channel")
    groups = _groups(opened)
    if not 2 <= len(groups) <= rules.SERIES.periods:
        raise InvalidEvidence("expected usage and reading of two periods, or of a whole series")
    accused, meter = groups[0][0].member, groups[0][2].member
    balances = [_balance(register, accused, *group) for group in groups]
    first = balances[0].period
    if [each.period for each in balances] != list(range(first, first + len(balances))):
        raise InvalidEvidence("the periods are not consecutive")
    series, alarms, facts = _series(channel), tuple[Alarm, ...](), list[str]()
    for each in balances:
        if alarms:
            raise InvalidEvidence("the series alarms before its last period")
        value, alarms = series.take(each)
        facts.append(_fact(each, value, series))
    if not alarms:
        raise InvalidEvidence("the metered energy is not significantly more than declared")
    said = sentences(channel, alarms[0], balances, series.foretold, meter, accused)
    return Shown(
        accused=accused,
        periods=tuple(PeriodIndex(p) for p in range(alarms[0].since, alarms[0].at + 1)),
        text="; ".join(said),
        facts=(*facts, *said),
    )


def sentences(
    channel: PowerChannel,
    alarm: Alarm,
    balances: Sequence[Balance],
    foretold: Foretold,
    meter: Member,
    accused: Member,
) -> tuple[str, ...]:
    """What a finding says of its test: where, alpha, statistic and limit, power, and whose word.

    Meter and declaration are of one independence group where one controls both.
    """
    return (
        f"metered energy is above declared energy {_statistic(alarm)}",
        f"alpha {rules.ALPHA_PPM} ppm for all {len(SeriesTest)} tests over "
        f"{rules.SERIES.periods} periods",
        _power(channel, balances, foretold),
        f"series from {balances[0].period}",
        f"read by {meter.id} (group {meter.group}), declared by {accused.id} "
        f"(group {accused.group})",
    )


def _series(channel: PowerChannel) -> Series:
    error = MeterError(random_ppm=channel.random_ppm, systematic_ppm=channel.systematic_ppm)
    return Series(error, channel.calibration_periods, rules.SERIES)


def _fact(balance: Balance, value: int, series: Series) -> str:
    large, small = series.sums_milli
    return (
        f"period {balance.period}: declared {balance.declared} Wh, metered {balance.metered} Wh, "
        f"z = {_milli(value)}, Page's sums {_milli(large)} and {_milli(small)}"
    )


def _statistic(alarm: Alarm) -> str:
    """Where, by which test, with which statistic over which limit."""
    stated = " and ".join(_milli(each) for each in alarm.statistics_milli)
    limit = _milli(alarm.limit_milli)
    if alarm.test is SeriesTest.ROW:
        return f"in periods {alarm.since} and {alarm.at}: z = {stated}, limit {limit}"
    page = _page(alarm.test)
    return (
        f"over periods {alarm.since} to {alarm.at}: Page's test for a {alarm.test}, "
        f"k = {_milli(page.reference_milli)}, stands at {stated}, limit {limit}"
    )


def _page(test: SeriesTest) -> Page:
    return rules.SERIES.large if test is SeriesTest.LARGE else rules.SERIES.small


def _power(channel: PowerChannel, balances: Sequence[Balance], foretold: Foretold) -> str:
    """At least how often one strategic quantity is found, all at once or spread evenly.

    At once: hidden in each of two periods, with as much of the calibration behind it as at the
    alarm. Spread: an equal part in each period of a whole series, the last of a calibration, which
    shows least, standing for all.
    """
    most, periods = max(each.metered for each in balances), rules.SERIES.periods
    part = WattHours(channel.strategic_wh // periods)
    sudden = foretold.quantity_milli(channel.strategic_wh, most, foretold.place)
    spread = foretold.quantity_milli(part, most, foretold.last_place(periods))
    return (
        f"power against {channel.strategic_wh} Wh: {rules.sudden_percent(sudden)} % in two periods "
        f"that hide it each, {rules.spread_percent(spread)} % spread over {periods}"
    )


def _groups(
    opened: Sequence[OpenedEntry],
) -> list[tuple[OpenedEntry, OpenedEntry | None, OpenedEntry]]:
    """Usage, its correction where one is named, and reading, of each period."""
    found, rest = [], list(opened)
    while len(rest) >= 2:
        named = isinstance(rest[1].statement.body, Correction)
        if named and len(rest) == 2:
            break
        found.append((rest[0], rest[1] if named else None, rest[1 + named]))
        rest = rest[2 + named :]
    if rest:
        raise InvalidEvidence("expected usage and reading of two periods, or of a whole series")
    return found


def _balance(
    register: Register,
    accused: Member,
    usage: OpenedEntry,
    correction: OpenedEntry | None,
    reading: OpenedEntry,
) -> Balance:
    """The balance of one usage statement and its meter's reading.

    Declared is what the correction says, where one is named.
    """
    agreement, declared, metered = register.agreement, usage.statement, reading.statement
    if usage.member != accused or accused.id not in signatories(register):
        raise InvalidEvidence("expected usage statements of one party")
    if reading.member.id not in agreement.meters_of(accused.id):
        raise InvalidEvidence("expected readings by the party's own meter")
    period = declared.period
    if period is None or period != period_at(agreement.schedule, period.index):
        raise InvalidEvidence("the usage is not of a period of the agreement")
    if metered.period != period or declared.agreement != register.agreement_digest:
        raise InvalidEvidence("the reading is of another period, or the agreement is not named")
    if not isinstance(declared.body, ComputeUsage) or not isinstance(metered.body, Reading):
        raise InvalidEvidence("expected usage, then reading")
    if metered.body.party != accused.id:
        raise InvalidEvidence("the reading is of another party")
    stated = declared.body
    if correction is not None:
        body = correction.statement.body
        if not isinstance(body, Correction) or not corrects(
            correction.statement, declared, usage.id
        ):
            raise InvalidEvidence("expected a correction of that usage statement")
        stated = body.usage
    return Balance(period=period.index, declared=stated.energy_wh, metered=metered.body.energy_wh)


def _milli(thousandths: int) -> str:
    whole, part = divmod(abs(thousandths), 1000)
    return f"{'-' if thousandths < 0 else ''}{whole}.{part:03d}"
