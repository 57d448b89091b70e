"""What the people behind each participant decide to say, as their nodes are handed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pausenet.protocol.messages import Act
from pausenet.scenario.acts import ActPlan
from pausenet.statements import canonical
from pausenet.statements.codec import Kind
from pausenet.statements.movement import BEFORE, Direction
from pausenet.values import Digest, ParticipantId

_TOLD: Final = ("outcome", "party", "about", "indicator", "value", "lift", "start", "periods")
"""The terms of an act that a story tells, beside its kind."""

_PLAIN: Final[Mapping[Kind, str]] = {
    Kind.CHALLENGE: "asks for an inspection, and does not yet say where",
    Kind.CHALLENGE_NOTICE: "says whose place is to be inspected: {lab}'s, {place}",
    Kind.CHALLENGE_VOTE: "votes against the inspection",
    Kind.CHALLENGE_ANSWER: "answers the notice: {answer}",
    Kind.INSPECTION_REPORT: "reports that {undeclared} of {found} accelerators there stand in no "
    "declaration",
    Kind.NOTIFICATION: "notifies: {what} {of}, {amount}, in period {period}",
    Kind.ACCEPTANCE: "says whether it accepts that {lab} accedes: {accepts}",
    Kind.PROPOSAL: "wants the limit of {clause} to be {limit_pflop} PFLOP from period {start} on",
    Kind.OBJECTION: "objects to {party}'s run {run}",
}
"""What a story says of the acts of an inspection, of runs and limits, and of who accedes."""

_YES: Final = {True: "yes", False: "no"}


def told_of(act: Act) -> str:
    """An act in a few words, to be read after its author's name."""
    body = canonical.decode(act.body, maximum_bytes=len(act.body))
    assert isinstance(body, dict), "a body is an object"
    if act.kind in _PLAIN:
        plain = {
            name: _YES[term] if isinstance(term, bool) else term for name, term in body.items()
        }
        return _PLAIN[act.kind].format(**plain)
    if act.kind is Kind.TRANSFER:
        preposition = "to" if body["direction"] == Direction.SHIPPED else "from"
        when = "before period 0" if body["period"] == BEFORE else f"in period {body['period']}"
        whom = body["counterparty"]
        return f"says: transfer ({body['count']} {body['kind']} {preposition} {whom}, {when})"
    terms = [f"{name} {body[name]}" for name in _TOLD if body.get(name, "") not in ("", [])]
    short = [term for term in terms if len(term) < 60]
    return f"says: {act.kind} ({', '.join(short)})" if short else f"says: {act.kind}"


def acts_of(plans: tuple[ActPlan, ...], by: ParticipantId, agreement: Digest) -> tuple[Act, ...]:
    """One participant's acts under an agreement, in the order of their periods."""
    own = sorted((plan for plan in plans if plan.by == by), key=lambda plan: plan.at)
    return tuple(Act(at=plan.at, kind=plan.kind, body=plan.body(agreement)) for plan in own)
