"""The chip account: what each lab declared, received, shipped, retired and still has.

`reconcile` is a pure function of what stands in the logs. It appraises nobody and proves no
fault: it says which account does not add up and which statement has no other side. The numbers
in the comments are those of docs/spec/stock.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from pausenet.crypto import statement_id
from pausenet.protocol.affiliates import Operators, affiliates_of, declared_in
from pausenet.protocol.corrections import corrects
from pausenet.protocol.joining import joined_in
from pausenet.protocol.register import Register
from pausenet.protocol.transfers import Pairing, Side, pair
from pausenet.statements.codec import Statement, encode
from pausenet.statements.correction import Correction
from pausenet.statements.declaration import Declaration, DeclaredSite
from pausenet.statements.finding import Appraisal
from pausenet.statements.movement import Aggregate, Capacity, Direction, NoticeKind, Notification
from pausenet.statements.usage import ComputeUsage, SiteUsage
from pausenet.statements.voices import may_say
from pausenet.values import ParticipantId, PeriodIndex, Role

Logs: TypeAlias = Mapping[ParticipantId, Sequence[Statement]]
Counts: TypeAlias = Counter[ParticipantId]

NOT_VERIFIED: Final = "baseline not verified"
UNSEEN: Final = (
    "accelerators that left before the initial declaration, where neither side says so",
    "accelerators that nobody ever declared, shipped or received",
    "a transfer, a capacity or a retirement that both sides invent together",
    "whether the accelerators that are declared are there: serial numbers stand behind digests",
)
"""What no account made of declarations can see."""


class ItemKind(StrEnum):
    """What a chip account leaves open, and what does not add up."""

    ONE_SIDED = "one-sided-transfer"
    DIFFERS = "sides-differ"
    TWICE = "said-twice"
    UNEXPLAINED = "unexplained-change"
    NO_CAPACITY = "site-without-host"
    CAPACITY = "capacity-differs"
    AGGREGATE = "aggregate-differs"
    NON_PARTY = "left-the-agreement"

    @property
    def is_defect(self) -> bool:
        """Whether numbers contradict each other; else a word is still awaited."""
        return self in (ItemKind.UNEXPLAINED, ItemKind.AGGREGATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One open item or defect of a party's account in a period; -1 is before the first."""

    kind: ItemKind
    party: ParticipantId
    period: int
    text: str
    verified: bool

    @property
    def sentence(self) -> str:
        """The item in words, with what it rests on."""
        return self.text if self.verified else f"{self.text} ({NOT_VERIFIED})"

    @property
    def line(self) -> str:
        """The item with whose it is, and when."""
        when = "before period 0" if self.period < 0 else f"period {self.period}"
        return f"{when}, {self.party}: {self.sentence}"


Problem: TypeAlias = tuple[ItemKind, ParticipantId, int, str]
"""An item before it is known what it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One kind of accelerator in one lab's account, from the end of one usage to the next's."""

    lab: ParticipantId
    period: PeriodIndex
    kind: ParticipantId
    begin: int
    received: int
    shipped: int
    retired: int
    end: int

    @property
    def unexplained(self) -> int:
        """I_begin + receipts - shipments - retirements - I_end: 0 where it adds up."""
        return self.begin + self.received - self.shipped - self.retired - self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """All accounts: their lines by lab and period, and the items by period and party."""

    lines: tuple[Line, ...]
    items: tuple[Item, ...]
    transfers: Pairing
    baseline: Mapping[ParticipantId, PeriodIndex | None]
    """The first period whose findings rest on a verified baseline, None while there is none."""
    affiliates: Mapping[ParticipantId, Operators]
    """The sites that each lab declared and that an affiliate runs, with who runs them."""


def reconcile(register: Register, logs: Logs) -> Stock:
    """Reconcile every lab's account with its transfers, hosts and authorities."""
    labs = tuple(name for name in sorted(logs) if register.members[name].role is Role.LAB)
    said = {name: _counting(register, name, logs[name]) for name in sorted(logs)}
    baseline = {lab: _baseline(register, lab, logs) for lab in labs}
    transfers = pair(said)
    lines: list[Line] = []
    found = _open_transfers(register, transfers)
    found += _left(register, transfers, joined_in(register, logs))
    for lab in labs:
        own, problems = _account(lab, said, transfers)
        lines += own
        found += problems
    found += _aggregates(said, labs)
    items = {_item(baseline, register, *each) for each in found}
    return Stock(
        lines=tuple(lines),
        items=tuple(sorted(items, key=lambda item: (item.period, item.party, item.text))),
        transfers=transfers,
        baseline=baseline,
        affiliates={lab: affiliates_of(register, said[lab]) for lab in labs},
    )


