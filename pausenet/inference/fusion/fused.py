"""Many channels, one strength: the largest within an independence group, the product across.

Within a group the likelihood ratio is the joint one where the covariance is known (what stands
outside the joint is then set aside), else the largest. Duplicating a channel in its own group
therefore never makes a finding stronger, and one channel of a group that speaks against a violation
does not take back what another says: whoever controls both could have it say so.

The largest of m ratios is not itself a likelihood ratio: where nothing is hidden its mean may be
as large as m, for each ratio has the mean 1. By Markov's inequality a fused ratio passes c with a
probability of at most prod(m) / c over the groups, m being 1 for a joint, if channels and joints
were chosen before they read; every answer carries that bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pausenet.errors import Misuse
from pausenet.inference.fusion.channels import Channel, Joint, groups_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWeight:
    """What one independence group says: its strength, what carries it, and what is set aside."""

    log_ratio: float
    carried_by: tuple[str, ...]
    set_aside: tuple[str, ...]
    chosen_from: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fused:
    """All groups together."""

    groups: tuple[GroupWeight, ...]

    @property
    def log_ratio(self) -> float:
        """The natural logarithm of the product of the groups' ratios."""
        return math.fsum(group.log_ratio for group in self.groups)

    @property
    def false_alarm_bound(self) -> float:
        """At most so often is the fused ratio this high or higher where nothing is hidden."""
        log_choices = math.fsum(math.log(group.chosen_from) for group in self.groups)
        return math.exp(min(0.0, log_choices - self.log_ratio))


def fused(channels: Sequence[Channel], joints: Sequence[Joint] = ()) -> Fused:
    """The strength of all channels together.

    Raises Misuse where a name stands twice, or where a joint names a channel that is not there,
    spans two groups, or is the second one of its group.

    >>> from pausenet.inference.fusion.channels import Controls
    >>> from pausenet.values import ParticipantId
    >>> grid, lab = ParticipantId("grid"), ParticipantId("lab-a")
    >>> own = Controls(meter=lab, key=lab)
    >>> heard = [
    ...     Channel(name="utility", controls=Controls(meter=grid, key=grid), log_ratio=math.log(4)),
    ...     Channel(name="counters", controls=own, log_ratio=math.log(3)),
    ...     Channel(name="registry", controls=own, log_ratio=math.log(2)),
    ... ]
    >>> round(math.exp(fused(heard).log_ratio), 9)
    12.0
    >>> round(fused(heard).false_alarm_bound, 9)  # the second group chose one of two
    0.166666667
    """
    by_name = {channel.name: channel for channel in channels}
    if len(by_name) != len(channels):
        raise Misuse("fused: expected every channel's name once")
    members = [
        frozenset(channels[index].name for index in group)
        for group in groups_of([channel.controls.controllers for channel in channels])
    ]
    for joint in joints:
        if not any(joint.names <= group for group in members):
            raise Misuse(f"fused: expected a joint within one group, found {sorted(joint.names)}")
    return Fused(groups=tuple(_weight(group, by_name, joints) for group in members))


def _weight(
    group: frozenset[str], by_name: dict[str, Channel], joints: Sequence[Joint]
) -> GroupWeight:
    inside = [joint for joint in joints if joint.names <= group]
    if len(inside) > 1:
        raise Misuse(f"fused: expected one joint a group, found {len(inside)}")
    if inside:
        log_ratio, carried, chosen_from = inside[0].log_ratio, inside[0].names, 1
    else:
        log_ratio, first = max((by_name[name].log_ratio, name) for name in group)
        carried, chosen_from = frozenset({first}), len(group)
    return GroupWeight(
        log_ratio=log_ratio,
        carried_by=tuple(sorted(carried)),
        set_aside=tuple(sorted(group - carried)),
        chosen_from=chosen_from,
    )
