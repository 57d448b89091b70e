"""A false appraisal comes to light, whatever its author says around it, and however late."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from pausenet.crypto import envelope
from pausenet.log.checkpoint import Note
from pausenet.protocol import faults
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.prosecution import Prosecution
from pausenet.protocol.publisher import Publisher
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.reproduction import Reproduction
from pausenet.simulator.adversary.false_appraiser import opposite
from pausenet.statements import codec
from pausenet.statements.finding import Appraisal, Fault
from pausenet.values import Digest, ParticipantId, Role, Seq
from tests.protocol.builders import Paper
from tests.protocol.paper import index, keyring, name

LIAR, ME = "verifier-2", "verifier-1"
CUTS = 20


@cache
def network() -> tuple[Paper, list[list[Appraisal]]]:
    paper = Paper()
    found = [[each.appraisal for each in paper.period(number)] for number in range(CUTS)]
    return paper, found


class Bench:
    """One verifier's comparing, and the proofs it comes to."""

    def __init__(self) -> None:
        self.paper, self.true = network()
        register, me = self.paper.register, name(ME)
        book = LogBook(register, tuple(role for role in Role if role is not Role.REGISTRAR))
        for who, log in self.paper.logs.items():
            book.hold(register.members[who])
            note = Note.decode(log.note())
            book.mirrors[log.origin].extend(Seq(0), tuple(log.entries), note)
        publisher = Publisher(register, keyring(ME, Role.VERIFIER), book)
        self.prosecution = Prosecution(register, me, book, publisher)
        self.reproduction = Reproduction(register, me, book, self.prosecution)
        self.compared = StatementReader()

    def says(self, by: str, *appraisals: Appraisal) -> Bench:
        log = self.paper.log(by)
        for said in appraisals:
            entry = log.sealed(log.statement(said))
            self.reproduction.hear(codec.decode(_payload(entry)), entry)
        self.reproduction.compare(self.compared)
        return self

    def convicted(self) -> list[tuple[Fault, ParticipantId]]:
        network_id = self.paper.register.network_id
        claims = [verify_bundle(data, network_id).claim for data in self.bundles()]
        return [(claim.fault, claim.accused) for claim in claims if claim is not None]

    def bundles(self) -> list[bytes]:
        return list(self.prosecution.bundles.values())


def _payload(entry: bytes) -> bytes:
    return envelope.decode(entry).payload


def nonsense(true: Appraisal, number: int) -> list[Appraisal]:
    """Appraisals of cuts that nobody has: no proof can be made of them."""
    return [
        replace(true, period=index(1_000 + place), cut=Digest.of(bytes([place])))
        for place in range(number)
    ]


def test_a_lie_before_the_own_appraisal_is_proven() -> None:
    bench = Bench()
    true = bench.true[6]
    bench.says(LIAR, opposite(true[0])).says(ME, *true)
    assert bench.convicted() == [(Fault.F9, LIAR)]


def test_a_lie_under_a_hundred_appraisals_of_nothing_is_proven() -> None:
    bench = Bench()
    true = bench.true[6]
    bench.says(LIAR, opposite(true[0]), *nonsense(true[0], 100)).says(ME, *true)
    assert bench.convicted() == [(Fault.F9, LIAR)]


def test_a_lie_about_a_cut_long_past_is_proven() -> None:
    bench = Bench()
    for true in bench.true:
        bench.says(ME, *true)
    bench.says(LIAR, opposite(bench.true[1][0]))
    assert bench.convicted() == [(Fault.F9, LIAR)]


def test_what_is_true_or_of_no_known_cut_convicts_nobody() -> None:
    bench = Bench()
    for true in bench.true[:3]:
        bench.says(ME, *true).says("verifier-3", *true)
    bench.says(LIAR, *nonsense(bench.true[0][0], 3))
    assert bench.convicted() == []


def test_lies_about_a_cut_too_large_to_prove_cost_one_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = []

    def fits(_logs: object) -> bool:
        tried.append(1)
        return False

    monkeypatch.setattr(faults, "fits", fits)
    bench = Bench()
    true = bench.true[6]
    lies = [replace(opposite(true[0]), corrections=number) for number in range(50)]
    bench.says(LIAR, *lies).says(ME, *true).says(LIAR, *lies)
    assert bench.convicted() == []
    assert len(tried) == 1
