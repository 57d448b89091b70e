"""What changed between two agreements, in plain words, and whether it binds more or less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from pausenet.protocol.drafting.sentences import TITLES, sentence
from pausenet.protocol.drafting.words import (
    condition,
    decimal,
    energy,
    flop,
    instant,
    listing,
    number,
    periods,
    share,
    spaced,
    span,
)
from pausenet.statements.agreement import Agreement, Schedule
from pausenet.statements.clauses import Clause, ClauseKind
from pausenet.statements.forms import Record, forms_of
from pausenet.statements.rule import CONDITIONS


class Direction(StrEnum):
    """Whether a change binds more or less; `changed` where that cannot be said."""

    ADDED = "added"
    REMOVED = "removed"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Schedules:
    """What each side's periods mean: a count of periods says nothing without its own schedule."""

    before: Schedule
    after: Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: where, which way, and both values in words; an empty one is none."""

    where: str
    direction: Direction
    before: str
    after: str

    @property
    def text(self) -> str:
        """The change as one line."""
        match self.direction:
            case Direction.ADDED:
                return f"{self.where}: added{self._which('tightens')}. {self.after}"
            case Direction.REMOVED:
                return f"{self.where}: removed{self._which('loosens')}. {self.before}"
            case _:
                return f"{self.where}: {self.direction}, from {self.before} to {self.after}"

    def _which(self, does: str) -> str:
        """What a whole clause does by coming or going, where it can only bind."""
        return f", which {does} it" if self.where.split()[0] in _ONLY_BINDS else ""


_ONLY_BINDS: Final = frozenset(
    kind.id
    for kind in (
        *(ClauseKind.TOTAL_CAP, ClauseKind.RUN_CAP, ClauseKind.POST_TRAINING_CAP),
        *(ClauseKind.CLUSTER_CAP, ClauseKind.STOCK_CAP, ClauseKind.STAGED_CAP),
        *(ClauseKind.INFERENCE_CAP, ClauseKind.APPROVE_BAND, ClauseKind.RELEASE_HOLD),
        *(ClauseKind.RESEARCH_RESTRICTION, ClauseKind.VERIFICATION_ACCESS),
    )
)
"""Clauses that limit or inspect, and give nobody anything: less of them is always looser."""

_LESS_BINDS_MORE: Final = frozenset(
    {
        *("limit_pflop", "share_of_base_ppm", "rate_pflop_per_s", "accelerators", "power_kw"),
        *("link_mbit_per_s", "memory_gb", "growth_ppm", "budget_pflop", "report_from_pflop"),
        *("approve_from_pflop", "quota_pflop", "grace_periods", "periods_max", "wipe_s"),
        *("egress_bytes_per_s", "heartbeat_s", "tenants_from_pflop", "floor_pflop"),
        *("random_ppm", "systematic_ppm", "strategic_wh", "deadline_s", "grace_s", "veto"),
        *("cooling_off_periods", "VerificationAccess.notice_s", "purposes", "managed_access"),
        *("lifts", "raise_ppm", "baseline_periods", "halving_periods", "exceeds_pflop"),
        "calibration_periods",
    }
)
_MORE_BINDS_MORE: Final = frozenset(
    {
        *("silence_s", "ApproveBand.notice_s", "ReleaseHold.notice_s", "every_periods"),
        *("Withdrawal.notice_periods", "Derogation.notice_periods", "inspections_per_period"),
        *("short_notice_ppm", "sample_quota", "sample_ppm", "security_level", "challenge"),
        *("embedded_auditors", "audit_milli", "deposit_usd", "amount_usd", "share_ppm"),
        *("labelled", "national_means", "affiliates", "unlinkable", "acts", "topics"),
        *("forbidden", "classes", "duties", "SnapBack.faults", "statuses", "parties"),
        *("self_executing", "starts"),
    }
)
_ZERO_IS_NONE: Final = frozenset(
    {
        *("share_of_base_ppm", "rate_pflop_per_s", "accelerators", "link_mbit_per_s", "memory_gb"),
        *("power_kw", "egress_bytes_per_s", "tenants_from_pflop", "wipe_s", "halving_periods"),
        *("approve_from_pflop", "calibration_periods"),
    }
)


def diff(before: Agreement, after: Agreement) -> tuple[Change, ...]:
    """Every change, in the order in which an agreement is written.

    Counts of periods are compared as the time that they last under each agreement's own schedule,
    so a longer period makes the same count longer, and a count that makes up for it no change.
    """
    found: list[Change] = []
    both = _Schedules(before=before.schedule, after=after.schedule)
    for name in forms_of(Agreement):
        if name == "clauses":
            found += _clauses(before, after, both)
        else:
            left, right = getattr(before, name), getattr(after, name)
            found += _members(spaced_name(name), Agreement, name, left, right, both)
    return tuple(found)


def spaced_name(name: str) -> str:
    """A member's name, as prose has it: without its unit.

    >>> spaced_name("limit_pflop"), spaced_name("legal_basis")
    ('limit', 'legal basis')
    """
    for unit in (
        *("_pflop_per_s", "_mbit_per_s", "_bytes_per_s", "_pflop", "_ppm", "_milli", "_periods"),
        *("_usd", "_kw", "_gb", "_wh", "_s"),
    ):
        if name.endswith(unit):
            name = name.removesuffix(unit)
            break
    return name.replace("_", " ")


def _clauses(before: Agreement, after: Agreement, both: _Schedules) -> Iterator[Change]:
    old = {clause.KIND: clause for clause in before.clauses}
    new = {clause.KIND: clause for clause in after.clauses}
    for kind in ClauseKind:
        where = f"{kind.id} {TITLES[kind]}"
        left, right = old.get(kind), new.get(kind)
        if left is None and right is not None:
            yield _whole(where, Direction.ADDED, right, both.after)
        elif left is not None and right is None:
            yield _whole(where, Direction.REMOVED, left, both.before)
        elif left is not None and right is not None:
            yield from _record(where, left, right, both)


def _whole(where: str, direction: Direction, clause: Clause, schedule: Schedule) -> Change:
    said = sentence(clause, schedule)
    added = direction is Direction.ADDED
    return Change(
        where=where,
        direction=direction,
        before="" if added else said,
        after=said if added else "",
    )


def _record(where: str, left: Record, right: Record, both: _Schedules) -> Iterator[Change]:
    for name in forms_of(type(left)):
        yield from _members(
            f"{where}, {spaced_name(name)}",
            type(left),
            name,
            getattr(left, name),
            getattr(right, name),
            both,
        )


def _members(
    where: str, owner: type[Record], name: str, left: Any, right: Any, both: _Schedules
) -> Iterator[Change]:
    old, new = _lasting(name, left, both.before), _lasting(name, right, both.after)
    if old == new:
        return
    if isinstance(left, Record) and type(left) is type(right):
        yield from _record(where, left, right, both)
        return
    kinds = isinstance(left, Record) or isinstance(right, Record)
    yield Change(
        where=where,
        direction=Direction.CHANGED if kinds else _direction(owner, name, old, new),
        before=_told(name, left, both.before),
        after=_told(name, right, both.after),
    )


def _lasting(name: str, value: Any, schedule: Schedule) -> Any:
    """The value with every count of periods in seconds, and every index of one as its time."""
    match value:
        case tuple():
            return tuple(_lasting(name, each, schedule) for each in value)
        case Record():
            members = forms_of(type(value))
            return type(value), *(_lasting(at, getattr(value, at), schedule) for at in members)
        case int() if _counts_periods(name):
            return value * schedule.period_s
        case int() if _names_a_period(name):
            return schedule.start + value * schedule.period_s
        case _:
            return value


def _counts_periods(name: str) -> bool:
    return name.endswith("_periods") or name in ("periods", "periods_max")


def _names_a_period(name: str) -> bool:
    return name in ("period", "deadline_period")


def _direction(owner: type[Record], name: str, left: Any, right: Any) -> Direction:
    names = {name, f"{owner.__name__}.{name}"}
    if isinstance(left, tuple) and isinstance(right, tuple):
        more, less = set(right) > set(left), set(right) < set(left)
    elif isinstance(left, int) and isinstance(right, int):
        zero = name in _ZERO_IS_NONE
        low, high = (float("inf") if zero and each == 0 else each for each in (left, right))
        more, less = high > low, high < low
    else:
        return Direction.CHANGED
    if names & _MORE_BINDS_MORE:
        less, more = more, less
    elif not names & _LESS_BINDS_MORE:
        return Direction.CHANGED
    if less:
        return Direction.TIGHTENED
    return Direction.LOOSENED if more else Direction.CHANGED


def _told(name: str, value: Any, schedule: Schedule) -> str:
    """A value in words, by the unit that ends its member's name."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return listing(_told(name, each, schedule) for each in value) if value else "none"
        case Record():
            return _record_told(value, schedule)
        case int():
            return _number_told(name, value, schedule)
        case StrEnum():
            return spaced(value)
        case _:
            return f'"{value}"' if " " in str(value) or not value else str(value)


def _number_told(name: str, value: int, schedule: Schedule) -> str:
    if name == "start":
        return instant(value)
    if name.endswith("_pflop_per_s"):
        return f"{flop(value)} a second"
    if name.endswith("_pflop"):
        return flop(value)
    if name.endswith("_ppm"):
        return share(value)
    if name.endswith("_milli"):
        return decimal(Fraction(value, 1_000))
    if _counts_periods(name):
        return periods(value, schedule)
    if _names_a_period(name):
        return f"period {number(value)} ({instant(schedule.start + value * schedule.period_s)})"
    if name.endswith("_wh"):
        return energy(value)
    if name.endswith("_per_s") or not name.endswith("_s"):
        return number(value)
    return span(value)


def _record_told(value: Record, schedule: Schedule) -> str:
    if isinstance(value, CONDITIONS):
        return f"when {condition(value, schedule)}"
    parts = [
        f"{spaced_name(name)} {_told(name, getattr(value, name), schedule)}"
        for name in forms_of(type(value))
    ]
    return f"({', '.join(parts)})"
