"""A job's record cannot be found by trying: what is opened beside it gives only a salted hash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from pausenet.errors import Misuse
from pausenet.log.merkle import leaf_hash
from pausenet.protocol.ledger import UsageLedger, build_ledger
from pausenet.statements.job import decode_record
from pausenet.values import Digest, Salt
from tests.protocol.builders import Paper
from tests.protocol.inspected import case, sample
from tests.protocol.paper import name

OPENED = (3, 4, 5, 11)
HIDDEN = (2, 10)
"""The leaves beside 3 and 11: their hashes stand in the proofs as siblings."""
TRIES = 2**16


def siblings(ledger: UsageLedger) -> set[Digest]:
    """Every hash that the opening gives away beside the opened leaves themselves."""
    return {node for leaf in ledger.open(OPENED) for node in leaf.proof}


def guesses(record: bytes, salts: Iterator[bytes]) -> Iterator[bytes]:
    """What an inspector tries who knows all of a record but its salt."""
    salt = decode_record(record).salt.hex().encode()
    for guess in salts:
        yield record.replace(salt, guess.hex().encode())


def likely_salts(ledger: UsageLedger) -> Iterator[bytes]:
    """Salts that a careless lab might have: those it has shown, their neighbours, and numbers."""
    shown = [decode_record(ledger.leaves[at]).salt for at in OPENED]
    for salt in shown:
        yield bytes(salt)
        yield Digest.of(salt)
        for step in range(-64, 65):
            yield ((int.from_bytes(salt, "big") + step) % 2**256).to_bytes(32, "big")
    yield bytes(ledger.root)
    for number in range(TRIES):
        yield number.to_bytes(32, "big")


def test_a_record_known_but_for_its_salt_is_not_found_in_2_to_the_16_tries() -> None:
    ledger = case().ledger
    given = siblings(ledger)
    for at in HIDDEN:
        assert leaf_hash(ledger.leaves[at]) in given
        found = [
            guess
            for guess in guesses(ledger.leaves[at], likely_salts(ledger))
            if leaf_hash(guess) in given
        ]
        assert found == []


def test_without_fresh_salts_the_same_tries_find_the_job_and_what_it_used() -> None:
    """The planted mistake: a salt that anybody can name. Figures are then found by trying."""
    ledger = case().ledger
    records = [decode_record(leaf) for leaf in ledger.leaves]
    named = [replace(each, salt=Salt(bytes(32))).encode() for each in records]
    bare = UsageLedger.of(named)
    given = siblings(bare)
    for at in HIDDEN:
        true = decode_record(named[at])
        time = b'"occupied_s":%d,' % true.used.occupied_s
        work = b'"used_pflop":%d}' % true.used.used_pflop
        assert named[at].count(time) >= 1
        found = set()
        for seconds, pflop in product(range(900, 1_156), range(256)):
            guess = named[at].replace(time, b'"occupied_s":%d,' % seconds)
            guess = guess.replace(work, b'"used_pflop":%d}' % pflop)
            if leaf_hash(guess) in given:
                found.add((seconds, pflop))
        assert (true.used.occupied_s, true.used.used_pflop) in found


def test_a_salt_that_serves_twice_is_refused() -> None:
    paper = Paper()
    drawn = sample(paper)
    twice = replace(drawn, salts=(drawn.salts[0], *drawn.salts[:-1]))
    with pytest.raises(Misuse, match="fresh salt"):
        build_ledger(paper.register.network_id, name("birch"), twice)
