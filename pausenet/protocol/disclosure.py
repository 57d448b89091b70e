"""Who learned what, when, under which clause: computed from what everybody signed (2.9).

A verifier's storing cosignature says that it holds a log's first entries; `seen` says how far a
participant has followed a verifier's log. Nothing here rests on anybody's unsigned word, but for
what was withheld, which only the one who withheld it tells. The numbers in the comments are those
of docs/spec/disclosure.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pausenet.protocol.circles import Matter, circle_of, clause_of, tier_of, within
from pausenet.protocol.joining import joined_in
from pausenet.protocol.opened_records import (
    NO_PERIOD,
    Logs,
    Refusal,
    came,
    opened_count,
    refusals,
)
from pausenet.protocol.register import Register
from pausenet.statements.challenge import InspectionReport
from pausenet.statements.codec import Statement
from pausenet.statements.correction import Correction
from pausenet.statements.declaration import Declaration
from pausenet.statements.determination import Determination
from pausenet.statements.finding import Appraisal, FaultNotice
from pausenet.statements.inspection import Closure
from pausenet.statements.movement import Capacity, Notification, Transfer
from pausenet.statements.reading import Reading
from pausenet.statements.tiers import Tier
from pausenet.statements.usage import ComputeUsage
from pausenet.values import NetworkTime, ParticipantId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A verifier signed, at this time, that it holds a log's first `size` entries."""

    reader: ParticipantId
    log: ParticipantId
    size: int
    time: NetworkTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A verifier did not give a log to one who asked: `log` is whose."""

    by: ParticipantId
    asker: ParticipantId
    log: ParticipantId
    time: NetworkTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What one reader learned of one party, in which periods, and the times that are known.

    `first` and `last` are None where nobody's signature shows a time. `allowed` says whether the
    reader's circle may learn it; `exchange` that competitors told each other under a voluntary
    agreement.
    """

    of: ParticipantId
    what: Matter
    reader: ParticipantId
    periods: tuple[int, ...]
    first: NetworkTime | None
    last: NetworkTime | None
    tier: Tier
    clause: str
    allowed: bool
    exchange: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Job records of one lab that stand under salted commitments."""

    of: ParticipantId
    periods: tuple[int, ...]
    records: int
    opened: int
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A lab did not show what was asked for; the time is the one at which it was said."""

    refusal: Refusal
    time: NetworkTime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosures:
    """The whole account, by whose, what and reader."""

    learned: tuple[Learned, ...]
    sealed: tuple[Sealed, ...]
    refused: tuple[Refused, ...]
    withheld: tuple[Withheld, ...]
    voluntary: bool
    exchange_said: str


_Key: TypeAlias = tuple[ParticipantId, Matter, ParticipantId]
_Reach: TypeAlias = Mapping[tuple[ParticipantId, ParticipantId], Sequence[tuple[int, int | None]]]
"""By reader and log: how many entries, since when; None where no time is known."""


def disclosures(
    register: Register, logs: Logs, held: Sequence[Held], withheld: Sequence[Withheld] = ()
) -> Disclosures:
    """Compute the account from the logs and the storing cosignatures at hand."""
    reach, joined = _reach(register, logs, held), joined_in(register, logs)
    found: dict[_Key, dict[int, int | None]] = {}
    for (reader, log), extents in reach.items():
        for statement in logs.get(log, ()):
            times = [time for size, time in extents if size > statement.seq]
            if not times:
                continue
            time = min((each for each in times if each is not None), default=None)
            for what, of, period in _told(statement):
                if reader not in (of, log):
                    earlier = found.setdefault((of, what, reader), {})
                    earlier[period] = _earlier(earlier.get(period, time), time)
    by_log = _by_log(held)
    for each in came(register, logs):
        time = _published(register, by_log.get(each.reader, ()), each.seq)
        earlier = found.setdefault((each.of, Matter.JOBS, each.reader), {})
        earlier[each.period] = _earlier(earlier.get(each.period, time), time)
    return Disclosures(
        learned=tuple(_learned(register, key, found[key], joined) for key in sorted(found)),
        sealed=tuple(_sealed(register, logs)),
        refused=tuple(_refused(register, logs, by_log)),
        withheld=tuple(sorted(withheld, key=lambda each: (each.time, each.by, each.asker))),
        voluntary=register.agreement.legal_basis.voluntary,
        exchange_said=register.agreement.legal_basis.exchange_of_information,
    )


