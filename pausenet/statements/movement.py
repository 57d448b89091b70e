"""Movements of accelerators, and what those say of them who are no lab (domain.md 2.1, 2.3).

A transfer counts only when both sides say it. A host says what it provides to which lab; a
national authority says sums over its labs, never a single lab's figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pausenet.statements.forms import Hex, Many, Part, Record, Whole, Word
from pausenet.statements.usage import COUNT_MAX
from pausenet.values import INTEGER_MAX, Digest, ParticipantId, PeriodIndex, Pflop

BEFORE: Final = -1
"""The period of what was moved before the first one."""
LABS_LEAST: Final = 3
"""Of a sum over two labs each could read the other's figure."""
_PERIOD: Final = Whole(of=PeriodIndex)


class NoticeKind(StrEnum):
    """What a lab notifies."""

    MOVE = "move"
    NEW_RUN = "new-run"
    POWER_UP = "power-up"
    NEW_WEIGHTS = "new-weights"
    RETIREMENT = "retirement"

    @property
    def unit(self) -> str:
        """The unit of the notification's amount."""
        return _UNITS[self]


_UNITS: Final = {
    NoticeKind.MOVE: "accelerators",
    NoticeKind.NEW_RUN: "petaFLOP",
    NoticeKind.POWER_UP: "accelerators",
    NoticeKind.NEW_WEIGHTS: "million parameters",
    NoticeKind.RETIREMENT: "accelerators",
}


class Direction(StrEnum):
    """Which side of a transfer speaks."""

    SHIPPED = "shipped"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification(Record):
    """A lab says what happens at a site in a period, and how much of it.

    `of` names what it is: a kind of accelerator, a training run or a set of weights; the unit of
    `amount` follows from `what`. A move names the site that the accelerators come to.
    """

    what: Annotated[NoticeKind, Word(NoticeKind)]
    site: Annotated[ParticipantId, Word(ParticipantId)]
    of: Annotated[ParticipantId, Word(ParticipantId)]
    amount: Annotated[int, Whole(1)]
    period: Annotated[PeriodIndex, _PERIOD]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Record):
    """One side of a transfer of accelerators: what was shipped to, or received from, whom.

    `batch` is a salted commitment to the list of their serial numbers, by which the two sides
    find each other. `period` is when they left or came; -1 is before the first period.
    """

    counterparty: Annotated[ParticipantId, Word(ParticipantId)]
    direction: Annotated[Direction, Word(Direction)]
    kind: Annotated[ParticipantId, Word(ParticipantId)]
    count: Annotated[int, Whole(1, COUNT_MAX)]
    batch: Annotated[Digest, Hex(Digest)]
    period: Annotated[int, Whole(BEFORE, INTEGER_MAX)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed(Record):
    """A number of accelerators of one kind, at least one."""

    kind: Annotated[ParticipantId, Word(ParticipantId)]
    count: Annotated[int, Whole(1, COUNT_MAX)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity(Record):
    """A host countersigns what it provides to a lab in one period, at one of its sites."""

    lab: Annotated[ParticipantId, Word(ParticipantId)]
    period: Annotated[PeriodIndex, _PERIOD]
    site: Annotated[ParticipantId, Word(ParticipantId)]
    accelerators: Annotated[
        tuple[Installed, ...], Many(Part(Installed), 1, 64, lambda each: each.kind)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate(Record):
    """A national authority sums what its labs used in one period; it says how many they are."""

    period: Annotated[PeriodIndex, _PERIOD]
    labs: Annotated[int, Whole(LABS_LEAST, 256)]
    used_pflop: Annotated[Pflop, Whole(of=Pflop)]
