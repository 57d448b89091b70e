"""Cases of registers that grow: changes of who the verifiers are, well or with one thing wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pausenet.crypto import SigningKey, envelope
from pausenet.protocol.evidence import Signed, material_to_json
from pausenet.protocol.register import Register
from pausenet.simulator.vectors.case import Area, Case, CaseKind, texts
from pausenet.simulator.vectors.edits import payload_of
from pausenet.simulator.vectors.networks import AURORA, VERIFIERS
from pausenet.simulator.vectors.newcomer import (
    COMES,
    GOES,
    NEWCOMER,
    REGISTRAR,
    admits,
    approvals,
    changed,
    first,
    grown,
    joins,
    keys,
    keys_of,
    leaves,
)
from pausenet.statements import codec
from pausenet.statements.canonical import Json
from pausenet.statements.codec import Subject
from pausenet.statements.finding import Fault
from pausenet.statements.membership import (
    Admission,
    Approved,
    Change,
    MembershipChange,
    approval_message,
    digest_of,
)
from pausenet.statements.register import Purpose
from pausenet.values import Digest, NetworkId, Origin, ParticipantId, PeriodIndex, Seq

Bad = tuple[str, str, tuple[bytes, ...]]
"""A name, the rule, the register's entries."""
THREE = VERIFIERS[:3]


def membership_cases() -> list[Case]:
    """Registers that grow by one entry after another."""
    area = Area("membership", CaseKind.REGISTER)
    admitted, joined, left = grown()
    area.accept("admitted", "register 3.3", entries=texts(admitted.entries))
    area.accept("joined", "register 3.4", entries=texts(joined.entries))
    area.accept("joined-and-left", "register 3.4", entries=texts(left.entries))
    again = joins(left, VERIFIERS[1], PeriodIndex(9))
    back = changed(left, again)
    area.accept("left-and-back", "register 3.4", entries=texts(back.entries))
    good = joins(admitted)
    same = _entered(admitted, good, _by(admitted, good))
    area.accept("joined-by-the-first-three", "register 3.2", entries=texts(same))
    bad = (*_approvals(), *_signatures(), *_admissions(), *_impossible(), *_places())
    for name, rule, entries in bad:
        area.refuse(name, rule, entries=texts(entries))
    return area.cases


def two_faces_cases() -> list[Case]:
    """F1 of a registrar that enters two changes at one place of its register."""
    area = Area("two-registers", CaseKind.FAULT, run="honest", fault=str(Fault.F1))
    held, (admitted, joined, _) = first(), grown()
    registrar, newcomer = keys()[REGISTRAR].statement, keys_of(NEWCOMER).statement
    change, admission = joins(admitted), admits(held)
    one = joined.entries[-1]
    others = _entered(admitted, change, _by(admitted, change, VERIFIERS[1:]))[-1]
    later = joins(admitted, begins=GOES)
    moved = _entered(admitted, later, _by(admitted, later))[-1]
    given = _by(held, admission, VERIFIERS[1:])
    again = _entered(held, admission, given, registrar, newcomer)[-1]
    for name, pair in {
        "approved-by-others": (one, others),
        "of-another-period": (one, moved),
        "of-one-admission": (admitted.entries[-1], again),
    }.items():
        area.accept(name, "register 2.9", materials=_signed(*sorted(pair)))
    other = replace(codec.decode(payload_of(moved)), network=NetworkId(Digest.of(b"another")))
    elsewhere = envelope.seal(codec.encode(other), (registrar,))
    lone = envelope.seal(payload_of(again), (registrar,))
    stolen = envelope.seal(payload_of(moved), (keys()[VERIFIERS[0]].statement,))
    bad = {
        "one-change-twice": sorted((one, one)),
        "at-two-places": sorted((one, admitted.entries[-1])),
        "descending": sorted((one, others), reverse=True),
        "of-another-network": sorted((one, elsewhere)),
        "admission-signed-by-one": sorted((admitted.entries[-1], lone)),
        "signed-by-a-verifier": sorted((one, stolen)),
        "by-two-that-bind-participants": sorted((held.entries[1], held.entries[2])),
        "a-change-and-the-agreement": sorted((one, held.entries[-1])),
        "three-changes": sorted((one, others, moved)),
    }
    for name, entries in bad.items():
        area.refuse(name, "register 2.9", materials=_signed(*entries))
    return area.cases


