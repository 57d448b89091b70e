"""Which job records were opened to whom, and which openings were refused (protocol.md 2.9, 7.4).

Records travel off the logs. What stands in the logs is the request that drew them, the lab's
opening by hash, and the verifier's closure, which says whether the records came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pausenet.crypto import statement_id
from pausenet.protocol.register import Register
from pausenet.statements.challenge import Answer, ChallengeAnswer, ChallengeNotice
from pausenet.statements.codec import Statement, encode
from pausenet.statements.inspection import Closure, InspectionRequest, Opening, Result
from pausenet.values import Digest, ParticipantId, Role

Logs: TypeAlias = Mapping[ParticipantId, Sequence[Statement]]
NO_PERIOD: Final = -1

_CAME: Final = (Result.IN_ORDER, Result.CONTRADICTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """An inspector says in its closure, at this place of its log, that records came to it."""

    of: ParticipantId
    reader: ParticipantId
    period: int
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A lab did not show what was asked for, as this statement in `told_by`'s log says.

    `why` is the closure's result, or `refuse` for a challenge that the lab itself refused.
    """

    of: ParticipantId
    asker: ParticipantId
    period: int
    why: str
    told_by: ParticipantId
    seq: int


def came(register: Register, logs: Logs) -> Iterator[Came]:
    """Every inspection of records whose inspector closed it with records in hand."""
    for ended in _endings(register, logs):
        if ended.why in _CAME:
            yield Came(of=ended.of, reader=ended.told_by, period=ended.period, seq=ended.seq)


def refusals(register: Register, logs: Logs) -> Iterator[Refusal]:
    """Requests that nothing answered, records that did not come, challenges that were refused."""
    for ended in _endings(register, logs):
        if ended.why not in _CAME:
            yield ended
    asked = {
        each.body.commitment: each.author
        for log in logs.values()
        for each in log
        if isinstance(each.body, ChallengeNotice)
    }
    for name, log in logs.items():
        for each in log:
            body = each.body
            if not isinstance(body, ChallengeAnswer) or body.answer is not Answer.REFUSE:
                continue
            if body.challenge in asked:
                yield Refusal(
                    of=name,
                    asker=asked[body.challenge],
                    period=NO_PERIOD,
                    why=str(body.answer),
                    told_by=name,
                    seq=int(each.seq),
                )


def opened_count(log: Sequence[Statement]) -> int:
    """How many different records a lab has opened, to anybody."""
    return len(
        {leaf.leaf for each in log if isinstance(each.body, Opening) for leaf in each.body.leaves}
    )


def _endings(register: Register, logs: Logs) -> tuple[Refusal, ...]:
    """How each request for records ended last, by each verifier that closed it.

    What was undelivered is asked for again, and closed anew when it comes.
    """
    verifiers = [name for name in register.verifiers if name in logs]
    requests = {
        Digest(statement_id(encode(each))): (name, int(each.body.period))
        for name in verifiers
        for each in logs[name]
        if isinstance(each.body, InspectionRequest)
    }
    last: dict[tuple[ParticipantId, Digest, ParticipantId], Refusal] = {}
    for name in verifiers:
        for each in logs[name]:
            for ended in each.body.results if isinstance(each.body, Closure) else ():
                member = register.members.get(ended.lab)
                if ended.inspection not in requests or member is None:
                    continue
                if member.role is not Role.LAB:
                    continue
                asker, period = requests[ended.inspection]
                last[name, ended.inspection, ended.lab] = Refusal(
                    of=ended.lab,
                    asker=asker,
                    period=period,
                    why=str(ended.result),
                    told_by=name,
                    seq=int(each.seq),
                )
    return tuple(last.values())
