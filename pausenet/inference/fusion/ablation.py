"""Ablation: what each channel adds to a plan of verification, and what it costs.

A plan alarms when any of its channels does. Channels of one independence group fail together, so
a group finds no more than its best channel; groups are independent, and together miss what all of
them miss: 1 - prod(1 - d_g). False alarms add up within a group (Bonferroni's bound, for nobody
knows how they overlap); across groups the plan is quiet where all groups are. Both sides are thus
counted against the plan, and everything is exact.

A channel whose removal changes the detection by nothing is not useless: it may be what remains
when another one fails. The table says what it adds *here*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pausenet.errors import Misuse
from pausenet.inference.fusion.channels import Controls, groups_of
from pausenet.inference.fusion.odds import Alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChannel:
    """A channel before it reads anything: its operating point and its cost, in any one unit."""

    name: str
    controls: Controls
    detection: Fraction
    false_alarm: Fraction
    cost: Fraction

    def __post_init__(self) -> None:
        if not (0 <= self.detection <= 1 and 0 <= self.false_alarm <= 1 and self.cost >= 0):
            raise Misuse(f"PlannedChannel {self.name}: expected probabilities and a cost from 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStrength:
    """At least this detection, at most these false alarms, at this cost."""

    detection: Fraction
    false_alarm: Fraction
    cost: Fraction

    def worth(self, candidates: int, real: Fraction) -> Alarm:
        """What an alarm of this plan is worth, with its positive predictive value."""
        return Alarm(
            candidates=candidates,
            real=real,
            detection=self.detection,
            false_alarm=self.false_alarm,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What the plan loses and saves when one channel is taken out."""

    name: str
    detection_lost: Fraction
    false_alarm_saved: Fraction
    cost_saved: Fraction

    @property
    def cost_of_a_point(self) -> tuple[Fraction, ...]:
        """The cost of one percentage point of detection that it adds; empty where it adds none."""
        if self.detection_lost <= 0:
            return ()
        return (self.cost_saved / (100 * self.detection_lost),)


def strength(channels: Sequence[PlannedChannel]) -> PlanStrength:
    """The plan's detection and false alarms, groups by who controls what."""
    missed = quiet = Fraction(1)
    for group in groups_of([channel.controls.controllers for channel in channels]):
        members = [channels[index] for index in group]
        missed *= 1 - max(member.detection for member in members)
        quiet *= 1 - min(Fraction(1), sum((each.false_alarm for each in members), Fraction(0)))
    cost = sum((channel.cost for channel in channels), Fraction(0))
    return PlanStrength(detection=1 - missed, false_alarm=1 - quiet, cost=cost)


def ablation(channels: Sequence[PlannedChannel]) -> tuple[Removal, ...]:
    """Each channel's removal, in the order given.

    Groups are made anew each time. A channel that alone links two groups can thus *cost*
    detection: without it they would be independent, and `detection_lost` is below 0.
    """
    whole = strength(channels)
    removals = []
    for index, channel in enumerate(channels):
        rest = strength([*channels[:index], *channels[index + 1 :]])
        removals.append(
            Removal(
                name=channel.name,
                detection_lost=whole.detection - rest.detection,
                false_alarm_saved=whole.false_alarm - rest.false_alarm,
                cost_saved=channel.cost,
            )
        )
    return tuple(removals)
