"""Grinding: 2^16 tries of whatever an adversary may choose leave honest draws even.

The adversary is a lab that wants leaf BAD of its ledgers never to be drawn, and one verifier that
helps it. Each of 256 periods it makes 256 whole statements and signs the one it likes best. What
it grinds is real: the statement's bytes are encoded, and its id is that of the protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from math import comb
from types import SimpleNamespace
from typing import Any

import pytest

from pausenet.crypto import envelope
from pausenet.log.merkle import leaf_hash
from pausenet.protocol.inspecting import Fixed, Inspecting
from pausenet.protocol.inspection import (
    audit_leaves,
    commitment_of,
    detection,
    draw_leaves,
    image_of,
)
from pausenet.statements.inspection import InspectionRequest, SampleReveal
from pausenet.statements.job import decode_record
from pausenet.values import Digest, PeriodIndex, StatementId, TreeSize
from tests.protocol.inspected import Case, ask, attest_past, case, chain
from tests.protocol.paper import index, name, register

LEAVES, BAD = 64, 7
ROUNDS = TRIES = 256
HONEST = ("verifier-1", "verifier-2", "verifier-3")
HELPER = "verifier-4"

Draws = list[tuple[int, tuple[int, ...]]]
Scheme = Callable[[Digest, PeriodIndex, StatementId], int]


def drawn(image: Digest, period: PeriodIndex, usage: StatementId) -> int:
    """The leaf that one pre-image draws, by the protocol."""
    (found,) = draw_leaves(register().network_id, image, period, usage, leaves=LEAVES, share=1)
    return found


def from_the_root(image: Digest, period: PeriodIndex, usage: StatementId) -> int:
    """The planted old scheme: it draws from what the lab itself has made."""
    return drawn(Digest(bytes(32)), period, usage)


@cache
def image(verifier: str, period: int) -> Digest:
    return image_of(chain(verifier), PeriodIndex(period))


# ------------------------------------------------------------------------- what a lab can choose


@cache
def attested() -> Case:
    return case(jobs=LEAVES)


def of_root(root: bytes) -> StatementId:
    """The id of birch's statement with this root as its subject."""
    payload = envelope.decode(attested().usage).payload
    old = attested().ledger.root.hex().encode()
    assert payload.count(old) == 1
    return envelope.statement_id(payload.replace(old, root.hex().encode()))


@cache
def path() -> tuple[Digest, ...]:
    """The hashes above leaf BAD."""
    (opened,) = attested().ledger.open((BAD,))
    return opened.proof


def root_with(record: bytes) -> bytes:
    """The ledger's root with another record as leaf BAD, by the path above it."""
    node, at = bytes(leaf_hash(record)), BAD
    for sibling in path():
        pair = sibling + node if at % 2 else node + sibling
        node, at = sha256(b"\x01" + pair).digest(), at // 2
    return node


def fresh(*parts: int) -> bytes:
    return sha256(repr(parts).encode()).digest()


def roots(period: int) -> Iterator[StatementId]:
    """Any root that it likes: it signs for a ledger that it does not have."""
    for number in range(TRIES):
        yield of_root(fresh(period, number))


def salts(period: int) -> Iterator[StatementId]:
    """The salt of one record; ledger and totals stay true."""
    record = attested().ledger.leaves[BAD]
    salt = decode_record(record).salt.hex().encode()
    for number in range(TRIES):
        yield of_root(root_with(record.replace(salt, fresh(period, number).hex().encode())))


def times(period: int) -> Iterator[StatementId]:
    """A job's times, to the second."""
    record = attested().ledger.leaves[BAD]
    salt = decode_record(record).salt.hex().encode()
    record = record.replace(salt, fresh(period).hex().encode())
    end = decode_record(record).end
    for number in range(TRIES):
        yield of_root(root_with(record.replace(b'"end":%d' % end, b'"end":%d' % (end + number))))


def moments(period: int) -> Iterator[StatementId]:
    """When it signs: with what it has seen of another log, each head a moment of its own."""
    seen, old = sighted()
    assert seen.count(old) == 1
    for number in range(TRIES):
        yield envelope.statement_id(seen.replace(old, fresh(period, number).hex().encode()))


@cache
def sighted() -> tuple[bytes, bytes]:
    found = case(jobs=LEAVES)
    asked = ask(found)
    payload = envelope.decode(attest_past(found, asked, 5)).payload
    log = found.paper.log(asked.verifier)
    return payload, log.tree.root(TreeSize(log.size)).hex().encode()


CHOICES = {"root": roots, "salt": salts, "time": times, "moment": moments}


def ground(scheme: Scheme, what: str, *, known: str) -> list[StatementId]:
    """The statements it signs: of each period's tries the one whose draw lies farthest from BAD.

    Of its helper it knows the pre-image of the period itself; of the others only those that were
    given away before.
    """
    chosen = []
    for number in range(ROUNDS):
        foreseen = image(known, number if known == HELPER else max(0, number - 1))
        period = PeriodIndex(number)
        tries = CHOICES[what](number)
        chosen.append(max(tries, key=lambda usage: abs(scheme(foreseen, period, usage) - BAD)))
    return chosen


