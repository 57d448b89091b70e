"""What the people behind each participant decide to say, as their nodes are handed it."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Final

from pausenet.protocol.drafting.words import flop
from pausenet.protocol.messages import Act
from pausenet.scenario.acts import ActPlan
from pausenet.statements import canonical
from pausenet.statements.codec import Kind
from pausenet.statements.indicator import IndicatorKind
from pausenet.statements.movement import BEFORE, Direction, NoticeKind
from pausenet.values import Digest, ParticipantId

_TERM_MAX: Final = 120
"""The longest part of a term that a story tells."""

_PLAIN: Final[Mapping[Kind, str]] = {
    Kind.CHALLENGE: "asks for an inspection, and does not yet say where",
    Kind.CHALLENGE_NOTICE: "says whose place is to be inspected: {lab}'s, {place}",
    Kind.CHALLENGE_VOTE: "votes against the inspection",
    Kind.CHALLENGE_ANSWER: "answers the notice: {answer}",
    Kind.INSPECTION_REPORT: "reports that {undeclared} of {found} accelerators there stand in no "
    "declaration",
    Kind.NOTIFICATION: "notifies: {what} {of}, {amount} {unit}, in period {period}",
    Kind.PROPOSAL: "wants the limit of {clause} to be {limit} from period {start} on",
    Kind.OBJECTION: "objects to {party}'s run {run}",
    Kind.WITHDRAWAL: "gives notice that it withdraws",
    Kind.RETRACTION: "takes its notice back",
    Kind.DEROGATION: "sets its duties aside for {periods} periods from period {start} on",
    Kind.EXCUSE: "explains itself for period {due}: {reason}",
    Kind.APPEAL: "appeals: {grounds}",
    Kind.RECUSAL: "stands aside from what concerns {party}",
    Kind.INCIDENT: "reports an incident at {about}: {text}",
}
"""What a story says of acts that need no more than their own terms."""

_YES: Final = {True: "yes", False: "no"}


def told_of(act: Act) -> str:
    """An act in a few words, to be read after its author's name."""
    body = canonical.decode(act.body, maximum_bytes=len(act.body))
    assert isinstance(body, dict), "a body is an object"
    if act.kind in _PLAIN:
        terms = {
            name: _YES[term] if isinstance(term, bool) else shorten(str(term), _TERM_MAX)
            for name, term in body.items()
        }
        if act.kind is Kind.NOTIFICATION:
            what = NoticeKind(terms["what"])
            terms["unit"] = what.unit
            if what is NoticeKind.NEW_RUN:
                terms["amount"], terms["unit"] = flop(int(terms["amount"])).split()
        if act.kind is Kind.PROPOSAL:
            terms["limit"] = flop(int(terms["limit_pflop"]))
        return _PLAIN[act.kind].format(**terms)
    match act.kind:
        case Kind.TRANSFER:
            preposition = "to" if body["direction"] == Direction.SHIPPED else "from"
            when = "before period 0" if body["period"] == BEFORE else f"in period {body['period']}"
            whom = body["counterparty"]
            return f"says: transfer ({body['count']} {body['kind']} {preposition} {whom}, {when})"
        case Kind.INDICATOR:
            value, unit = int(str(body["value"])), IndicatorKind(str(body["indicator"])).unit
            amount = f"{value / 10_000:g} %" if unit == "ppm" else f"{value} {unit}"
            return f"measures {body['indicator']} of {body['about']}: {amount}"
        case Kind.ACCEPTANCE:
            verb = "accepts" if body["accepts"] else "does not accept"
            return f"{verb} that {body['lab']} accedes"
        case Kind.ASSENT:
            return "assents to a lift" if body["lift"] else "assents to a lift no longer"
        case Kind.DETERMINATION:
            party = f" of {body['party']}" if body["party"] else ""
            return f"determines{party}: {body['outcome']}"
    return f"says: {act.kind}"


def acts_of(plans: tuple[ActPlan, ...], by: ParticipantId, agreement: Digest) -> tuple[Act, ...]:
    """One participant's acts under an agreement, in the order of their periods."""
    own = sorted((plan for plan in plans if plan.by == by), key=lambda plan: plan.at)
    return tuple(Act(at=plan.at, kind=plan.kind, body=plan.body(agreement)) for plan in own)
