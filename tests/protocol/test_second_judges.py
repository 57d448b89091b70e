"""The two verifiers draw the same claim from proofs signed anew, true and nearly true.

A changed byte breaks a signature and stops both at once. Here the signatures hold, and what is
signed is right, just right, or wrong in one place.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.crypto import envelope
from pausenet.crypto.keys import SigningKey
from pausenet.protocol.evidence import (
    Leaf,
    Noted,
)
from pausenet.statements import codec
from pausenet.statements.codec import Head, Statement
from pausenet.statements.finding import Fault
from pausenet.values import Digest, NetworkId, Seq, TreeSize
from tests.protocol.agreed import agreed, shown, signed
from tests.protocol.builders import Log, Paper
from tests.protocol.bundles import leaf, two_faces
from tests.protocol.paper import keyring_of, name, register, usage

# ------------------------------------------------------------------------------------ F1 to F3


def test_of_two_statements() -> None:
    one, other = two_faces(Paper(register()))
    low, high = sorted((one.entries[1], other.entries[1]))
    foreign, _ = two_faces(Paper(register(seed="other")))
    meter = Paper(register())
    reading = meter.read("birch", 0)
    cases = [
        signed(low, high),
        signed(high, low),
        signed(low, low),
        signed(low),
        signed(low, high, high),
        signed(*sorted((one.entries[1], other.entries[2]))),
        signed(*sorted((one.entries[0], reading))),
        signed(*sorted((low, foreign.entries[1]))),
    ]
    assert shown(register(), Fault.F1, cases) == [True, *[False] * 7]


def test_of_two_notes() -> None:
    one, other = two_faces(Paper(register()))
    both = {"verifier-2": 100}
    cosigned = [one.note(cosigners=both), other.note(cosigners=both)]
    forms = [one.note(), other.note(), one.note(2), other.note(1), one.note(1), *cosigned]
    forms += [other.note(cosigners={"verifier-3": 1}), *map(_without_log_line, cosigned)]
    forms += [one.note().replace(b"\n3\n", b"\n03\n")]
    forms += [two_faces(Paper(register(seed="other")))[0].note()]
    pairs = [(Noted(note=a), Noted(note=b)) for a in forms for b in forms]
    assert sum(shown(register(), Fault.F2, pairs)) == 1
    assert sum(shown(register(), Fault.F8A, pairs)) == 1
    assert sum(shown(register(), Fault.F8B, pairs)) == 0


def _without_log_line(note: bytes) -> bytes:
    body, _, lines = note.partition(b"\n\n")
    return body + b"\n\n" + b"".join(lines.splitlines(keepends=True)[1:])


def test_of_a_cosigner_whose_logs_shrink() -> None:
    paper = Paper(register())
    for number in range(10):
        paper.use("birch", number)
        paper.read("birch", number)
    one = paper.log("birch")
    notes = [
        _without_log_line(log.note(size, cosigners={who: time}))
        for log in (one, paper.log("birch-meter"))
        for size in (0, 2, 10)
        for who in ("verifier-1", "verifier-2")
        for time in (5, 6)
    ]
    notes.append(one.note(2, cosigners={"verifier-1": 9}))
    pairs = [(Noted(note=a), Noted(note=b)) for a in notes for b in notes]
    # Two logs, two verifiers, three pairs of sizes; each in one of the two orders.
    assert sum(shown(register(), Fault.F8B, pairs)) == 12


def test_of_forks() -> None:
    one, other = two_faces(Paper(register()))
    both = {"verifier-2": 100}
    for cosigners, fault in ((None, Fault.F3), (both, Fault.F8A)):
        sides = [
            (Noted(note=log.note(size, cosigners=cosigners)), leaf(log, place, size))
            for log in (one, other)
            for size in (2, 3)
            for place in range(size)
        ]
        assert sum(shown(register(), fault, [(*a, *b) for a in sides for b in sides])) == 5
        assert not any(shown(register(), fault, [(a[0], b[1], *b) for a in sides for b in sides]))


# ------------------------------------------------------------------------------------------- F4


def _last_entries() -> list[tuple[str, Log, bool]]:
    """Logs whose last entry is wrong as named, and whether the one before is needed to say so."""
    held = register()
    found: list[tuple[str, Log, bool]] = []

    def put(label: str, entry: bytes, log: Log, *, after: bool = False) -> None:
        log.append(entry)
        found.append((label, log, after))

    def log(seen: int = 0) -> Log:
        fresh = Paper(held).log("birch")
        fresh.say(usage(), seen=heads(seen) if seen else ())
        return fresh

    def heads(size: int) -> tuple[Head, ...]:
        origin = held.origin_of(name("verifier-1"))
        return (Head(origin=origin, size=TreeSize(size), root=Digest.of(b"x")),)

    other = Paper(held).log("aurora")
    put("bytes", b"\x00\xff", log())
    put("cut short", (at := log()).sealed(at.statement(usage()))[:-1], at)
    put("another's", other.entries[0], log())
    put("seq", (at := log()).sealed(at.statement(usage(), seq=1)), at)
    put("network", (at := log()).sealed(_elsewhere(at)), at)
    by_log_key = log()
    keys = keyring_of(held, "birch")
    payload = by_log_key.statement(usage())
    put("log key", _sealed_by(payload, keys.log), by_log_key)
    put("two keys", _sealed_by(payload, keys.log, keys.statement), log())
    at = log()
    at.prev = Digest.of(b"x")
    put("prev", at.sealed(at.statement(usage())), at, after=True)
    put("seen less", (at := log(5)).sealed(at.statement(usage(), seen=heads(4))), at, after=True)
    put("seen none", (at := log(5)).sealed(at.statement(usage())), at, after=True)
    first = Log(register=held, keys=keys, prev=Digest.of(b"x"))
    put("first prev", first.sealed(first.statement(usage())), first)
    return found


def _elsewhere(log: Log) -> Statement:
    return replace(log.statement(usage()), network=NetworkId(bytes(32)))


def _sealed_by(statement: Statement, *keys: SigningKey) -> bytes:
    return envelope.seal(codec.encode(statement), keys)


def test_of_entries_that_cannot_stand() -> None:
    cases = _last_entries()
    assert len(cases) == 11
    for label, log, after in cases:
        place = log.size - 1
        note, bad = Noted(note=log.note()), leaf(log, place)
        before = [leaf(log, each) for each in range(place)]
        assert shown(register(), Fault.F4, [(note, bad)]) == [not after], label
        pairs = [(note, bad, each) for each in before]
        assert sum(shown(register(), Fault.F4, pairs)) == (1 if after else 0), label
        wrong_place = Leaf(index=Seq(place + 1), entry=bad.entry, proof=bad.proof)
        rest = [(note, wrong_place), (note,), (bad, note), (note, *pairs[0]) if pairs else (bad,)]
        assert not any(shown(register(), Fault.F4, rest)), label


def test_of_entries_in_their_place() -> None:
    log, _ = two_faces(Paper(register()))
    note = Noted(note=log.note())
    for place in range(3):
        assert agreed(register(), Fault.F4, note, leaf(log, place)) is None
        for other in range(3):
            assert agreed(register(), Fault.F4, note, leaf(log, place), leaf(log, other)) is None
