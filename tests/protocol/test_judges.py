"""The judges of F5, F6 and F7 refuse materials that are true, signed, and not enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.errors import InvalidEvidence
from pausenet.protocol.cut import network_cuts, published_time
from pausenet.protocol.evidence import UNPROVEN, EndorsedCut, Leaf, Material, Signed, decode_bundle
from pausenet.protocol.overcap import judge_over_cap
from pausenet.protocol.reader import StatementReader, open_entry
from pausenet.protocol.warrants import judge_discrepancy, judge_silence
from pausenet.statements.codec import Body
from pausenet.statements.reading import Reading
from pausenet.values import Seq, TreeSize, WattHours
from tests.protocol.builders import Paper, of_lab
from tests.protocol.bundles import all_bundles
from tests.protocol.paper import ENERGY, index, name, silence, usage

OVER = usage(run_pflop=60_000)


@pytest.fixture
def paper() -> Paper:
    """Birch is over the cap from period 3 on, in force since period 2; cuts 0 to 6."""
    made = Paper()
    for number in range(7):
        made.period(number, used={"birch": OVER} if number >= 3 else {})
    return made


def materials_of(paper: Paper, place: int, first: int, second: int) -> tuple[Material, ...]:
    """F6's materials for the entry at a place of birch's log, under these two cuts."""
    cuts = network_cuts(paper.register, paper.entries())

    def leaf(lab: str, seq: int, number: int) -> Leaf:
        log = paper.log(lab)
        size = cuts[number].cut.size_of(log.origin)
        proof = log.tree.inclusion(Seq(seq), TreeSize(size))
        return Leaf(index=Seq(seq), entry=log.entries[seq], proof=proof)

    held = max(place + 1, cuts[second].cut.size_of(paper.log("birch").origin))
    return (
        cuts[0].material(paper.register),
        leaf("aurora", 0, 0),
        leaf("birch", 0, 0),
        cuts[first].material(paper.register),
        leaf("birch", place, first),
        cuts[second].material(paper.register),
        *(leaf("birch", each, second) for each in range(place, held)),
    )


def test_the_fixture_is_a_proof(paper: Paper) -> None:
    """Place 4 is the usage of period 3: place 0 is the ratification."""
    assert judge_over_cap(paper.register, materials_of(paper, 4, 3, 4)).accusation.periods == (3,)


def test_one_cut_alone_or_an_earlier_one_does_not_confirm(paper: Paper) -> None:
    for first, second in ((3, 3), (4, 3)):
        with pytest.raises(InvalidEvidence, match="not later"):
            judge_over_cap(paper.register, materials_of(paper, 4, first, second))


def test_usage_within_the_caps_is_refused(paper: Paper) -> None:
    with pytest.raises(InvalidEvidence, match="within the caps"):
        judge_over_cap(paper.register, materials_of(paper, 3, 3, 4))


def test_usage_that_does_not_name_the_agreement_is_refused() -> None:
    paper = Paper()
    for number in range(6):
        paper.in_force = {}
        paper.period(number, used={"birch": OVER} if number >= 3 else {})
    with pytest.raises(InvalidEvidence, match="does not name"):
        judge_over_cap(paper.register, materials_of(paper, 4, 3, 4))


def test_usage_of_a_period_before_the_notice_is_over_is_refused() -> None:
    paper = Paper()
    for number in range(4):
        paper.in_force = {"birch": 0}
        paper.period(number, used={"birch": OVER})
    with pytest.raises(InvalidEvidence, match="not yet in force"):
        judge_over_cap(paper.register, materials_of(paper, 2, 1, 2))


def test_a_proof_of_another_place_or_log_is_refused(paper: Paper) -> None:
    good = materials_of(paper, 5, 4, 5)
    assert isinstance(good[4], Leaf)
    for leaf in (
        replace(good[4], index=Seq(4)),
        replace(good[4], proof=good[4].proof[::-1]),
        replace(good[4], proof=()),
    ):
        with pytest.raises(UNPROVEN):
            judge_over_cap(paper.register, (*good[:4], leaf, *good[5:]))


def test_a_statement_beside_the_log_is_not_held_by_the_cut(paper: Paper) -> None:
    """Signed by the lab, over the cap, at a place that the log fills otherwise."""
    good = materials_of(paper, 4, 3, 4)
    other = paper.log("birch").fork(4)
    entry = other.say(
        usage(run_pflop=70_000),
        period=paper.schedule.period(index(3)),
        agreed=paper.agreement.digest,
    )
    swapped = tuple(
        replace(item, entry=entry) if isinstance(item, Leaf) and item.index == 4 else item
        for item in good
    )
    with pytest.raises(UNPROVEN):
        judge_over_cap(paper.register, swapped)


def test_every_partys_ratification_is_needed(paper: Paper) -> None:
    good = materials_of(paper, 4, 3, 4)
    for first in ((good[0], good[2]), (good[0], good[1]), (good[0], good[2], good[1])):
        with pytest.raises(InvalidEvidence, match="ratification of each"):
            judge_over_cap(paper.register, (*first, *good[3:]))
    cut = good[0]
    assert isinstance(cut, EndorsedCut)
    few = replace(cut, endorsements=cut.endorsements[:-1])
    with pytest.raises(InvalidEvidence, match="k endorsements"):
        judge_over_cap(paper.register, (few, *good[1:]))


def balance(
    paper: Paper, *, party: str = "birch", periods: tuple[int, int] = (3, 4)
) -> list[bytes]:
    """Usage and reading of two periods, by birch and its meter, all far over the threshold."""
    paper.in_force = {"birch": 0}
    entries = []
    for number in periods:
        period = paper.schedule.period(index(number))
        entries.append(paper.use("birch", number))
        body = Reading(party=name(party), energy_wh=WattHours(2 * ENERGY))
        entries.append(paper.log("birch-meter").say(body, period=period))
    return entries


def signed(entries: list[bytes]) -> tuple[Material, ...]:
    return tuple(Signed(entry=entry) for entry in entries)


def test_a_discrepancy_needs_consecutive_periods() -> None:
    paper = Paper()
    assert judge_discrepancy(paper.register, signed(balance(paper)))
    for periods in ((3, 5), (4, 3), (3, 3)):
        with pytest.raises(InvalidEvidence, match="consecutive"):
            judge_discrepancy(paper.register, signed(balance(Paper(), periods=periods)))


def test_a_discrepancy_needs_the_partys_own_reading_of_the_same_period() -> None:
    with pytest.raises(InvalidEvidence, match="another party"):
        judge_discrepancy(Paper().register, signed(balance(Paper(), party="aurora")))
    entries = balance(Paper())
    swapped = [entries[0], entries[3], entries[2], entries[1]]
    with pytest.raises(InvalidEvidence, match="another period"):
        judge_discrepancy(Paper().register, signed(swapped))
    foreign = Paper().read("aurora", 3, 2 * ENERGY)
    with pytest.raises(InvalidEvidence, match="own meter"):
        judge_discrepancy(Paper().register, signed([entries[0], foreign, *entries[2:]]))


def test_a_difference_within_the_threshold_is_no_discrepancy() -> None:
    paper = Paper()
    paper.in_force = {"birch": 0}
    entries = []
    for number, metered in ((3, 2 * ENERGY), (4, ENERGY)):
        entries += [paper.use("birch", number), paper.read("birch", number, metered)]
    with pytest.raises(InvalidEvidence, match="not significantly"):
        judge_discrepancy(paper.register, signed(entries))


def silences(paper: Paper, who: tuple[str, ...], body: Body | None = None) -> list[bytes]:
    log = paper.log("birch")
    said = body or silence(paper.register, log.origin, 3, log.size)
    return [paper.log(verifier).say(said) for verifier in who]


def test_a_silence_needs_exactly_f_plus_one_different_verifiers_in_order() -> None:
    paper = Paper()
    assert judge_silence(paper.register, signed(silences(paper, ("verifier-1", "verifier-3"))))
    for who in (
        ("verifier-1",),
        ("verifier-3", "verifier-1"),
        ("verifier-1", "verifier-1"),
        ("verifier-1", "verifier-2", "verifier-3"),
        ("verifier-1", "aurora"),
    ):
        with pytest.raises(InvalidEvidence):
            judge_silence(paper.register, signed(silences(Paper(), who)))


def test_a_silence_about_a_verifier_accuses_nobody() -> None:
    paper = Paper()
    about = silence(paper.register, paper.log("verifier-4").origin, 3)
    with pytest.raises(InvalidEvidence, match="lab's or a meter's"):
        judge_silence(paper.register, signed(silences(paper, ("verifier-1", "verifier-2"), about)))


def test_an_answer_by_another_or_for_another_period_withdraws_nothing() -> None:
    paper = Paper()
    said = silences(paper, ("verifier-1", "verifier-2"))
    assert judge_silence(paper.register, signed([*said, paper.use("birch", 3)]))
    for answer in (paper.use("birch", 4), paper.use("aurora", 3), paper.read("birch", 3)):
        with pytest.raises(InvalidEvidence):
            judge_silence(paper.register, signed([*said, answer]))


def test_nobody_speaks_in_anothers_log() -> None:
    paper = Paper()
    log = paper.log("birch")
    foreign = replace(log.statement(usage()), origin=paper.log("aurora").origin)
    with pytest.raises(InvalidEvidence, match="does not speak"):
        open_entry(paper.register, log.sealed(foreign))


def test_published_time_is_the_larger_of_the_first_two_of_four() -> None:
    paper = Paper()
    paper.use("birch", 0)
    cut = paper.cut(0)
    log, reader = paper.log("birch"), StatementReader()
    member = paper.register.members[name("birch")]
    view = reader.view(paper.register, member, log.entries, log.size)
    end = paper.schedule.period(index(0)).end
    assert published_time(paper.register, cut, view, Seq(1), reader) == end + 61
    assert published_time(paper.register, cut, view, Seq(2), reader) is None


def test_true_times_on_another_branch_of_the_log_do_not_count() -> None:
    paper = Paper()
    other = paper.log("birch").fork(1)
    paper.use("birch", 0)
    other.say(usage(5))
    cut, reader = paper.cut(0), StatementReader()
    times = paper.times(other, 100)
    origins = tuple(
        replace(item, times=times) if item.origin == other.origin else item for item in cut.origins
    )
    log = paper.log("birch")
    member = paper.register.members[name("birch")]
    view = reader.view(paper.register, member, log.entries, log.size)
    forked = replace(cut, origins=origins)
    assert published_time(paper.register, forked, view, Seq(1), reader) is None


def test_what_appraisal_seals_is_what_the_judge_accepts(paper: Paper) -> None:
    found = of_lab(paper.appraise(paper.cuts[-1]), "birch")
    (data,) = found.bundles.values()
    assert decode_bundle(data).materials == materials_of(paper, 4, 3, 4)
    assert all_bundles()["F6 confirmed"] != data
