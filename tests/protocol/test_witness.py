"""The witness machine: what it cosigns, what it refuses, and that it never goes back."""

from __future__ import annotations

import random

import pytest

from pausenet.crypto.keys import SigningKey
from pausenet.errors import MalformedRecord, Misuse
from pausenet.log.addcheckpoint import SIZE_TYPE, Submission, decode_lines, origin_hash
from pausenet.log.checkpoint import Checkpoint, Note, SignatureLine, sign_checkpoint
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.opened import open_note
from pausenet.log.vkey import KeyName, KeyType, VerifierKey
from pausenet.protocol.witness import Answer, Code, Record, Witness
from pausenet.values import Digest, NetworkTime, TreeSize
from tests.log.notes import LOG, LOG_KEY, ORIGIN, tree_of

NAME = KeyName("witness.example/w")
KEY = SigningKey.from_seed(b"\x07" * 32)
TREE = tree_of(300)
OTHER = Tree(leaf_hash(b"other %d" % number) for number in range(300))
NOW = NetworkTime(1_700_000_000)


def witness() -> Witness:
    return Witness(name=NAME, signer=KEY, logs=(LOG_KEY,))


def note(size: int, tree: Tree = TREE, signer: SigningKey = LOG, origin: str = ORIGIN) -> Note:
    name, count = KeyName(origin), TreeSize(size)
    head = Checkpoint(origin=name, size=count, root=tree.root(count))
    return Note(body=head, signatures=(sign_checkpoint(head, signer),))


def body(old: int, size: int, tree: Tree = TREE, **how: object) -> bytes:
    proof = tree.consistency(TreeSize(old), TreeSize(size))
    return Submission(old=TreeSize(old), proof=proof, note=note(size, tree, **how)).encode()


def submit(to: Witness, data: bytes, now: int = NOW) -> Answer:
    return to.submit(data, NetworkTime(now))[1]


def test_a_growing_log_is_cosigned_from_nothing_on() -> None:
    one = witness()
    for old, size in ((0, 3), (3, 3), (3, 200), (200, 300)):
        record, answer = one.submit(body(old, size), NetworkTime(NOW + size))
        assert answer.code is Code.COSIGNED
        signed = decode_lines(answer.body, note(size).body, one.key)
        assert signed.time == NOW + size
        if (old, size) != (3, 3):
            assert record is not None
            opened = open_note(record.note, LOG_KEY, (one.key,))
            assert (opened.checkpoint.size, len(opened.cosignatures)) == (size, 1)
    assert one.latest(origin_hash(ORIGIN)) == one.held()[0].note


def test_an_old_size_of_zero_takes_an_empty_proof_and_no_other() -> None:
    full = Submission(old=TreeSize(0), proof=(Digest.of(b"x"),), note=note(3)).encode()
    assert submit(witness(), full).code is Code.INCONSISTENT
    assert submit(witness(), body(0, 3)).code is Code.COSIGNED
    assert submit(witness(), body(0, 0)).code is Code.COSIGNED


def test_a_stale_old_size_gets_the_stored_size_also_for_the_same_checkpoint() -> None:
    one = witness()
    submit(one, body(0, 8))
    for old, size in ((0, 8), (5, 8), (5, 20), (3, 5)):
        answer = submit(one, body(old, size))
        assert (answer.code, answer.type, answer.body) == (Code.CONFLICT, SIZE_TYPE, b"8\n")
    ahead = submit(one, body(9, 20))
    assert (ahead.code, ahead.type, ahead.body) == (Code.CONFLICT, SIZE_TYPE, b"8\n")


def test_another_root_at_the_same_size_is_a_conflict_without_a_size() -> None:
    one = witness()
    submit(one, body(0, 8))
    answer = submit(one, body(8, 8, OTHER))
    assert answer.code is Code.CONFLICT
    assert answer.type != SIZE_TYPE


