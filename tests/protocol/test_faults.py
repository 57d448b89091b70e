"""Proofs are made of contradictions only, the same by everybody, and never of an honest log."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from pausenet.crypto import envelope
from pausenet.protocol import faults
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.evidence import decode_bundle
from pausenet.protocol.register import Register
from pausenet.statements import codec
from pausenet.statements.codec import Head
from pausenet.statements.finding import Fault, Grade
from pausenet.values import Digest, Role, Seq, TreeSize
from tests.protocol.builders import Log, Paper
from tests.protocol.bundles import bad_entry_of, fork_of, leaf, two_faces
from tests.protocol.paper import name, register, usage


@pytest.fixture
def held() -> Register:
    return register()


@pytest.fixture
def faces(held: Register) -> tuple[Log, Log]:
    return two_faces(Paper(held))


def test_the_order_in_which_a_pair_is_found_does_not_matter(
    held: Register, faces: tuple[Log, Log]
) -> None:
    one, other = faces
    assert faults.equivocation(held, one.entries[1], other.entries[1]) == faults.equivocation(
        held, other.entries[1], one.entries[1]
    )
    assert faults.split_checkpoint(held, one.note(), other.note()) == faults.split_checkpoint(
        held, other.note(), one.note()
    )
    assert fork_of(held, one, other, 1) == fork_of(held, other, one, 1)
    lines = {"verifier-1": 4}
    pair = one.note(cosigners=lines), other.note(cosigners=lines)
    assert faults.double_cosigner(
        held, name("verifier-1"), faults.split_materials(*pair)
    ) == faults.double_cosigner(held, name("verifier-1"), faults.split_materials(*pair[::-1]))


def test_cosignatures_beside_the_logs_own_line_do_not_change_the_bytes(
    held: Register, faces: tuple[Log, Log]
) -> None:
    one, other = faces
    bare = faults.split_checkpoint(held, one.note(), other.note())
    assert bare is not None
    noted = one.note(cosigners={"verifier-1": 7}), other.note(cosigners={"verifier-3": 9})
    assert faults.split_checkpoint(held, *noted) == bare


@pytest.mark.parametrize("who", ["aurora", "aurora-meter", "verifier-3"])
def test_every_role_can_be_convicted(held: Register, who: str) -> None:
    one, other = two_faces(Paper(held), who)
    made = [
        faults.equivocation(held, one.entries[-1], other.entries[-1]),
        faults.split_checkpoint(held, one.note(), other.note()),
        fork_of(held, one, other, one.size - 1),
    ]
    for data in made:
        assert data is not None
        claim = decode_bundle(data).accusation
        assert (claim.accused, claim.grade) == (who, Grade.CONFIRMED)
        assert verify_bundle(data, held.network_id).exit_code == 1


def test_no_pair_from_an_honest_network_makes_a_proof(held: Register) -> None:
    paper = Paper(held)
    for number in range(3):
        paper.period(number, silent={"birch"} if number == 1 else ())
    for log in paper.logs.values():
        entries = log.entries[:6]
        assert all(
            faults.equivocation(held, a, b) is None
            for a, b in combinations([*entries, *entries], 2)
        )
        lines = {"verifier-1": 5, "verifier-2": 6}
        notes = [log.note(size, cosigners=lines) for size in range(1, log.size + 1)]
        for older, newer in combinations(notes, 2):
            assert faults.split_checkpoint(held, older, newer) is None
            evidence = faults.split_materials(older, newer)
            assert faults.double_cosigner(held, name("verifier-1"), evidence) is None
        for place in range(log.size):
            assert bad_entry_of(log, place) is None
            assert fork_of(held, log, log, place, cut=log.size - place - 1) is None


def test_one_statement_under_two_signatures_is_no_fork(held: Register) -> None:
    """F2m: the same statement_id, so nothing different was said."""
    paper = Paper(held)
    log, other = paper.log("birch"), Paper(held).log("birch")
    assert fork_of(held, log, other, 0) is None
    assert faults.equivocation(held, log.entries[0], other.entries[0]) is None


def test_statements_of_two_places_or_authors_are_no_equivocation(
    held: Register, faces: tuple[Log, Log]
) -> None:
    one, other = faces
    assert faults.equivocation(held, one.entries[1], other.entries[2]) is None
    aurora = Paper(held).log("aurora")
    assert faults.equivocation(held, one.entries[0], aurora.entries[0]) is None


def test_a_statement_signed_by_another_key_accuses_nobody(held: Register) -> None:
    paper = Paper(held)
    birch, aurora = paper.log("birch"), paper.log("aurora")
    true = birch.statement(usage(1))
    forged = codec.encode(birch.statement(usage(2)))
    data = envelope.seal(forged, (aurora.keys.statement,))
    assert faults.equivocation(held, birch.sealed(true), data) is None


def test_a_statement_of_another_network_accuses_nobody(held: Register) -> None:
    foreign = register(seed="other")
    one, other = two_faces(Paper(foreign))
    assert faults.equivocation(held, one.entries[1], other.entries[1]) is None
    assert faults.split_checkpoint(held, one.note(), other.note()) is None


def test_a_note_without_its_logs_signature_accuses_nobody(
    held: Register, faces: tuple[Log, Log]
) -> None:
    one, other = faces
    note = one.note(cosigners={"verifier-1": 4})
    lines = note.decode().split("\n")
    del lines[4]  # the log's own line
    assert faults.split_checkpoint(held, "\n".join(lines).encode(), other.note()) is None


def test_the_register_itself_is_not_judged_by_notes(held: Register) -> None:
    assert faults.split_checkpoint(held, held.note, held.note) is None


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("bytes", "canonical"),
        ("author", "another author"),
        ("network", "another network"),
        ("seq", "names the place"),
        ("prev", "does not name the statement before"),
        ("seen", "decreases"),
        ("signature", "key"),
        ("first", "does not name the statement before"),
    ],
)
def test_an_entry_that_cannot_stand_is_proven_to_anybody(
    held: Register, spoil: str, reason: str
) -> None:
    log = _spoilt(held, spoil)
    data = bad_entry_of(log, log.size - 1)
    assert data is not None
    found = verify_bundle(data, held.network_id)
    assert found.exit_code == 1
    assert found.claim is not None
    assert (found.claim.fault, found.claim.accused) == (Fault.F4, log.keys.id)
    if spoil != "bytes":
        assert any(reason in check.text for check in found.checks)


@pytest.mark.parametrize("spoil", ["prev", "seen"])
def test_what_lies_between_two_entries_needs_both(held: Register, spoil: str) -> None:
    log = _spoilt(held, spoil)
    assert bad_entry_of(log, log.size - 1, previous=False) is None


def test_a_bad_entry_that_the_log_did_not_sign_for_proves_nothing(held: Register) -> None:
    log = _spoilt(held, "seq")
    note = log.note(log.size - 1)
    item = leaf(log, log.size - 1)
    assert faults.bad_entry(held, note, item.index, item.entry, item.proof) is None


def test_cosigning_one_side_of_a_fork_is_no_fault(held: Register, faces: tuple[Log, Log]) -> None:
    one, other = faces
    pair = one.note(cosigners={"verifier-1": 4}), other.note(cosigners={"verifier-2": 4})
    for verifier in held.verifiers:
        evidence = faults.split_materials(*pair)
        assert faults.double_cosigner(held, verifier, evidence) is None
    assert faults.double_cosigner(held, name("birch"), faults.split_materials(*pair)) is None


@pytest.mark.parametrize(
    ("sizes", "times", "shown"),
    [
        ((3, 2), (5, 6), True),
        ((3, 2), (5, 5), False),
        ((3, 2), (6, 5), False),
        ((2, 3), (5, 6), False),
        ((3, 3), (5, 6), False),
    ],
)
def test_only_a_smaller_size_at_a_later_time_is_shrinking(
    held: Register,
    faces: tuple[Log, Log],
    sizes: tuple[int, int],
    times: tuple[int, int],
    shown: bool,
) -> None:
    log = faces[0]
    notes = [
        log.note(size, cosigners={"verifier-4": time, "verifier-1": 5})
        for size, time in zip(sizes, times, strict=True)
    ]
    found = faults.shrinking_cosigner(held, notes[0], notes[1])
    assert len(found) == shown
    for sealed in found:
        claim = verify_bundle(sealed.data, held.network_id).claim
        assert claim is not None
        assert (claim.accused, claim.bundle) == ("verifier-4", sealed.id)


def test_garbage_makes_no_proof(held: Register, faces: tuple[Log, Log]) -> None:
    one, _ = faces
    for junk in (b"", b"{}", b"\xff" * 40, one.entries[0][:-1], one.note()[:-2]):
        assert faults.equivocation(held, junk, one.entries[1]) is None
        assert faults.split_checkpoint(held, junk, one.note()) is None
        assert faults.bad_entry(held, junk, Seq(0), junk, ()) is None
        assert faults.shrinking_cosigner(held, junk, junk) == ()


def _spoilt(held: Register, spoil: str) -> Log:
    """A log of the lab birch whose last entry cannot stand."""
    log = Paper(held).log("birch")
    verifier = held.members[held.verifiers[0]]
    assert verifier.role is Role.VERIFIER
    head = Head(origin=verifier.origin, size=TreeSize(5), root=Digest(bytes(32)))
    if spoil == "first":
        log = Log(register=held, keys=log.keys, prev=Digest(bytes(32)))
        log.say(usage())
        return log
    log.say(usage(), seen=(head,))
    if spoil == "bytes":
        log.append(b"nothing that decodes")
    elif spoil == "author":
        log.append(log.sealed(replace(log.statement(usage(), seen=(head,)), author=name("aurora"))))
    elif spoil == "network":
        foreign = register(seed="other").network_id
        log.append(log.sealed(replace(log.statement(usage(), seen=(head,)), network=foreign)))
    elif spoil == "seq":
        log.append(log.sealed(log.statement(usage(), seq=7, seen=(head,))))
    elif spoil == "prev":
        log.prev = Digest(bytes(32))
        log.say(usage(), seen=(head,))
    elif spoil == "seen":
        log.say(usage(), seen=())
    else:
        payload = codec.encode(log.statement(usage(), seen=(head,)))
        log.append(envelope.seal(payload, (Paper(held).log("aurora").keys.statement,)))
    return log
