"""Who the verifiers are changes by one at a time, and only by those who were before."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from pausenet.crypto import envelope
from pausenet.errors import InvalidRegister, MalformedStatement, Misuse
from pausenet.protocol.enrolment import entry_for
from pausenet.protocol.membership import admission, entered
from pausenet.protocol.register import Register
from pausenet.statements import codec
from pausenet.statements.codec import Subject
from pausenet.statements.membership import (
    Admission,
    Approved,
    Change,
    MembershipChange,
    approval_message,
    digest_of,
)
from pausenet.values import Digest, NetworkId, Quorum, Role, Seq
from tests.protocol.changing import admitted, approvals, changed, grown, joining, leaving
from tests.protocol.paper import applicant, keyring, name, register
from tests.reference.second.register import read_register
from tests.reference.second.spelling import Bad

FIRST, ADMITTED, JOINED, LEFT = grown()
REGISTRAR = keyring("registrar", Role.REGISTRAR)


def refuses(entries: tuple[bytes, ...], match: str | None = None) -> None:
    """Both readers refuse these entries."""
    with pytest.raises(InvalidRegister, match=match):
        Register.load(entries, None, FIRST.network_id)
    with pytest.raises(Bad):
        read_register(list(entries))


def forged(
    held: Register,
    change: Change,
    approved: tuple[Approved, ...],
    *,
    subject: Digest | None = None,
    signers: tuple[str, ...] = (),
) -> tuple[bytes, ...]:
    """The register with an entry that nobody has checked."""
    sealed = envelope.decode(held.entries[-1], signatures_max=2)
    before = codec.decode(sealed.payload)
    said = replace(
        before,
        subject=Subject(name="membership", digest=subject or digest_of(change)),
        seq=Seq(held.size),
        prev=Digest(sealed.statement_id),
        body=MembershipChange(change=change, approvals=approved),
    )
    keys = [REGISTRAR.statement, *(keyring(who, Role.VERIFIER).statement for who in signers)]
    return (*held.entries, envelope.seal(codec.encode(said), keys))


def all_approve(held: Register, change: Change, *by: str) -> tuple[Approved, ...]:
    who = [name(each) for each in by] or held.epochs[-1].verifiers[: held.epochs[-1].quorum.k]
    given = approvals(held, change, who)
    return tuple(Approved(by=each, signature=given[each].signature) for each in sorted(given))


def test_a_register_that_has_grown_is_read_from_the_network_id_alone() -> None:
    again = Register.load(LEFT.entries, LEFT.note, FIRST.network_id)
    assert again.epochs == LEFT.epochs
    assert [list(map(str, each.verifiers)) for each in again.epochs] == [
        ["verifier-1", "verifier-2", "verifier-3", "verifier-4"],
        ["verifier-1", "verifier-2", "verifier-3", "verifier-4", "verifier-5"],
        ["verifier-1", "verifier-3", "verifier-4", "verifier-5"],
    ]
    assert [each.first for each in again.epochs] == [0, 3, 5]
    other = read_register(list(LEFT.entries))
    assert other.root == LEFT.root.hex()
    assert [(each.first, each.verifiers, each.size) for each in other.epochs] == [
        (each.first, list(each.verifiers), each.size) for each in LEFT.epochs
    ]


def test_each_period_has_the_verifiers_of_its_epoch() -> None:
    for period, expected in ((0, 4), (2, 4), (3, 5), (4, 5), (5, 4), (1_000, 4)):
        assert LEFT.under(period).quorum == Quorum(n=expected)
    assert "verifier-2" in LEFT.under(4).verifiers
    assert "verifier-2" not in LEFT.under(5).verifiers


def test_who_is_admitted_is_a_member_and_counts_nowhere() -> None:
    assert name("verifier-5") in ADMITTED.members
    assert ADMITTED.epochs == FIRST.epochs
    assert name("verifier-5") not in ADMITTED.verifiers


def test_a_register_is_what_it_was_at_every_size_it_has_had() -> None:
    for held in grown():
        again = LEFT.resting_on(held.size, held.root, 1_000)
        assert again is not None
        assert (again.entries, again.epochs, again.verifiers) == (
            held.entries,
            held.epochs,
            held.verifiers,
        )
        assert set(again.members) == set(held.members)
        assert LEFT.resting_on(held.size + 1, held.root, 0) is None
    assert FIRST.resting_on(LEFT.size, LEFT.root, 0) is None
    assert LEFT.resting_on(3, FIRST.root, 0) is None


def test_two_epochs_in_a_row_differ_by_one_verifier_whatever_is_tried() -> None:
    """Many changes, most of which cannot be; what is accepted keeps what epochs promise."""
    chance, accepted, refused = random.Random(5), 0, 0
    held = admitted(admitted(register(), "verifier-5"), "verifier-6")
    names = [f"verifier-{number}" for number in range(1, 8)]
    for _ in range(150):
        make = chance.choice((joining, leaving))
        first = held.epochs[-1].first + chance.randrange(0, 3)
        try:
            held = changed(held, make(held, chance.choice(names), first))
            accepted += 1
        except InvalidRegister:
            refused += 1
    assert min(accepted, refused) >= 10
    for before, after in zip(held.epochs, held.epochs[1:], strict=False):
        assert len(set(before.verifiers) ^ set(after.verifiers)) == 1
        assert after.number == before.number + 1
        assert after.first > before.first
        assert min(len(before.verifiers), len(after.verifiers)) >= 4
    other = read_register(list(held.entries))
    assert [each.verifiers for each in other.epochs] == [list(e.verifiers) for e in held.epochs]


@pytest.mark.parametrize("n", range(4, 64))
def test_quorums_of_two_epochs_in_a_row_share_an_honest_verifier(n: int) -> None:
    fewer, more = Quorum(n=n), Quorum(n=n + 1)
    shared = fewer.k + more.k - more.n
    assert shared > max(fewer.f, more.f)


def test_quorums_before_and_after_a_replacement_might_share_no_honest_verifier() -> None:
    """Why a replacement is two changes: among n + 1 in all, one left out on each side."""
    four = Quorum(n=4)
    assert 2 * four.k - 5 <= four.f


def _by_other_keys(held: Register, change: Change) -> tuple[Approved, ...]:
    message = approval_message(held.network_id, _last(held), digest_of(change))
    return tuple(
        Approved(by=who, signature=keyring(who, Role.VERIFIER).statement.sign(message))
        for who in held.verifiers[:3]
    )


def _last(held: Register) -> Digest:
    return Digest(envelope.decode(held.entries[-1], signatures_max=2).statement_id)


def _of_another_place(held: Register, change: Change) -> tuple[Approved, ...]:
    return all_approve(FIRST, change)


def _of_another_network(held: Register, change: Change) -> tuple[Approved, ...]:
    message = approval_message(NetworkId(bytes(32)), _last(held), digest_of(change))
    return tuple(
        Approved(by=who, signature=keyring(who, Role.VERIFIER).recovery.sign(message))
        for who in held.verifiers[:3]
    )


def _of_another_change(held: Register, change: Change) -> tuple[Approved, ...]:
    return all_approve(held, joining(held, "verifier-5", 7))


BAD_APPROVALS: dict[str, Callable[[Register, Change], tuple[Approved, ...]]] = {
    "by one too few": lambda held, change: all_approve(held, change)[:2],
    "by one too many": lambda held, change: all_approve(held, change, *held.verifiers),
    "by who is to join": lambda held, change: all_approve(
        held, change, "verifier-1", "verifier-2", "verifier-5"
    ),
    "by nobody's key": lambda held, change: all_approve(
        held, change, "verifier-1", "verifier-2", "verifier-9"
    ),
    "by statement keys": _by_other_keys,
    "at another place": _of_another_place,
    "in another network": _of_another_network,
    "of another change": _of_another_change,
}


@pytest.mark.parametrize("which", BAD_APPROVALS)
def test_a_change_without_the_approvals_of_k_is_refused(which: str) -> None:
    change = joining(ADMITTED, "verifier-5", 3)
    refuses(forged(ADMITTED, change, BAD_APPROVALS[which](ADMITTED, change)), "approv")


def test_what_was_approved_once_serves_once() -> None:
    """A verifier leaves and comes back: the old approvals do not bring it back again."""
    gone = changed(JOINED, leaving(JOINED, "verifier-5", 6))
    old = codec.decode(envelope.decode(JOINED.entries[-1], signatures_max=2).payload).body
    assert isinstance(old, MembershipChange)
    refuses(forged(gone, old.change, old.approvals), "approv")
    again = replace(joining(gone, "verifier-5", 9), handover=Digest.of(b"anew"))
    assert "verifier-5" in changed(gone, again).verifiers


IMPOSSIBLE: dict[str, tuple[Register, Change]] = {
    "joins unadmitted": (FIRST, joining(FIRST, "verifier-5", 3)),
    "joins twice": (JOINED, joining(JOINED, "verifier-5", 5)),
    "a lab joins": (FIRST, joining(FIRST, "aurora", 3)),
    "leaves, of four": (FIRST, leaving(FIRST, "verifier-2", 3)),
    "leaves, not counting": (LEFT, leaving(LEFT, "verifier-2", 9)),
    "begins no later": (JOINED, leaving(JOINED, "verifier-2", 3)),
    "begins before": (JOINED, leaving(JOINED, "verifier-2", 1)),
    "skips an epoch": (JOINED, replace(leaving(JOINED, "verifier-2", 5), epoch=3)),
    "repeats an epoch": (JOINED, replace(leaving(JOINED, "verifier-2", 5), epoch=1)),
}


@pytest.mark.parametrize("which", IMPOSSIBLE)
def test_no_approvals_make_an_impossible_change(which: str) -> None:
    held, change = IMPOSSIBLE[which]
    refuses(forged(held, change, all_approve(held, change)))


def test_an_admission_needs_its_newcomers_word_for_every_key() -> None:
    good = admission(FIRST, applicant("verifier-5", Role.VERIFIER, ""))
    refuses(forged(FIRST, good, all_approve(FIRST, good)), "signed")
    refuses(forged(FIRST, good, all_approve(FIRST, good), signers=("verifier-6",)), "signed")
    (first, shown), (second, other), *rest = good.entry.possession
    swapped = replace(good.entry, possession=((first, other), (second, shown), *rest))
    lent = Admission(entry=swapped)
    refuses(forged(FIRST, lent, all_approve(FIRST, lent), signers=("verifier-5",)), "possession")
    stolen = entry_for(FIRST.network_id, applicant("verifier-4", Role.VERIFIER, ""))
    taken = Admission(entry=replace(stolen, id=name("verifier-5"), origin=good.entry.origin))
    refuses(forged(FIRST, taken, all_approve(FIRST, taken), signers=("verifier-4",)))


def test_nobody_is_admitted_twice_or_under_anothers_name() -> None:
    again = admission(FIRST, applicant("verifier-5", Role.VERIFIER, ""))
    refuses(
        forged(ADMITTED, again, all_approve(ADMITTED, again), signers=("verifier-5",)), "admitted"
    )
    as_known = admission(FIRST, applicant("verifier-4", Role.VERIFIER, "other"))
    refuses(
        forged(FIRST, as_known, all_approve(FIRST, as_known), signers=("verifier-4",)), "admitted"
    )


def test_only_verifiers_are_admitted() -> None:
    lab = Admission(entry=entry_for(FIRST.network_id, applicant("cedar", Role.LAB, "")))
    data = codec.encode_body(MembershipChange(change=lab, approvals=all_approve(FIRST, lab)))
    with pytest.raises(MalformedStatement, match="only verifiers"):
        codec.decode_body(codec.Kind.MEMBERSHIP, data)


def test_the_subject_of_a_change_is_its_digest() -> None:
    change = joining(ADMITTED, "verifier-5", 3)
    good = all_approve(ADMITTED, change)
    assert Register.load(forged(ADMITTED, change, good), None, None).epochs[1].number == 1
    refuses(forged(ADMITTED, change, good, subject=Digest.of(b"other")), "subject")


def test_no_change_can_be_left_out_and_none_stands_before_the_register_is_whole() -> None:
    first = FIRST.size
    for place in range(first, LEFT.size - 1):
        refuses((*LEFT.entries[:place], *LEFT.entries[place + 1 :]))
    change = admission(FIRST, applicant("verifier-5", Role.VERIFIER, ""))
    whole = forged(FIRST, change, all_approve(FIRST, change), signers=("verifier-5",))
    refuses((*whole[:5], whole[-1], *whole[5:-1]))


def test_every_byte_of_a_change_counts() -> None:
    for place in range(FIRST.size, LEFT.size):
        entry = LEFT.entries[place]
        for at in range(0, len(entry), 211):
            flipped = entry[:at] + bytes([entry[at] ^ 1]) + entry[at + 1 :]
            refuses((*LEFT.entries[:place], flipped, *LEFT.entries[place + 1 :]))


def test_the_registrar_enters_the_approvals_of_k_and_no_others() -> None:
    change = joining(ADMITTED, "verifier-5", 3)
    given = approvals(ADMITTED, change)
    entry = entered(ADMITTED, REGISTRAR, change, given).entries[-1]
    body = codec.decode(envelope.decode(entry).payload).body
    assert isinstance(body, MembershipChange)
    assert len(body.approvals) == 3
    stale = {**given, name("verifier-1"): replace(given[name("verifier-1")], after=Digest.of(b""))}
    assert entered(ADMITTED, REGISTRAR, change, stale).epochs[-1].number == 1
    two = {who: each for who, each in stale.items() if who != name("verifier-2")}
    with pytest.raises(InvalidRegister):
        entered(ADMITTED, REGISTRAR, change, two)


def test_a_newcomer_with_whom_cuts_could_not_be_stated_is_not_admitted() -> None:
    full = register(labs=tuple(f"lab-{number:02}" for number in range(22)))
    with pytest.raises(Misuse, match="cuts"):
        admission(full, applicant("verifier-5", Role.VERIFIER, ""))