def test_a_proof_of_another_tree_a_wrong_length_or_none_does_not_verify() -> None:
    proof = TREE.consistency(TreeSize(8), TreeSize(20))
    for bad in (
        Submission(old=TreeSize(8), proof=(), note=note(20)),
        Submission(old=TreeSize(8), proof=proof[:-1], note=note(20)),
        Submission(old=TreeSize(8), proof=(*proof, Digest.of()), note=note(20)),
        Submission(old=TreeSize(8), proof=proof, note=note(20, OTHER)),
        Submission(old=TreeSize(8), proof=proof, note=note(8)),
    ):
        one = witness()
        submit(one, body(0, 8))
        assert submit(one, bad.encode()).code is Code.INCONSISTENT


def test_a_whole_other_tree_with_its_own_good_proof_does_not_verify() -> None:
    one = witness()
    submit(one, body(0, 8))
    assert submit(one, body(8, 20, OTHER)).code is Code.INCONSISTENT


def test_an_old_size_above_the_checkpoint_is_malformed_also_where_it_is_stale() -> None:
    one = witness()
    submit(one, body(0, 8))
    too_old = Submission(old=TreeSize(8), proof=(), note=note(5)).encode()
    assert submit(one, too_old).code is Code.MALFORMED
    stale = Submission(old=TreeSize(9), proof=(), note=note(5)).encode()
    assert submit(one, stale).code is Code.MALFORMED


def test_who_is_not_trusted_is_refused_before_anything_is_told_of_the_log() -> None:
    one = witness()
    submit(one, body(0, 8))
    stranger = SigningKey.from_seed(b"\x09" * 32)
    assert submit(one, body(0, 8, signer=stranger)).code is Code.NO_TRUSTED_SIGNATURE
    assert submit(one, body(0, 8, origin="example.org/else")).code is Code.UNKNOWN_ORIGIN
    assert submit(one, b"old 0\n\nnothing").code is Code.MALFORMED


def test_a_bad_or_repeated_line_by_a_known_key_is_refused_and_an_unknown_one_ignored() -> None:
    good = note(8)
    own = good.signatures[0]
    bad = SignatureLine(name=own.name, key_hash=own.key_hash, blob=b"\x00" * 64)
    unknown = SignatureLine(name=KeyName("elsewhere"), key_hash=own.key_hash, blob=b"\x00" * 64)
    codes = []
    for lines in ((bad,), (own, bad), (own, own), (unknown,), (own, unknown)):
        sent = Submission(old=TreeSize(0), proof=(), note=Note(body=good.body, signatures=lines))
        codes.append(submit(witness(), sent.encode()).code)
    assert codes == [Code.NO_TRUSTED_SIGNATURE] * 4 + [Code.COSIGNED]


def test_a_log_with_two_keys_needs_one_of_them() -> None:
    second = SigningKey.from_seed(b"\x0a" * 32)
    key = VerifierKey(name=ORIGIN, type=KeyType.LOG, public_key=second.public_key)
    one = Witness(name=NAME, signer=KEY, logs=(LOG_KEY, key))
    assert submit(one, body(0, 8)).code is Code.COSIGNED
    assert submit(one, body(8, 20, signer=second)).code is Code.COSIGNED


def test_a_clock_that_went_back_signs_nothing_and_moves_nothing() -> None:
    one = witness()
    submit(one, body(0, 8))
    assert submit(one, body(8, 20), NOW - 1).code is Code.NOT_SIGNING
    assert submit(one, body(8, 20), 0).code is Code.NOT_SIGNING
    assert submit(one, body(8, 20)).code is Code.COSIGNED


def test_the_same_checkpoint_in_the_same_second_gets_the_stored_bytes_and_no_new_record() -> None:
    one = witness()
    first = submit(one, body(0, 8))
    record, again = one.submit(body(8, 8), NOW)
    assert (record, again.body) == (None, first.body)
    later, fresh = one.submit(body(8, 8), NetworkTime(NOW + 1))
    assert later is not None
    assert fresh.body != first.body


def test_refusals_leave_the_state_as_it_was() -> None:
    one = witness()
    submit(one, body(0, 8))
    before = one.held()
    for data in (b"", body(0, 8), body(8, 8, OTHER), body(8, 20, OTHER), body(9, 20)):
        record, answer = one.submit(data, NetworkTime(NOW + 5))
        assert record is None
        assert answer.code is not Code.COSIGNED
    assert one.held() == before


