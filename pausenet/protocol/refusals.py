"""Warrant F10r: an inspection refused or unanswered (protocol.md 7.5, 8).

Of a draw: the request, the usage statement, and closures by f+1 verifiers; then what answered
it since, where anything did, which makes the warrant a withdrawn one. Of a challenge: the
challenge, its notice, and the answer in which the lab refuses. The numbers are those of
docs/spec/inspection.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from pausenet.errors import InvalidEvidence
from pausenet.protocol.asking import require_court
from pausenet.protocol.evidence import Accusation, Judgement, Material, Signed
from pausenet.protocol.joining import signatories
from pausenet.protocol.openings import answers
from pausenet.protocol.reader import OpenedEntry, open_entry
from pausenet.protocol.register import Member, Register
from pausenet.protocol.warrants import WITHDRAWN
from pausenet.statements.challenge import Answer, Challenge, ChallengeAnswer, ChallengeNotice
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.inspection import Closure, Ended, InspectionRequest, Result
from pausenet.statements.register import Purpose
from pausenet.statements.usage import ComputeUsage
from pausenet.values import PeriodIndex, Role

LACKING = (Result.UNANSWERED, Result.UNDELIVERED)


def judge_refusal(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F10r of a draw, or of a challenge."""
    entries = [item.entry for item in materials if isinstance(item, Signed)]
    if len(entries) != len(materials) or len(entries) < 3:
        raise InvalidEvidence("expected envelopes, three at least")
    opened = [open_entry(register, entry) for entry in entries]
    if isinstance(opened[0].statement.body, Challenge):
        return _judge_challenge(register, materials, opened)
    return _judge_draw(register, materials, opened)


def _judge_draw(
    register: Register, materials: tuple[Material, ...], opened: Sequence[OpenedEntry]
) -> Judgement:
    """W1 A request that names the usage, f+1 closures of it, and what came since."""
    request, usage = opened[0], opened[1]
    body, used = request.statement.body, usage.statement.body
    if not isinstance(body, InspectionRequest) or request.member.role is not Role.VERIFIER:
        raise InvalidEvidence("expected a verifier's request")
    # Those who count are the verifiers of the period that was asked about.
    require_court(register, request.member.id, body)
    register = register.under(body.period)
    need = register.quorum.f + 1
    drawn = body.of(usage.member.id)
    if not isinstance(used, ComputeUsage) or drawn is None or drawn.usage != usage.id:
        raise InvalidEvidence("expected the usage statement that the request names")
    closures, since = opened[2 : 2 + need], opened[2 + need :]
    result = _closed(register, request, usage.member, closures)
    if result not in LACKING:
        raise InvalidEvidence("the closures say that it was answered")
    if since and not _answered(register, request, usage, closures, since, result):
        raise InvalidEvidence("expected what answered the request since")
    words = {
        Result.UNANSWERED: "no opening was held in time",
        Result.UNDELIVERED: "the opened records were not handed over in time",
    }[result]
    said = f"inspection of period {body.period}: {words}, say {need} verifiers"
    return Judgement(
        accusation=_accuse(
            usage.member,
            Grade.UNSUPPORTED if since else Grade.UNRESOLVED,
            (body.period,),
            f"{WITHDRAWN}{said}; answered since" if since else said,
        ),
        materials=materials,
        facts=(said, *(("what was asked for was given since",) if since else ())),
    )


def _closed(
    register: Register, request: OpenedEntry, lab: Member, closures: Sequence[OpenedEntry]
) -> Result:
    """W2 The one result that f+1 verifiers, in register order, give of the request."""
    order = {name: place for place, name in enumerate(register.verifiers)}
    places = [order.get(item.member.id, -1) for item in closures]
    if len(places) != register.quorum.f + 1 or places != sorted(set(places)) or -1 in places:
        raise InvalidEvidence("expected closures by f+1 verifiers, in register order")
    found = {
        ended.result
        for item in closures
        if isinstance(item.statement.body, Closure)
        for ended in item.statement.body.results
        if (ended.inspection, ended.lab) == (request.id, lab.id)
    }
    every = all(isinstance(item.statement.body, Closure) for item in closures)
    if len(found) != 1 or not every:
        raise InvalidEvidence("expected closures that agree on the request")
    (result,) = found
    ended = Ended(inspection=request.id, lab=lab.id, result=result)
    for item in closures:
        body = item.statement.body
        if not isinstance(body, Closure) or not body.says(ended):
            raise InvalidEvidence("expected closures that speak of the request")
    return result


def _answered(
    register: Register,
    request: OpenedEntry,
    usage: OpenedEntry,
    closures: Sequence[OpenedEntry],
    since: Sequence[OpenedEntry],
    result: Result,
) -> bool:
    """W3 The opening where none was held; later closures by the same where it was not delivered."""
    body = request.statement.body
    assert isinstance(body, InspectionRequest), "looked at above"
    drawn = body.of(usage.member.id)
    assert drawn is not None, "looked at above"
    if result is Result.UNANSWERED:
        (answer, *more) = since
        mine = answer.member == usage.member
        return not more and mine and answers(drawn, usage, answer.statement.body)
    later = [item.statement.seq for item in since]
    earlier = [item.statement.seq for item in closures]
    same = [item.member for item in since] == [item.member for item in closures]
    if not same or any(new <= old for new, old in zip(later, earlier, strict=True)):
        return False
    return _closed(register, request, usage.member, since) not in LACKING


def _judge_challenge(
    register: Register, materials: tuple[Material, ...], opened: Sequence[OpenedEntry]
) -> Judgement:
    """W4 A challenge by a party, its notice that opens it, and the named lab's refusal."""
    challenge, notice, answer = (item.statement.body for item in opened[:3])
    parties = signatories(register)
    if len(opened) != 3 or not isinstance(challenge, Challenge):
        raise InvalidEvidence("expected challenge, notice and answer")
    if not isinstance(notice, ChallengeNotice) or notice.commitment != challenge.commitment:
        raise InvalidEvidence("the notice does not open the challenge")
    if opened[0].member != opened[1].member or opened[0].member.id not in parties:
        raise InvalidEvidence("expected challenge and notice by one party")
    if opened[0].statement.seq >= opened[1].statement.seq:
        raise InvalidEvidence("the challenge was not logged before its notice")
    accused = opened[2].member
    if notice.lab != accused.id or accused.id not in parties or accused == opened[0].member:
        raise InvalidEvidence("expected the answer of the party that the notice names")
    expected = (challenge.commitment, Answer.REFUSE)
    if not isinstance(answer, ChallengeAnswer) or (answer.challenge, answer.answer) != expected:
        raise InvalidEvidence("the answer does not refuse")
    said = f"it refused the inspection that {opened[0].member.id} asked for, at its own word"
    return Judgement(
        accusation=_accuse(accused, Grade.UNRESOLVED, (), said),
        materials=materials,
        facts=(said, f"the place: {notice.place}"),
    )


def _accuse(
    member: Member, grade: Grade, periods: tuple[PeriodIndex, ...], text: str
) -> Accusation:
    return Accusation(
        fault=Fault.F10R,
        grade=grade,
        accused=member.id,
        role=member.role,
        key=member.keys[Purpose.STATEMENT].key_id,
        periods=periods,
        text=text,
    )
