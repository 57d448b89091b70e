"""What the hostile tests share: verifiers on desks, and cuts that nobody honest would make."""

from __future__ import annotations

from pausenet.log.checkpoint import Note
from pausenet.protocol import faults
from pausenet.protocol.messages import (
    Publish,
    Stored,
    TimerFired,
)
from pausenet.protocol.verifier import VerifierMachine
from pausenet.statements.cut import Cut, CutOrigin, TimeEvidence
from pausenet.values import (
    NetworkTime,
    ParticipantId,
    Seq,
    Signature,
    TreeSize,
)
from tests.protocol.builders import Log, Paper
from tests.protocol.desk import Desk
from tests.protocol.paper import index, keyring_of, name, register, usage

REGISTER = register()
CLOSE = REGISTER.agreement.schedule.close(index(0))
NOW = CLOSE + 10
REAL = Paper(REGISTER).period(0)[0].appraisal


def verifier(who: str = "verifier-1", now: int = 1) -> Desk:
    desk = Desk(VerifierMachine(register=REGISTER, keys=keyring_of(REGISTER, who)))
    desk.boot(now)
    origin = REGISTER.origin_of(name(who))
    for peer in REGISTER.verifiers:
        if peer != who:
            desk.hear(peer, Stored(origin=origin, size=TreeSize(0), note=b""), now)
    return desk


def publish(desk: Desk, log: Log, now: int = NOW, start: int = 0) -> None:
    """Hand a verifier the whole of a log, as its owner does."""
    message = Publish(
        origin=log.origin, start=Seq(start), entries=tuple(log.entries[start:]), note=log.note()
    )
    desk.hear(log.keys.id, message, now)


def settle(desk: Desk, rounds: int = 3, now: int = NOW) -> None:
    for number in range(rounds):
        desk.step(TimerFired(now=NetworkTime(now + 100_000 * (number + 1))))


def machine(desk: Desk) -> VerifierMachine:
    assert isinstance(desk.machine, VerifierMachine)
    return desk.machine


def proposer(period: int = 0, view: int = 0) -> ParticipantId:
    return REGISTER.verifiers[(period + view) % len(REGISTER.verifiers)]


def cut_of(*origins: CutOrigin, period: int = 1, view: int = 0) -> Cut:
    return Cut(
        period=index(period),
        view=view,
        register_size=REGISTER.size,
        register_root=REGISTER.root,
        origins=tuple(sorted(origins, key=lambda item: item.origin)),
        faults=(),
    )


def held(log: Log, times: tuple[TimeEvidence, ...] = ()) -> CutOrigin:
    return CutOrigin(
        origin=log.origin,
        size=log.size,
        root=log.tree.root(log.size),
        signature=Signature(Note.decode(log.note()).signatures[0].blob),
        times=times,
    )


def equivocations(who: str, count: int) -> list[bytes]:
    """So many different proofs that one participant has two faces."""
    log, made = Log(register=REGISTER, keys=keyring_of(REGISTER, who)), []
    first = log.sealed(log.statement(usage(0)))
    for number in range(count):
        data = faults.equivocation(REGISTER, first, log.sealed(log.statement(usage(number + 1))))
        assert data is not None
        made.append(data)
    return made