def _counting(
    register: Register, name: ParticipantId, log: Sequence[Statement]
) -> tuple[Statement, ...]:
    """1.2 What its author's role may say; the machines' own kinds are checked where they matter."""
    role = register.members[name].role
    spoken = (Declaration, ComputeUsage, Correction)
    return tuple(
        each
        for each in log
        if may_say(role, each.kind) or (role is Role.LAB and isinstance(each.body, spoken))
    )


# ------------------------------------------------------------------ the account of one lab


def _account(
    lab: ParticipantId, said: Mapping[ParticipantId, tuple[Statement, ...]], transfers: Pairing
) -> tuple[list[Line], list[Problem]]:
    log = said[lab]
    declared = declared_in(log)
    usages = _usages(log)
    if declared is None or not usages:
        return [], []
    notices = tuple(each.body for each in log if isinstance(each.body, Notification))
    hosted = _hosted(lab, said)
    lines: list[Line] = []
    problems: list[Problem] = []
    # 2.1 The account begins with the initial declaration, in the period of the first usage.
    before, begin = min(usages) - 1, _count(declared.sites)
    for period, usage in sorted(usages.items()):
        own = _own_sites(declared, notices, period)
        problems += _hosts(lab, period, usage, own, hosted)
        end = _count(
            site
            for site in usage.sites
            if site.site in own or (int(period), site.site) not in hosted
        )
        window = range(before + 1, period + 1)
        received = _moved(transfers, lab, Direction.RECEIVED, window)
        shipped = _moved(transfers, lab, Direction.SHIPPED, window)
        retired = _retired(notices, window)
        for kind in sorted({*begin, *end, *received, *shipped, *retired}):
            line = Line(
                lab=lab,
                period=period,
                kind=kind,
                begin=begin[kind],
                received=received[kind],
                shipped=shipped[kind],
                retired=retired[kind],
                end=end[kind],
            )
            lines.append(line)
            if line.unexplained:  # 2.4
                word = "missing" if line.unexplained > 0 else "too many"
                text = f"{abs(line.unexplained)} {kind} {word}, and nothing explains it"
                problems.append((ItemKind.UNEXPLAINED, lab, period, text))
        before, begin = period, end
    return lines, problems


def _retired(notices: Iterable[Notification], window: range) -> Counts:
    found = Counts()
    for notice in notices:
        if notice.what is NoticeKind.RETIREMENT and notice.period in window:
            found[notice.of] += notice.amount
    return found


def _usages(log: Sequence[Statement]) -> dict[PeriodIndex, ComputeUsage]:
    """2.1 The first usage statement of each period, as its last correction restates it."""
    first: dict[PeriodIndex, Statement] = {}
    for each in log:
        if isinstance(each.body, ComputeUsage) and each.period is not None:
            first.setdefault(each.period.index, each)
    found: dict[PeriodIndex, ComputeUsage] = {}
    corrections = [each for each in log if isinstance(each.body, Correction)]
    for period, usage in first.items():
        identity = statement_id(encode(usage)) if corrections else None
        for each in (usage, *corrections):
            match each.body:
                case ComputeUsage() as said:
                    found[period] = said
                case Correction() as mended if identity and corrects(each, usage, identity):
                    found[period] = mended.usage
    return found


def _own_sites(
    declared: Declaration, notices: Iterable[Notification], period: PeriodIndex
) -> frozenset[ParticipantId]:
    """2.2 A lab's own sites: those declared, and those that a move or a power-up has named."""
    opened = (NoticeKind.MOVE, NoticeKind.POWER_UP)
    later = {each.site for each in notices if each.what in opened and each.period <= period}
    return frozenset({site.site for site in declared.sites} | later)


def _count(sites: Iterable[DeclaredSite | SiteUsage]) -> Counts:
    found = Counts()
    for site in sites:
        for item in site.accelerators:
            found[item.kind] += item.count
    return found


def _moved(transfers: Pairing, lab: ParticipantId, direction: Direction, window: range) -> Counts:
    """2.3 What two-sided transfers moved, each side by the period that it says itself."""
    found = Counts()
    for side in transfers.agreed:
        if side.by == lab and side.direction is direction and side.period in window:
            found[side.kind] += side.count
    return found


# ------------------------------------------------------------------ hosts and authorities


def _hosted(
    lab: ParticipantId, said: Mapping[ParticipantId, tuple[Statement, ...]]
) -> dict[tuple[int, ParticipantId], Counts]:
    """What hosts countersign for a lab, by period and site; the first word of each host counts."""
    found: dict[tuple[int, ParticipantId], Counts] = {}
    for log in said.values():
        first: dict[tuple[int, ParticipantId], Capacity] = {}
        for each in log:
            if isinstance(each.body, Capacity) and each.body.lab == lab:
                first.setdefault((int(each.body.period), each.body.site), each.body)
        for place, body in first.items():
            counts = found.setdefault(place, Counter())
            counts.update({item.kind: item.count for item in body.accelerators})
    return found


