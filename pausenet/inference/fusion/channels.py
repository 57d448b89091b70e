"""Channels, who controls them, and the independence groups that follow.

Two layers that rest on the same declaration are one layer wearing two hats. A channel says who
controls its meter, its key, and every declaration that its *reading rests on*: a utilisation that
a lab states and a power estimate is computed with is one; the attestation that the estimate is
then held against is not, for it is what is tested. Channels that share a controller, directly or
through others, are of one independence group. Likelihood ratios are multiplied across groups only.
That no other cause reaches two groups (weather, one make of meter, one firmware) is an assumption;
whoever knows of one names its maker as a controller too.

A likelihood ratio is P(what was read | violation) over P(what was read | none). It is kept as its
natural logarithm, so that nothing overflows; above 0 it speaks for a violation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pausenet.errors import Misuse
from pausenet.values import ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """Who controls a channel's meter, its key, and the declarations its reading rests on."""

    meter: ParticipantId
    key: ParticipantId
    declarations: tuple[ParticipantId, ...] = ()

    @property
    def controllers(self) -> frozenset[ParticipantId]:
        """Everybody who could falsify the reading alone."""
        return frozenset((self.meter, self.key, *self.declarations))


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One source of evidence with the log-likelihood ratio of what it read."""

    name: str
    controls: Controls
    log_ratio: float

    def __post_init__(self) -> None:
        if not (self.name and math.isfinite(self.log_ratio)):
            raise Misuse(f"Channel {self.name!r}: expected a name and a finite log ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The log-likelihood ratio of several channels of one group together.

    It requires that their covariance is known: see `joint.normal_joint`.
    """

    names: frozenset[str]
    log_ratio: float

    def __post_init__(self) -> None:
        if len(self.names) < 2 or not math.isfinite(self.log_ratio):
            raise Misuse("Joint: expected two channels at least and a finite log ratio")


def groups_of(controls: Sequence[frozenset[ParticipantId]]) -> tuple[tuple[int, ...], ...]:
    """The independence groups, as ascending indices; two that share a controller are together.

    >>> a, b, c = map(ParticipantId, ("lab-a", "grid", "witness"))
    >>> groups_of([frozenset({a}), frozenset({b}), frozenset({a, c}), frozenset({c})])
    ((0, 2, 3), (1,))
    """
    groups: list[tuple[set[ParticipantId], list[int]]] = []
    for index, controllers in enumerate(controls):
        touched = [group for group in groups if group[0] & controllers]
        merged = (
            set(controllers).union(*(group[0] for group in touched)),
            sorted([index, *(member for group in touched for member in group[1])]),
        )
        groups = [group for group in groups if group not in touched] + [merged]
    return tuple(sorted(tuple(members) for _, members in groups))