def _told(statement: Statement) -> Iterator[tuple[Matter, ParticipantId, int]]:
    """1.1 What one statement tells, of whom and of which period."""
    author, body = statement.author, statement.body
    period = NO_PERIOD if statement.period is None else int(statement.period.index)
    match body:
        case ComputeUsage() | Correction():
            yield Matter.TOTALS, author, period
            yield Matter.SITES, author, period
        case Reading(party=party):
            yield Matter.TOTALS, party, period
        case Declaration():
            yield Matter.SITES, author, period
        case Notification() | Transfer():
            yield Matter.SITES, author, int(body.period)
        case Capacity(lab=lab):
            yield Matter.SITES, lab, int(body.period)
        case Appraisal(lab=lab):
            yield Matter.VERDICTS, lab, int(body.period)
        case FaultNotice(accused=accused):
            yield Matter.VERDICTS, accused, period
        case InspectionReport(lab=lab):
            yield Matter.VERDICTS, lab, period
        case Closure(results=results):
            for ended in results:
                yield Matter.VERDICTS, ended.lab, period
        case Determination(party=named) if named is not None:
            yield Matter.VERDICTS, named, period


def _reach(register: Register, logs: Logs, held: Sequence[Held]) -> _Reach:
    """1.2 How far each reader has read each log, and since when."""
    found: dict[tuple[ParticipantId, ParticipantId], list[tuple[int, int | None]]] = {}
    by_log = _by_log(held)
    for each in held:
        found.setdefault((each.reader, each.log), []).append((each.size, each.time))
    owner = {member.origin: name for name, member in register.members.items()}
    for reader, log in logs.items():
        before: dict[str, int] = {}
        for statement in log:
            for head in statement.seen:
                if head.origin in owner and before.get(head.origin, 0) < head.size:
                    before[head.origin] = head.size
                    time = _published(register, by_log.get(reader, ()), statement.seq)
                    reached = found.setdefault((reader, owner[head.origin]), [])
                    reached.append((head.size, time))
    return found


def _by_log(held: Sequence[Held]) -> dict[ParticipantId, list[Held]]:
    found: dict[ParticipantId, list[Held]] = {}
    for each in held:
        found.setdefault(each.log, []).append(each)
    return found


def _published(register: Register, held: Sequence[Held], seq: int) -> int | None:
    """When a statement was there at the latest: the (f+1)-th verifier's first signature on it."""
    first: dict[ParticipantId, int] = {}
    for each in held:
        if each.size > seq:
            first[each.reader] = min(first.get(each.reader, each.time), each.time)
    times = sorted(first.values())
    return times[register.quorum.f] if len(times) > register.quorum.f else None


def _earlier(one: int | None, other: int | None) -> int | None:
    known = [time for time in (one, other) if time is not None]
    return min(known, default=None)


def _learned(
    register: Register,
    key: _Key,
    periods: Mapping[int, int | None],
    joined: Collection[ParticipantId],
) -> Learned:
    of, what, reader = key
    agreement = register.agreement
    tier = tier_of(agreement, what)
    times = [NetworkTime(time) for time in periods.values() if time is not None]
    # 2.3 Labs compete: what one learns of another under a voluntary basis is marked.
    rivals = register.members[reader].role is Role.LAB and reader != of
    return Learned(
        of=of,
        what=what,
        reader=reader,
        periods=tuple(sorted(periods)),
        first=min(times, default=None),
        last=max(times, default=None),
        tier=tier,
        clause=clause_of(agreement, what),
        # 2.1 A verifier is an inspector of what is opened to it.
        allowed=what is Matter.JOBS or within(circle_of(register, reader, joined), tier),
        exchange=rivals and agreement.legal_basis.voluntary,
    )


def _sealed(register: Register, logs: Logs) -> Iterator[Sealed]:
    """1.3 What stands in the logs by its root alone."""
    for name in sorted(logs):
        roots = {
            int(each.period.index): each.body.leaves
            for each in logs[name]
            if isinstance(each.body, ComputeUsage) and each.period is not None
        }
        if roots:
            yield Sealed(
                of=name,
                periods=tuple(sorted(roots)),
                records=sum(roots.values()),
                opened=opened_count(logs[name]),
                clause=clause_of(register.agreement, Matter.JOBS),
            )


def _refused(
    register: Register, logs: Logs, by_log: Mapping[ParticipantId, Sequence[Held]]
) -> Iterator[Refused]:
    """1.4 What was asked for and not shown, in order of lab, period and asker."""
    found = sorted(
        refusals(register, logs), key=lambda each: (each.of, each.period, each.asker, each.told_by)
    )
    for each in found:
        time = _published(register, by_log.get(each.told_by, ()), each.seq)
        yield Refused(refusal=each, time=None if time is None else NetworkTime(time))
