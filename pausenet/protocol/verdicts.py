"""Judges of F9 and F11: what a verifier says about cuts, held against itself (protocol.md 8).

F11's materials are two envelopes of one verifier, ascending by bytes: two endorsements of one
period and view, two appraisals of one period, view and lab, or two approvals after one entry of
the register, that do not say the same.

F9's materials, in this order: the envelope of the appraisal; the network cut it names; every log
that the cut lists, in its order, whole up to the size there. An appraisal is a function of these
alone, so that whoever holds them can appraise anew and compare. The accused chose to sign what
it says of that cut: nobody else's signature carries the proof.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from pausenet.errors import InvalidEvidence, UnknownRules
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol.appraisal import RULES_DIGEST, appraise
from pausenet.protocol.cut import open_network_cut
from pausenet.protocol.evidence import (
    EndorsedCut,
    Judgement,
    Material,
    Signed,
    WholeLog,
)
from pausenet.protocol.proofs import accuse
from pausenet.protocol.reader import open_entry
from pausenet.protocol.register import Register
from pausenet.statements.codec import Body
from pausenet.statements.cut import Cut, Endorsement
from pausenet.statements.finding import Appraisal, Fault
from pausenet.statements.membership import Approval
from pausenet.values import Digest, Origin, ParticipantId, PeriodIndex, Role

APPRAISED_PERIODS_MAX: Final = 10_000
"""The last period whose cut is appraised anew for F9: far more than logs in one bundle tell of.

Appraisal is work for every period up to the cut's, which a stranger's bundle may put anywhere.
"""

Place: TypeAlias = tuple[PeriodIndex, int, ParticipantId | None] | Digest
"""Where a verifier may say one thing: a period, a view, and the lab of an appraisal.

Or the entry of the register after which a change that it approves is to stand.
"""


def place_of(body: Body) -> Place | None:
    """The place of an endorsement, appraisal or approval; None for what may be said often."""
    match body:
        case Endorsement():
            return (body.period, body.view, None)
        case Appraisal():
            return (body.period, body.view, body.lab)
        case Approval():
            return body.after
        case _:
            return None


def contents_of(body: Body) -> Body | Digest:
    """What may be said once at its place; of an approval the change, however it is signed."""
    return body.change if isinstance(body, Approval) else body


def judge_double_voice(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F11 of two envelopes."""
    entries = [item.entry for item in materials if isinstance(item, Signed)]
    if len(entries) != 2 or len(materials) != 2:
        raise InvalidEvidence("expected two envelopes")
    one, other = (open_entry(register, entry) for entry in entries)
    # F11.1 One verifier, one place.
    place = place_of(one.statement.body)
    if one.member.role is not Role.VERIFIER or one.member != other.member:
        raise InvalidEvidence("expected two statements by one verifier")
    if place is None or place != place_of(other.statement.body):
        raise InvalidEvidence("expected endorsements, appraisals or approvals for one place")
    # F11.2 Two contents: the same thing said twice is no fault.
    if contents_of(one.statement.body) == contents_of(other.statement.body):
        raise InvalidEvidence("both statements say the same")
    # F11.3 One key: who recovered may not know what it said before (protocol.md 5.4).
    if one.key != other.key:
        raise InvalidEvidence("the statements are by two keys of their author")
    return Judgement(
        accusation=accuse(Fault.F11, one.member, one.key, int(one.statement.seq)),
        materials=tuple(Signed(entry=entry) for entry in sorted(entries)),
        facts=(f"{one.member.id} {_twice(place)}",),
    )


def _twice(place: Place) -> str:
    match place:
        case (period, view, None):
            return f"endorsed two cuts for period {period}, view {view}"
        case (period, view, lab):
            return f"appraised {lab} in two ways for period {period}, view {view}"
        case after:
            return f"approved two changes after the register's entry {after}"


def judge_false_appraisal(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F9 of an appraisal, the network cut it names, and the logs of that cut.

    Raises `UnknownRules` for an appraisal by other rules: it may be true by them.
    """
    if len(materials) < 2 or not isinstance(materials[0], Signed):
        raise InvalidEvidence("expected an appraisal, a network cut and its logs")
    opened = open_entry(register, materials[0].entry)
    said = opened.statement.body
    # F9.1 A verifier's appraisal, by the rules known here.
    if not isinstance(said, Appraisal) or opened.member.role is not Role.VERIFIER:
        raise InvalidEvidence("expected a verifier's appraisal")
    if said.rules != RULES_DIGEST:
        raise UnknownRules(f"expected the rules {RULES_DIGEST}, found {said.rules}")
    # F9.2 The network cut that it names, and every log as that cut holds it.
    if not isinstance(materials[1], EndorsedCut):
        raise InvalidEvidence("expected a network cut after the appraisal")
    cut = open_network_cut(register, materials[1])
    if said.cut != cut.digest:
        raise InvalidEvidence("the appraisal names another cut")
    if cut.period > APPRAISED_PERIODS_MAX:
        raise InvalidEvidence("the cut is of a period too far to be appraised anew")
    logs = _logs_of(cut, materials[2:])
    # F9.3 What the rules make of them is something else.
    follows = [item.appraisal for item in appraise(register, cut, logs)]
    if said in follows:
        raise InvalidEvidence("the appraisal follows from the cut")
    status = next((str(item.status) for item in follows if item.lab == said.lab), "nothing")
    return Judgement(
        accusation=accuse(Fault.F9, opened.member, opened.key, int(opened.statement.seq)),
        materials=materials,
        facts=(
            f"the cut of period {cut.period}, view {cut.view}, and its {len(logs)} logs are whole",
            f"{opened.member.id} says of {said.lab}: {said.status}, "
            f"{len(said.findings)} findings; by the rules it is {status}, or rests on others",
        ),
    )


def _logs_of(cut: Cut, materials: tuple[Material, ...]) -> dict[Origin, tuple[bytes, ...]]:
    """Each log that a cut lists, in its order, whole and of the root that the cut states."""
    logs = [item for item in materials if isinstance(item, WholeLog)]
    if len(logs) != len(materials) or len(logs) != len(cut.origins):
        raise InvalidEvidence("expected each log of the cut once, in its order")
    for item, log in zip(cut.origins, logs, strict=True):
        tree = Tree(leaf_hash(entry) for entry in log.entries)
        if log.origin != item.origin or tree.size != item.size or tree.root(item.size) != item.root:
            raise InvalidEvidence(f"expected the log {item.origin} as the cut holds it")
    return {log.origin: log.entries for log in logs}
