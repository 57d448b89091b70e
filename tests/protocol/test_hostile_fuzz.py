"""Random, hostile, correctly signed messages of every kind, to machines of every role."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pausenet.protocol.attester import LabMachine, MeterMachine
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.messages import (
    Cosigned,
    Entries,
    Evidence,
    Fetch,
    Heads,
    Hello,
    Machine,
    Message,
    PeerUp,
    Publish,
    Stored,
    TimerFired,
)
from pausenet.protocol.verifier import VerifierMachine
from pausenet.statements.codec import Body
from pausenet.statements.cut import Endorsement
from pausenet.statements.declaration import Ratification
from pausenet.statements.finding import Fault, FaultNotice
from pausenet.statements.reading import Reading
from pausenet.statements.register import Genesis
from pausenet.statements.stage import Span
from pausenet.values import (
    INTEGER_MAX,
    REGISTER_ORIGIN,
    Digest,
    NetworkTime,
    Period,
    Seq,
    TreeSize,
    WattHours,
)
from tests.protocol.builders import Log, Paper
from tests.protocol.bundles import all_bundles
from tests.protocol.desk import Desk
from tests.protocol.hostility import REAL, REGISTER, cut_of, held, machine, settle
from tests.protocol.paper import index, keyring_of, name, silence, usage


def hostile_bodies(paper: Paper, chance: random.Random) -> list[Body]:
    """Well-formed statements with the largest, smallest and least fitting contents."""
    far = index(INTEGER_MAX)
    digest = Digest.of(chance.randbytes(8))
    lab = paper.log("birch")
    (time, _) = paper.times(lab, chance.choice((0, 5, INTEGER_MAX - 1)))
    odd = replace(time, by=name(chance.choice(("nobody", "birch", "verifier-4"))))
    whole = held(lab, (time,))
    strange = [
        whole,
        held(lab, (odd,)),
        held(lab, (replace(time, size=TreeSize(INTEGER_MAX)),)),
        replace(whole, size=TreeSize(INTEGER_MAX)),
        replace(whole, root=digest),
        replace(whole, origin=whole.origin.storing),
        replace(whole, origin=REGISTER_ORIGIN, size=REGISTER.size, root=REGISTER.root),
    ]
    cuts = [cut_of(item, period=period) for item in strange for period in (0, 1, INTEGER_MAX)]
    listed = replace(cuts[0], faults=tuple(sorted(Digest.of(b"%d" % n) for n in range(256))))
    silences = [silence(REGISTER, lab.origin, due, TreeSize(0)) for due in (index(0), far)]
    return [
        *cuts,
        *(replace(cut, view=64) for cut in cuts[:3]),
        listed,
        *silences,
        replace(silences[0], log=REGISTER_ORIGIN),
        replace(silences[0], register_size=TreeSize(INTEGER_MAX)),
        replace(silences[1], register_root=digest),
        *(Endorsement(period=cut.period, view=cut.view, cut=cut.digest) for cut in cuts),
        FaultNotice(fault=Fault.F6, accused=name("nobody"), bundle=digest),
        FaultNotice(fault=Fault.F1, accused=name("aurora"), bundle=digest),
        Ratification(agreement=REGISTER.agreement_digest, until=far),
        Ratification(agreement=digest, until=index(0)),
        Reading(party=name("nobody"), energy_wh=WattHours(INTEGER_MAX)),
        Reading(party=name("birch"), energy_wh=WattHours(0)),
        usage(0, total_pflop=INTEGER_MAX, run_pflop=INTEGER_MAX),
        usage(INTEGER_MAX, total_pflop=0),
        REGISTER.agreement,
        REGISTER.genesis,
        replace(REAL, bound=()),
        *(replace(REAL, bound=(Span(start=index(at), until=None),)) for at in (0, INTEGER_MAX)),
        replace(REAL, lab=name("nobody"), period=far, cut=digest),
    ]


def hostile_log(who: str, chance: random.Random) -> Log:
    """A log of every kind of statement, in any order, of any period."""
    paper = Paper(REGISTER)
    log = paper.log(who)
    bodies = hostile_bodies(paper, chance)
    chance.shuffle(bodies)
    far = Period(index=index(INTEGER_MAX), start=NetworkTime(0), end=NetworkTime(INTEGER_MAX))
    periods = (None, far, paper.schedule.period(index(0)), paper.schedule.period(index(1)))
    for body in bodies:
        if isinstance(body, Genesis):
            continue  # it is of no network, so it stands in no other log
        agreed = chance.choice((None, REGISTER.agreement_digest, Digest.of(b"other")))
        log.say(body, period=chance.choice(periods), agreed=agreed)
    return log


def hostile_messages(log: Log, chance: random.Random) -> list[Message]:
    """The log in pieces, whole, twisted; and every other message with odd contents."""
    entries, size, note = tuple(log.entries), int(log.size), log.note
    # The one bundle in which verifier-1, honest here, convicts itself, is left out.
    proofs = [data for kind, data in all_bundles().items() if kind != "F8b"]
    bad = log.fork(size)
    bad.say(usage(), seq=9)
    other = log.fork(chance.randrange(size))
    other.say(usage(7))
    times = {"verifier-2": 0, "verifier-3": INTEGER_MAX, "verifier-4": 9}
    notes = (note(1, cosigners=times), note(cosigners=times), other.note(cosigners=times))
    messages: list[Message] = [
        Publish(origin=log.origin, start=Seq(0), entries=entries, note=note()),
        Publish(origin=log.origin, start=Seq(INTEGER_MAX), entries=entries, note=note()),
        Publish(origin=log.origin, start=Seq(0), entries=entries[: size // 2], note=note()),
        Publish(origin=log.origin, start=Seq(1), entries=(b"", b"{}"), note=note()),
        Publish(origin=log.origin, start=Seq(0), entries=tuple(bad.entries), note=bad.note()),
        Publish(
            origin=log.origin, start=Seq(size), entries=tuple(bad.entries[size:]), note=bad.note()
        ),
        *(
            Entries(
                origin=each.origin, start=Seq(start), entries=tuple(each.entries[start:]), note=data
            )
            for each in (log, bad, other)
            for start in (0, 1, size - 1)
            for data in (each.note(), each.note(1), log.note(2))
        ),
        Entries(origin=log.origin, start=Seq(0), entries=(*entries, *entries), note=note(2)),
        Entries(origin=REGISTER_ORIGIN, start=Seq(0), entries=entries, note=REGISTER.note),
        Heads(notes=notes),
        Heads(notes=(b"", b"\n\n", REGISTER.note, *notes, note()[:-3])),
        *(Cosigned(origin=log.origin, note=data) for data in notes),
        *(
            Stored(origin=log.origin, size=TreeSize(claimed), note=data)
            for claimed in (0, 1, INTEGER_MAX)
            for data in (b"", note(), REGISTER.note)
        ),
        *(Fetch(origin=log.origin, start=Seq(at), end=TreeSize(0)) for at in (0, 3, INTEGER_MAX)),
        Hello(origin=log.origin),
        Hello(origin=log.origin.storing),
        *(Evidence(bundle=data) for data in (b"", b"{}", *proofs)),
    ]
    chance.shuffle(messages)
    return messages


def start(kind: str) -> Machine:
    match kind:
        case "verifier":
            return VerifierMachine(register=REGISTER, keys=keyring_of(REGISTER, "verifier-1"))
        case "lab":
            return LabMachine(register=REGISTER, keys=keyring_of(REGISTER, "aurora"))
        case _:
            return MeterMachine(register=REGISTER, keys=keyring_of(REGISTER, "aurora-meter"))


@pytest.mark.parametrize(
    ("make", "seed"), [("verifier", 0), ("lab", 0), ("lab", 1), ("meter", 0), ("meter", 1)]
)
def test_no_machine_raises_whatever_peers_sign(make: str, seed: int) -> None:
    chance = random.Random(f"{make}/{seed}")
    desk = Desk(start(make))
    desk.boot(1)
    for peer in REGISTER.verifiers[1:]:
        own = REGISTER.origin_of(desk.machine.id)
        desk.hear(peer, Stored(origin=own, size=TreeSize(0), note=b""), 1)
    now = 2
    for sender in ("birch", "birch-meter", "verifier-2", "verifier-3", "verifier-4"):
        for message in hostile_messages(hostile_log(sender, chance), chance):
            now += chance.choice((0, 1, 50_000))
            desk.hear(sender, message, now)
            if chance.random() < 0.1:
                desk.step(TimerFired(now=NetworkTime(now)))
        desk.step(PeerUp(now=NetworkTime(now), peer=name(sender)))
    settle(desk, 5, now)
    again = start(make)
    restarted = Desk(again, durable=desk.durable)
    restarted.boot(now + 1)
    settle(restarted, 3, now + 1)
    if make == "verifier":
        accused = {
            item.claim.accused
            for data in machine(restarted).prosecution.bundles.values()
            if (item := verify_bundle(data, REGISTER.network_id)).claim is not None
        }
        assert accused
        assert accused.isdisjoint({"aurora", "aurora-meter", "verifier-1"})
