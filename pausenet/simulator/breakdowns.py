"""What may break at one node: its disk, its clock, its operator's hand; and how a seed draws it.

`simulator.failing` lets it happen. The protocol's promises bear at most f verifiers that are out
of order; whoever draws says which verifiers are to be spared all that is worse than a crash.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

from pausenet.simulator.randomness import stream
from pausenet.values import ParticipantId


class BreakdownKind(StrEnum):
    """What breaks."""

    ROT = "a bit rots, and its checksum shows it"
    UNSEEN_ROT = "a bit of a log rots, and nothing shows it"
    FULL_DISK = "no room on the disk"
    FSYNC_ERROR = "an fsync fails"
    CLOCK_STEP = "the clock is set anew, within epsilon"
    WRONG_CLOCK = "the clock is off by more than epsilon"
    OLD_BACKUP = "an old backup is put back"
    SECOND_START = "a second process is started"

    @property
    def disables(self) -> bool:
        """Whether a verifier to which it happens is one of the f that may be out of order."""
        return self in _DISABLING


_DISABLING = (
    BreakdownKind.ROT,
    BreakdownKind.UNSEEN_ROT,
    BreakdownKind.WRONG_CLOCK,
    BreakdownKind.OLD_BACKUP,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """One breakdown: of which node, from when to when after the network's start.

    `before_s` is when the backup was made that may be put back. `offset_s` is by how much a clock
    is off from then on. With `recovers` the whole disk is put back and new keys are given with it;
    without, all but the guard.
    """

    kind: BreakdownKind
    of: ParticipantId
    before_s: int
    at_s: int
    until_s: int
    offset_s: int = 0
    recovers: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.before_s <= self.at_s <= self.until_s:
            raise ValueError(f"Breakdown: expected before <= at <= until, found {self}")

    def __str__(self) -> str:
        return f"{self.of}: {self.kind}, {self.at_s}-{self.until_s} s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where breakdowns may happen: to whom, to whom nothing bad, and for how long."""

    names: tuple[ParticipantId, ...]
    spared: frozenset[ParticipantId]
    span_s: int


def draw_breakdowns(seed: int, most: int, field: Field, epsilon_s: int) -> tuple[Breakdown, ...]:
    """Draw up to so many breakdowns, in about half of all seeds none; all end within the span."""
    chance = stream(seed, "breakdowns")
    count = chance.randint(1, most) if most and chance.random() < 0.5 else 0
    drawn = (_draw(chance, field, epsilon_s) for _ in range(count))
    return tuple(each for each in drawn if not (each.kind.disables and each.of in field.spared))


def _draw(chance: random.Random, field: Field, epsilon_s: int) -> Breakdown:
    kind = chance.choice(tuple(BreakdownKind))
    names = [name for name in field.names if not (kind.disables and name in field.spared)]
    before, at, until = sorted(chance.randint(0, field.span_s) for _ in range(3))
    quarter = epsilon_s // 4
    offset = chance.randint(-quarter, quarter)
    if kind is BreakdownKind.WRONG_CLOCK:
        offset = chance.choice((-1, 1)) * chance.randint(2 * epsilon_s, 6 * epsilon_s)
    return Breakdown(
        kind=kind,
        of=chance.choice(names),
        before_s=before,
        at_s=at,
        until_s=until,
        offset_s=offset,
        recovers=chance.random() < 0.5,
    )