def _signed(*entries: bytes) -> list[Json]:
    return [material_to_json(Signed(entry=entry)) for entry in entries]


def _last(held: Register) -> Digest:
    return Digest(envelope.decode(held.entries[-1], signatures_max=2).statement_id)


def _by(
    held: Register, change: Change, by: Sequence[ParticipantId] = THREE
) -> tuple[Approved, ...]:
    """Approvals by these, at the register's end."""
    given = approvals(held, change, by)
    return tuple(Approved(by=who, signature=given[who].signature) for who in sorted(given))


def _entered(
    held: Register,
    change: Change,
    approved: tuple[Approved, ...],
    *signers: SigningKey,
    subject: Digest | None = None,
) -> tuple[bytes, ...]:
    """The register with an entry that nobody has checked."""
    before = codec.decode(payload_of(held.entries[-1]))
    said = replace(
        before,
        subject=Subject(name="membership", digest=subject or digest_of(change)),
        seq=Seq(held.size),
        prev=_last(held),
        body=MembershipChange(change=change, approvals=approved),
    )
    by = signers or (keys()[REGISTRAR].statement,)
    return (*held.entries, envelope.seal(codec.encode(said), by))


def _approvals() -> Iterator[Bad]:
    """A newcomer that joins by approvals that do not do."""
    held, gone = grown()[0], grown()[2]
    change = joins(held)

    def signed(message: bytes, purpose: Purpose = Purpose.RECOVERY) -> tuple[Approved, ...]:
        held_keys = {who: dict(keys()[who].by_purpose())[purpose] for who in THREE}
        return tuple(Approved(by=w, signature=k.sign(message)) for w, k in held_keys.items())

    digest, after = digest_of(change), _last(held)
    message = approval_message(held.network_id, after, digest)
    bad = {
        "by-two": _by(held, change, THREE[:2]),
        "by-four": _by(held, change, VERIFIERS),
        "by-who-is-to-join": _by(held, change, (*THREE[:2], NEWCOMER)),
        "by-a-lab": _by(held, change, (AURORA, *THREE[:2])),
        "by-statement-keys": signed(message, Purpose.STATEMENT),
        "at-another-place": _by(first(), change),
        "of-another-change": _by(held, joins(held, begins=GOES)),
        "of-another-network": signed(
            approval_message(NetworkId(Digest.of(b"another")), after, digest)
        ),
        "without-a-line-end": signed(message[:-1]),
    }
    for name, approved in bad.items():
        yield f"approved-{name}", "register 3.2", _entered(held, change, approved)
    again = joins(gone, VERIFIERS[1], PeriodIndex(9))
    by_who_left = _by(gone, again)
    yield "approved-by-who-has-left", "register 3.2", _entered(gone, again, by_who_left)


def _signatures() -> Iterator[Bad]:
    """Changes that others sign than who must, or of another subject."""
    held = grown()[0]
    registrar, newcomer = keys()[REGISTRAR].statement, keys_of(NEWCOMER).statement
    comes, admission = joins(held), admits(first())
    by, given = _by(held, comes), _by(first(), admission)
    rule = "register 3.1"
    yield "joins-signed-by-both", rule, _entered(held, comes, by, registrar, newcomer)
    yield "joins-signed-by-the-newcomer", rule, _entered(held, comes, by, newcomer)
    yield "joins-of-another-subject", rule, _entered(held, comes, by, subject=_last(held))
    yield "admits-signed-by-the-registrar", rule, _entered(first(), admission, given, registrar)
    yield "admits-signed-by-the-newcomer", rule, _entered(first(), admission, given, newcomer)
    other = keys()[VERIFIERS[0]].statement
    yield "admits-signed-by-another", rule, _entered(first(), admission, given, registrar, other)