def _hosts(
    lab: ParticipantId,
    period: PeriodIndex,
    usage: ComputeUsage,
    own: frozenset[ParticipantId],
    hosted: Mapping[tuple[int, ParticipantId], Counts],
) -> list[Problem]:
    """3.1, 3.2 Where a usage and what hosts countersign are not of one mind."""
    found: list[Problem] = []
    used = {site.site: _count((site,)) for site in usage.sites}
    for site in sorted(set(used) - own):
        if (period, site) not in hosted:
            text = f"uses {site}, which it did not declare and no host countersigns"
            found.append((ItemKind.NO_CAPACITY, lab, period, text))
    for (when, site), counts in sorted(hosted.items()):
        named = used.get(site, Counts())
        if when == period and named != counts:
            text = f"a host countersigns {_text(counts)} at {site}, the usage names {_text(named)}"
            found.append((ItemKind.CAPACITY, lab, period, text))
    return found


def _aggregates(
    said: Mapping[ParticipantId, tuple[Statement, ...]], labs: tuple[ParticipantId, ...]
) -> list[Problem]:
    """3.3 A sum over all labs of the network can be added up; any other cannot."""
    usages = [_usages(said[lab]) for lab in labs]
    found: list[Problem] = []
    for name, log in said.items():
        for body in (each.body for each in log):
            if not isinstance(body, Aggregate) or body.labs != len(labs):
                continue
            if all(body.period in usage for usage in usages):
                total = sum(usage[body.period].used_pflop for usage in usages)
                if total != body.used_pflop:
                    text = f"sums {body.labs} labs to {body.used_pflop} PFLOP, they say {total}"
                    found.append((ItemKind.AGGREGATE, name, body.period, text))
    return found


# ------------------------------------------------------------------ items and the baseline


def _left(
    register: Register, transfers: Pairing, joined: Mapping[ParticipantId, PeriodIndex]
) -> list[Problem]:
    """2.6 What a party hands to a lab that is none: nobody attests its use from then on."""

    def is_party(lab: ParticipantId, period: int) -> bool:
        return lab in register.agreement.parties or joined.get(lab, period + 1) <= period

    return [
        (ItemKind.NON_PARTY, side.by, side.period, f"{_side(side)}, which is no party")
        for side in transfers.agreed
        if side.direction is Direction.SHIPPED
        and is_party(side.by, side.period)
        and not is_party(side.other, side.period)
        and register.members[side.other].role is Role.LAB
    ]


def _open_transfers(register: Register, transfers: Pairing) -> list[Problem]:
    found: list[Problem] = []
    for side in transfers.one_sided:
        known = side.other in register.members
        word = "does not say so" if known else "is nobody of this network, and cannot say so"
        text = f"{_side(side)}; {side.other} {word}"
        found.append((ItemKind.ONE_SIDED, side.by, side.period, text))
    found += [
        (ItemKind.DIFFERS, side.by, side.period, f"{_side(side)}; {side.other} says otherwise")
        for side in transfers.differing
    ]
    found += [
        (ItemKind.TWICE, side.by, side.period, f"{_side(side)}; it named this batch before")
        for side in transfers.doubled
    ]
    return found


def _side(side: Side) -> str:
    preposition = "to" if side.direction is Direction.SHIPPED else "from"
    return f"{side.direction} {side.count} {side.kind} {preposition} {side.other}"


def _text(counts: Counts) -> str:
    named = [f"{count} {kind}" for kind, count in sorted(counts.items()) if count]
    return " and ".join(named) or "none"


def _item(
    baseline: Mapping[ParticipantId, PeriodIndex | None],
    register: Register,
    kind: ItemKind,
    party: ParticipantId,
    period: int,
    text: str,
) -> Item:
    # 4.1 A host and an authority have no declaration, and so no baseline of their own.
    start = baseline.get(party) if register.members[party].role is Role.LAB else None
    verified = start is not None and period >= start
    return Item(kind=kind, party=party, period=period, text=text, verified=verified)


def _baseline(register: Register, lab: ParticipantId, logs: Logs) -> PeriodIndex | None:
    """4.1 The first period after the baseline inspection window that binding opens."""
    length = register.agreement.annex.baseline_periods
    starts = Counter[PeriodIndex]()
    for name, log in logs.items():
        if register.members[name].role is Role.VERIFIER:
            starts.update(
                {
                    each.body.bound[0].start
                    for each in log
                    if isinstance(each.body, Appraisal) and each.body.lab == lab and each.body.bound
                }
            )
    known = [start for start, count in starts.items() if count >= register.quorum.k]
    if length == 0 or not known:
        return None
    return PeriodIndex(min(known) + length)
