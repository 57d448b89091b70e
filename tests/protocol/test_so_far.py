"""An appraisal that goes on from the one before it is the one that a stranger makes alone."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from pausenet.protocol.appraisal import Appraised, CutAppraised, appraise, appraise_cut
from pausenet.protocol.cut import OrderSoFar, in_order
from pausenet.protocol.excesses import stated_in
from pausenet.protocol.overcap import stated_by
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.sofar import SoFar
from pausenet.statements import canonical
from pausenet.statements.codec import Kind
from pausenet.statements.correction import Correction
from pausenet.statements.cut import Cut
from pausenet.statements.finding import Fault
from pausenet.values import Digest, Origin, Seq, TreeSize
from tests.protocol.builders import Paper
from tests.protocol.paper import ENERGY, index, name, usage

PERIODS = 8
PEOPLE = ("aurora", "birch", "aurora-meter", "birch-meter")


def lived(seed: int) -> Paper:
    """A random course: caps broken and corrected, energy hidden, silence, lateness, nonsense."""
    chance, paper = Random(seed), Paper()
    for number in range(PERIODS):
        used = {lab: usage(run_pflop=chance.choice((6_000, 60_000))) for lab in PEOPLE[:2]}
        paper.period(
            number,
            used=used,
            metered={lab: chance.choice((1, 1, 2)) * ENERGY for lab in PEOPLE[:2]},
            silent=[who for who in PEOPLE if chance.random() < 0.15],
            late=[who for who in PEOPLE[:2] if chance.random() < 0.15],
            mute=["verifier-4"] if chance.random() < 0.3 else [],
        )
        log = paper.log(chance.choice(PEOPLE[:2]))
        if chance.random() < 0.3:
            log.append(b"nothing that decodes")
        if chance.random() < 0.5:
            correct_last(paper, log.keys.id)
    return paper


def correct_last(paper: Paper, lab: str) -> None:
    """Restate the latest usage in a lab's log, where it is the last but little in it."""
    reader, log = StatementReader(), paper.log(lab)
    member = paper.register.members[log.keys.id]
    view = reader.view(paper.register, member, log.entries, log.size)
    for place in reversed(range(log.size)):
        said = view.statements[place]
        if said is not None and said.kind == "usage":
            of = Digest(reader.identity(log.entries[place]))
            body = Correction(of=of, seq=Seq(place), usage=usage(run_pflop=5_000), reason="typed")
            log.say(body, period=said.period, agreed=said.agreement)
            return


def spelled(found: tuple[Appraised, ...]) -> list[tuple[bytes, dict[Digest, bytes]]]:
    return [(canonical.encode(each.appraisal.to_json()), dict(each.bundles)) for each in found]


def by_stranger(paper: Paper, cut: Cut, logs: dict[Origin, list[bytes]]) -> CutAppraised:
    return appraise_cut(paper.register, cut, logs, StatementReader())


@pytest.mark.parametrize("seed", range(6))
def test_cut_after_cut_gives_the_bytes_that_each_cut_gives_alone(seed: int) -> None:
    paper, reader = lived(seed), StatementReader()
    entries, carried = paper.entries(), set()
    for cut in paper.cuts:
        expected = by_stranger(paper, cut, entries)
        found = appraise_cut(paper.register, cut, entries, reader)
        assert spelled(found.appraised) == spelled(expected.appraised)
        assert found.fixed == expected.fixed
        carried.add(id(reader.carried))
    assert len(carried) == 1, "one and the same goes on"


def test_the_courses_that_are_compared_show_what_there_is_to_find() -> None:
    faults = {
        finding.fault
        for seed in range(6)
        for paper in [lived(seed)]
        for item in appraise(paper.register, paper.cuts[-1], paper.entries())
        for finding in item.appraisal.findings
    }
    assert faults >= {Fault.F5, Fault.F6, Fault.F7}


@pytest.mark.parametrize("seed", range(3))
def test_what_a_lab_has_stated_is_the_same_looked_up_again_or_read_as_a_bundle(seed: int) -> None:
    paper, reader = lived(seed), StatementReader()
    for lab in PEOPLE[:2]:
        member, log = paper.register.members[name(lab)], paper.log(lab)
        view = reader.view(paper.register, member, log.entries, log.size)
        usages = [seq for seq, _ in view.numbered(Kind.USAGE)]
        for until in range(1, log.size + 1):
            for seq in (each for each in usages if each < until):
                expected = stated_by(dict(view.log), seq, until)
                assert stated_in(view, seq, TreeSize(until)) == expected


@pytest.mark.parametrize("seed", range(3))
def test_cuts_in_any_order_and_a_start_in_between_give_the_same_bytes(seed: int) -> None:
    paper, chance, reader = lived(seed), Random(seed), StatementReader()
    entries = paper.entries()
    for cut in chance.choices(paper.cuts, k=2 * PERIODS):
        if chance.random() < 0.2:
            reader = StatementReader()
        found = appraise(paper.register, cut, entries, reader)
        assert spelled(found) == spelled(by_stranger(paper, cut, entries).appraised)


@pytest.mark.parametrize("who", ["birch", "birch-meter", "verifier-2"])
def test_another_branch_of_a_log_is_read_from_its_beginning(who: str) -> None:
    paper, reader = lived(0), StatementReader()
    origin, entries = paper.log(who).origin, paper.entries()
    other = {**entries, origin: [*entries[origin][:3], b"junk", *entries[origin][4:]]}
    for cut, logs in zip(paper.cuts * 2, (entries, other) * PERIODS, strict=True):
        found = appraise(paper.register, cut, logs, reader)
        assert spelled(found) == spelled(by_stranger(paper, cut, logs).appraised)


def test_of_a_register_that_counts_otherwise_nothing_is_carried() -> None:
    paper, reader = Paper(), StatementReader()
    paper.period(0)
    appraise(paper.register, paper.cuts[0], paper.entries(), reader)
    held = reader.carried
    assert isinstance(held, SoFar)
    assert SoFar.of(held.register, reader) is held
    court = held.register.epoch
    other = replace(held.register, epoch=replace(court, verifiers=court.verifiers[::-1]))
    assert SoFar.of(other, reader) is not held


@pytest.mark.parametrize("seed", range(4))
def test_cuts_that_come_late_are_put_in_their_place(seed: int) -> None:
    paper, chance, order = Paper(), Random(seed), OrderSoFar()
    for number in range(6):
        paper.period(number)
    late = replace(paper.cuts[chance.randrange(5)], view=1)
    cuts = list[Cut]()
    for cut in (*paper.cuts[:4], late, *paper.cuts[4:]):
        cuts.append(cut)
        cuts.sort(key=lambda each: (each.period, each.view, each.digest))
        for forked in (frozenset(), frozenset({paper.log("birch").origin})):
            assert order.of(cuts, forked) == in_order(cuts, forked)
    assert index(5) == cuts[-1].period