def _admissions() -> Iterator[Bad]:
    """Entries by which nobody is admitted."""
    held, good = grown()[0], admits(first())
    assert isinstance(good, Admission), "it admits"
    network = first().network_id
    elsewhere = Origin(good.entry.origin.replace(network.short, "ab" * 16))
    (one, shown), (two, other), *rest = good.entry.possession
    swapped = ((one, other), (two, shown), *rest)
    purpose, _ = good.entry.keys[-1]
    known = first().members[VERIFIERS[0]].keys[purpose]
    taken = tuple((each, known if each is purpose else key) for each, key in good.entry.keys)
    bad = {
        "of-another-networks-log": ("register 3.3", replace(good.entry, origin=elsewhere)),
        "under-a-known-id": ("register 3.3", replace(good.entry, id=VERIFIERS[0])),
        "with-possessions-swapped": ("register 2.5", replace(good.entry, possession=swapped)),
        "with-a-key-of-another": ("register 2.5", replace(good.entry, keys=taken)),
    }
    signers = (keys()[REGISTRAR].statement, keys_of(NEWCOMER).statement)
    for name, (rule, entry) in bad.items():
        change = Admission(entry=entry)
        entries = _entered(first(), change, _by(first(), change), *signers)
        yield f"admits-{name}", rule, entries
    twice = _entered(held, good, _by(held, good), *signers)
    yield "admits-twice", "register 3.3", twice


def _impossible() -> Iterator[Bad]:
    """Changes that nobody can make, whoever approves them."""
    before, (admitted, joined, left) = first(), grown()
    late = PeriodIndex(9)
    bad: list[tuple[str, str, Register, Change]] = [
        ("joins-unadmitted", "register 3.4", before, joins(before)),
        ("joins-twice", "register 3.4", joined, joins(joined, begins=late)),
        ("joins-a-lab", "register 3.4", admitted, joins(admitted, AURORA)),
        ("leaves-a-lab", "register 3.4", joined, leaves(joined, AURORA)),
        ("leaves-of-four", "register 3.5", before, leaves(before)),
        ("leaves-admitted-only", "register 3.4", admitted, leaves(admitted, NEWCOMER)),
        ("leaves-twice", "register 3.4", left, leaves(left, begins=late)),
        ("begins-with-the-one-before", "register 3.5", joined, leaves(joined, begins=COMES)),
        ("begins-earlier", "register 3.5", joined, leaves(joined, begins=PeriodIndex(1))),
        ("skips-an-epoch", "register 3.5", joined, replace(leaves(joined), epoch=3)),
        ("repeats-an-epoch", "register 3.5", joined, replace(leaves(joined), epoch=1)),
    ]
    for name, rule, held, change in bad:
        by = held.verifiers[: held.quorum.k]
        yield name, rule, _entered(held, change, _by(held, change, by))


def _places() -> Iterator[Bad]:
    """Changes left out, swapped, or before the register is whole."""
    before, (admitted, joined, left) = first(), grown()
    entries = left.entries
    yield "admission-left-out", "register 2.1", (*before.entries, *entries[admitted.size :])
    yield "joining-left-out", "register 2.1", (*admitted.entries, *entries[joined.size :])
    swapped = (*admitted.entries, entries[-1], entries[-2])
    yield "joining-and-leaving-swapped", "register 2.1", swapped
    change = admits(before)
    signers = (keys()[REGISTRAR].statement, keys_of(NEWCOMER).statement)
    short = replace(before, entries=before.entries[:-1])
    early = _entered(short, change, _by(short, change), *signers)
    yield "admission-before-the-agreement", "register 2.2", early
    twice = (*entries, entries[-1])
    yield "change-twice", "register 2.1", twice