def test_a_witness_is_no_log_and_shares_no_key_with_one() -> None:
    with pytest.raises(Misuse):
        Witness(name=ORIGIN, signer=KEY, logs=(LOG_KEY,))
    with pytest.raises(Misuse):
        Witness(name=NAME, signer=LOG, logs=(LOG_KEY,))
    with pytest.raises(Misuse):
        Witness(name=NAME, signer=KEY, logs=(witness().key,))


# ---------------------------------------------------------------------- memory


def records(*steps: tuple[int, int]) -> list[Record]:
    one, found = witness(), []
    for old, size in steps:
        record, _ = one.submit(body(old, size), NetworkTime(NOW + size))
        assert record is not None
        found.append(record)
    return found


def test_after_a_restart_it_stands_where_its_records_end() -> None:
    one = witness()
    one.load(record.note for record in records((0, 8), (8, 20)))
    assert submit(one, body(8, 30), NOW + 50).body == b"20\n"
    assert submit(one, body(20, 30), NOW + 50).code is Code.COSIGNED
    assert submit(one, body(30, 30), NOW + 49).code is Code.NOT_SIGNING


def test_records_that_go_back_fork_or_are_not_its_own_are_refused() -> None:
    first, second = (record.note for record in records((0, 8), (8, 20)))
    stranger = Witness(name=NAME, signer=SigningKey.from_seed(b"\x0b" * 32), logs=(LOG_KEY,))
    foreign, _ = stranger.submit(body(0, 30), NetworkTime(NOW + 90))
    fork, _ = witness().submit(body(0, 20, OTHER), NetworkTime(NOW + 90))
    assert foreign is not None
    assert fork is not None
    for bad in (
        [second, first],
        [first, second, fork.note],
        [first, foreign.note],
        [note(8).encode()],
        [first[:-2]],
        [first.replace(b"\n8\n", b"\n9\n")],
    ):
        with pytest.raises(MalformedRecord):
            witness().load(bad)


def test_a_state_survives_the_trust_in_its_log_being_taken_away_and_given_again() -> None:
    kept = [record.note for record in records((0, 8))]
    nobody = Witness(name=NAME, signer=KEY, logs=())
    nobody.load(kept)
    assert submit(nobody, body(8, 20), NOW + 50).code is Code.UNKNOWN_ORIGIN
    again = witness()
    again.load(record.note for record in nobody.held())
    assert submit(again, body(0, 20), NOW + 50).body == b"8\n"


@pytest.mark.parametrize("seed", range(30))
def test_no_order_of_submissions_and_crashes_makes_it_sign_two_histories(seed: int) -> None:
    """Any number of requests on two trees, with restarts from what was made durable."""
    choose = random.Random(seed)
    one, disk, signed = witness(), list[bytes](), list[Checkpoint]()
    now = int(NOW)
    for _ in range(60):
        now += choose.choice((0, 1, 1, 5, -2))
        tree = choose.choice((TREE, TREE, OTHER))
        old, size = sorted(choose.sample(range(40), 2))
        if choose.random() < 0.7:
            old = int(Note.decode(disk[-1]).body.size) if disk else 0
            size = min(300, old + choose.randrange(9))
        record, answer = one.submit(body(old, size, tree), NetworkTime(now))
        crash = choose.random() < 0.1
        if record is not None and not crash:
            disk.append(record.note)
            assert answer.code is Code.COSIGNED
            signed.append(Note.decode(record.note).body)
        if crash:  # before the record was durable: no answer has left either
            one = witness()
            one.load(disk)
    sizes = [head.size for head in signed]
    assert sizes == sorted(sizes)
    assert signed
    trees = [
        {head.root == tree.root(head.size) for head in signed if head.size}
        for tree in (TREE, OTHER)
    ]
    assert trees in ([{True}, {False}], [{False}, {True}], [set(), set()])