def of_honest(scheme: Scheme, chosen: list[StatementId], *names: str) -> Draws:
    """What these verifiers draw of the statements that were signed."""
    return [
        (LEAVES, (scheme(image(verifier, number), PeriodIndex(number), usage),))
        for number, usage in enumerate(chosen)
        for verifier in names
    ]


def likely(draws: Draws) -> bool:
    """Whether BAD was drawn as often as an even draw may give, at one false alarm in a thousand.

    Exact and two-sided: all counts that are no likelier, by the binomial in whole numbers.
    """
    trials, hits = len(draws), sum(leaves == (BAD,) for _, leaves in draws)
    weights = [comb(trials, k) * (LEAVES - 1) ** (trials - k) for k in range(trials + 1)]
    return 1_000 * sum(each for each in weights if each <= weights[hits]) > LEAVES**trials


@pytest.mark.parametrize(
    ("what", "known"),
    [("root", HONEST[0]), ("salt", HELPER), ("time", HELPER), ("moment", HONEST[0])],
)
def test_whatever_a_lab_grinds_what_the_honest_draw_stays_even(what: str, known: str) -> None:
    chosen = ground(drawn, what, known=known)
    draws = of_honest(drawn, chosen, *HONEST)
    audit = audit_leaves(draws)
    assert audit.run
    assert not audit.suspicious
    assert likely(draws)
    # The grinding itself works: the helper's own share, which nobody counts on, is steered.
    assert audit_leaves(of_honest(drawn, chosen, HELPER)).suspicious == (known == HELPER)


def test_the_planted_scheme_that_draws_from_the_root_fails_the_same_test() -> None:
    chosen = ground(from_the_root, "root", known=HONEST[0])
    draws = of_honest(from_the_root, chosen, *HONEST)
    assert audit_leaves(draws).suspicious
    assert not likely(draws)


# --------------------------------------------------------------------- what a verifier can choose


def withheld(shares: Callable[[list[Digest]], list[Digest]]) -> Draws:
    """2^16 reveals, of which the helper's stay away where it likes the draws better without."""
    found: Draws = []
    for number in range(2**14):
        usage, period = StatementId(Digest(fresh(number))), PeriodIndex(number)
        images = [Digest(fresh(number, each)) for each in range(4)]
        full = [drawn(each, period, usage) for each in shares(images)]
        less = [drawn(each, period, usage) for each in shares(images[:3])]
        better = max(full, less, key=lambda draws: min(abs(each - BAD) for each in draws[:3]))
        found += [(LEAVES, (each,)) for each in better[:3]]
    return found


def test_2_to_the_16_reveals_withheld_at_will_leave_the_other_shares_even() -> None:
    draws = withheld(lambda images: images)
    assert len(draws) == 3 * 2**14
    assert not audit_leaves(draws).suspicious
    met = sum((BAD,) in (one[1], two[1], three[1]) for one, two, three in _threes(draws))
    chance = detection(leaves=LEAVES, shown=1, shares=(1, 1, 1))
    deviation = (2**14 * chance * (1 - chance)) ** 0.5
    assert abs(met - 2**14 * chance) <= 4 * deviation


def _threes(draws: Draws) -> Iterator[Any]:
    return zip(draws[::3], draws[1::3], draws[2::3], strict=True)


def test_one_value_combined_of_all_reveals_gives_the_last_mover_a_choice() -> None:
    draws = withheld(lambda images: [Digest.of(*images)])
    assert audit_leaves(draws).suspicious


def test_the_moment_and_the_cut_of_a_request_change_no_draw() -> None:
    """A verifier that waits for another view, or another cut, asks for the same leaves."""
    found = case()
    usages = {name("birch"): (found.id, found.body)}
    asked, cuts = set(), set()
    for number in range(TRIES):
        said: list[Any] = []
        head = commitment_of(chain("verifier-1"))
        desk = SimpleNamespace(
            mirror=SimpleNamespace(statements=[SimpleNamespace(body=head)], size=1),
            drafts=said,
            halted="",
        )
        inspecting = Inspecting(
            register(),
            name("verifier-1"),
            chain("verifier-1"),
            book=SimpleNamespace(),
            publisher=desk,
            prosecution=SimpleNamespace(),
        )
        inspecting.draw(Fixed(period=index(4), cut=Digest(fresh(number)), usages=usages))
        reveal, request = (draft.body for draft in said)
        assert isinstance(reveal, SampleReveal)
        assert isinstance(request, InspectionRequest)
        cuts.add(reveal.cut)
        asked.add((reveal.image, request))
    assert len(cuts) == TRIES
    assert len(asked) == 1
