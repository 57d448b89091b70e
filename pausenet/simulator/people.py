"""What the people behind each participant decide to say, as their nodes are handed it."""

from __future__ import annotations

from pausenet.protocol.messages import Act
from pausenet.scenario.acts import ActPlan
from pausenet.values import Digest, ParticipantId


def acts_of(plans: tuple[ActPlan, ...], by: ParticipantId, agreement: Digest) -> tuple[Act, ...]:
    """One participant's acts under an agreement, in the order of their periods."""
    own = sorted((plan for plan in plans if plan.by == by), key=lambda plan: plan.at)
    return tuple(Act(at=plan.at, kind=plan.kind, body=plan.body(agreement)) for plan in own)
