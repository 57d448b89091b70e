"""Corrections: what counts, until when, what it does to a proof, and what can be hidden by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pausenet.crypto import envelope
from pausenet.files import read_scenario
from pausenet.protocol import appraisal, corrections
from pausenet.protocol.appraisal import Appraised
from pausenet.protocol.cut import network_cuts
from pausenet.protocol.evidence import Leaf, Material, decode_bundle
from pausenet.scenario.mishaps import TypoPlan
from pausenet.simulator.run import simulate
from pausenet.statements.correction import Correction
from pausenet.statements.finding import Fault, Status
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, PeriodIndex, Seq
from tests.protocol.agreed import agreed, shown
from tests.protocol.builders import Log, Paper, of_lab
from tests.protocol.paper import ENERGY, index, usage
from tests.simulator.cuts import Ran

SCENARIO = Path(__file__).parents[2] / "sims/scenarios/typo-corrected.yaml"
TYPED, MEANT = usage(run_pflop=60_000), usage(run_pflop=6_000)
AT = 4
"""The period whose usage is typed over the cap; its statement stands at place 5."""
PLACE = 5


def correct(
    paper: Paper,
    meant: ComputeUsage = MEANT,
    *,
    place: int = PLACE,
    at: int = AT,
    **changes: object,
) -> bytes:
    """Birch corrects the statement at a place; `changes` make the correction another one."""
    log = paper.log("birch")
    of = Digest(envelope.decode(log.entries[place]).statement_id)
    body = Correction(of=of, seq=Seq(place), usage=meant, reason="a slip of the hand")
    body = replace(body, **changes)
    return log.say(body, period=paper.schedule.period(index(at)), agreed=paper.agreement.digest)


def typed(*, corrected: int | None, periods: int = 8, meant: ComputeUsage = MEANT) -> Paper:
    """Birch types too much in period 4, and corrects it in the period named, before its cut."""
    paper = Paper()
    for number in range(periods):
        if number == corrected:
            correct(paper, meant)
        paper.period(number, used={"birch": TYPED} if number == AT else {})
    return paper


def appraised(paper: Paper, number: int) -> Appraised:
    return of_lab(paper.appraise(paper.cuts[number]), "birch")


def test_an_uncorrected_slip_is_a_proof_two_cuts_later() -> None:
    paper = typed(corrected=None)
    assert appraised(paper, AT + 1).appraisal.status is Status.NO_BREACH_FOUND
    assert appraised(paper, AT + 2).appraisal.status is Status.BREACH_PROVEN


def test_a_slip_corrected_by_the_next_cut_is_no_breach_and_is_counted_and_marked() -> None:
    paper = typed(corrected=AT + 1)
    for number in (AT + 1, AT + 2, AT + 3):
        found = appraised(paper, number).appraisal
        assert found.status is Status.NO_BREACH_FOUND
        assert (found.corrections, found.lowered) == (1, (AT,))
    assert appraised(paper, AT).appraisal.corrections == 0


def test_the_original_stays_in_the_log() -> None:
    paper = typed(corrected=AT + 1)
    assert paper.log("birch").entries == typed(corrected=AT + 1).log("birch").entries
    before = typed(corrected=None).log("birch").entries[: PLACE + 1]
    assert paper.log("birch").entries[: PLACE + 1] == before


@pytest.mark.parametrize("late", [AT + 2, AT + 3])
def test_a_correction_that_comes_after_the_second_cut_leaves_a_mark_and_changes_nothing(
    late: int,
) -> None:
    found = appraised(typed(corrected=late), 7).appraisal
    assert found.status is Status.BREACH_PROVEN
    assert (found.corrections, found.lowered) == (0, (AT,))


def test_compute_lowered_and_raised_again_keeps_its_mark() -> None:
    paper = Paper()
    for number in range(8):
        if number == AT + 1:
            correct(paper)
            correct(paper, TYPED)
        paper.period(number, used={"birch": TYPED} if number == AT else {})
    found = appraised(paper, AT + 2).appraisal
    assert found.status is Status.BREACH_PROVEN
    assert (found.corrections, found.lowered) == (1, (AT,))


def test_of_the_periods_lowered_the_latest_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than a list holds would make an appraisal that nobody can read."""
    monkeypatch.setattr(appraisal, "LOWERED_MAX", 2)
    paper, meant = Paper(), usage(run_pflop=10)
    for number in range(8):
        if number >= AT + 1:
            correct(paper, meant, place=paper.log("birch").size - 1, at=number - 1)
        paper.period(number)
    assert appraised(paper, 7).appraisal.lowered == (5, 6)


def test_a_correction_that_is_itself_over_the_cap_does_not_help() -> None:
    found = appraised(typed(corrected=AT + 1, meant=usage(run_pflop=55_000)), AT + 2)
    assert found.appraisal.status is Status.BREACH_PROVEN
    (finding,) = found.appraisal.findings
    assert "stands at 55000 PFLOP" in finding.claim


def test_a_correction_may_raise_and_convict() -> None:
    paper = Paper()
    for number in range(8):
        if number == AT + 1:
            correct(paper, TYPED)
        paper.period(number)
    found = appraised(paper, AT + 2).appraisal
    assert found.status is Status.BREACH_PROVEN
    assert (found.corrections, found.lowered) == (1, ())


@pytest.mark.parametrize(
    "changes",
    [
        {"of": Digest.of(b"another")},
        {"seq": Seq(PLACE - 1)},
        {"seq": Seq(PLACE + 1)},
        {"at": AT + 1},
        {"at": AT - 1},
        {"place": PLACE - 1},
    ],
)
def test_a_correction_of_another_statement_place_or_period_does_not_count(
    changes: dict[str, object],
) -> None:
    paper = Paper()
    for number in range(8):
        if number == AT + 1:
            correct(paper, **changes)
        paper.period(number, used={"birch": TYPED} if number == AT else {})
    assert appraised(paper, AT + 2).appraisal.status is Status.BREACH_PROVEN


def test_the_last_of_several_corrections_counts() -> None:
    paper = Paper()
    for number in range(8):
        if number == AT + 1:
            correct(paper, MEANT)
            correct(paper, usage(run_pflop=58_000))
        paper.period(number, used={"birch": TYPED} if number == AT else {})
    (finding,) = appraised(paper, AT + 2).appraisal.findings
    assert "stands at 58000 PFLOP" in finding.claim


def test_a_correction_beyond_the_window_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper()
    for number in range(8):
        if number == AT + 1:
            paper.log("birch").say(usage())
            correct(paper)
        paper.period(number, used={"birch": TYPED} if number == AT else {})
    assert appraised(paper, AT + 2).appraisal.status is Status.NO_BREACH_FOUND
    monkeypatch.setattr(corrections, "WINDOW_ENTRIES", 1)
    assert appraised(paper, AT + 2).appraisal.status is Status.BREACH_PROVEN
    monkeypatch.setattr(corrections, "WINDOW_ENTRIES", 64)
    monkeypatch.setattr(corrections, "WINDOW_BYTES", 1)
    assert appraised(paper, AT + 2).appraisal.status is Status.BREACH_PROVEN


def test_a_flooded_log_does_not_keep_the_proof_from_its_bundle() -> None:
    """The lab fills its log between the two cuts: the proof holds one window of it, no more."""
    paper = Paper()
    for number in range(7):
        if number == AT + 1:
            for _ in range(2 * corrections.WINDOW_ENTRIES):
                paper.log("birch").say(usage())
        paper.period(number, used={"birch": TYPED} if number == AT else {})
    found = appraised(paper, AT + 2)
    (data,) = found.bundles.values()
    leaves = [each for each in decode_bundle(data).materials if isinstance(each, Leaf)]
    assert len(leaves) == 2 + 1 + 1 + corrections.WINDOW_ENTRIES
    assert agreed(paper.register, Fault.F6, *decode_bundle(data).materials) is not None


# ------------------------------------------------------------------------- what the proof must hold


def proof(paper: Paper) -> tuple[Material, ...]:
    (data,) = appraised(paper, AT + 2).bundles.values()
    return decode_bundle(data).materials


def test_the_two_verifiers_agree_that_nothing_of_a_window_may_be_left_out_or_moved() -> None:
    """Under the first cut two ratifications; under the second the statement at place 7 of all."""
    paper = typed(corrected=AT + 1, meant=usage(run_pflop=55_000))
    good = proof(paper)
    under = good[good.index(_last_cut(good)) + 1 :]
    head = good[: len(good) - len(under)]
    assert [leaf.index for leaf in under if isinstance(leaf, Leaf)] == [PLACE, PLACE + 1, PLACE + 2]
    assert agreed(paper.register, Fault.F6, *good) is not None
    log = paper.log("birch")
    more = _leaf_like(under[0], log, PLACE - 1)
    cases = [
        (*head, *under[:-1]),
        (*head, *under[1:]),
        (*head, under[0], *under[2:]),
        (*head, *under[::-1]),
        (*head, under[0], *under),
        (*head, more, *under),
        (*head, under[0], replace(under[2], index=Seq(PLACE + 1)), under[2]),
        (*head, replace(under[0], proof=()), *under[1:]),
    ]
    assert shown(paper.register, Fault.F6, cases) == [False] * len(cases)


def test_a_correction_cannot_be_hidden_by_leaving_out_what_comes_after_the_statement() -> None:
    """Without the window, with half of it, and with all of it nothing is shown."""
    paper = typed(corrected=AT + 1)
    cuts, birch = network_cuts(paper.register, paper.entries()), paper.log("birch")

    def leaf(log: Log, place: int, number: int) -> Leaf:
        size = cuts[number].cut.size_of(log.origin)
        proof = log.tree.inclusion(Seq(place), size)
        return Leaf(index=Seq(place), entry=log.entries[place], proof=proof)

    head = (
        cuts[0].material(paper.register),
        leaf(paper.log("aurora"), 0, 0),
        leaf(birch, 0, 0),
        cuts[AT].material(paper.register),
        leaf(birch, PLACE, AT),
        cuts[AT + 1].material(paper.register),
    )
    cases = [
        (*head, *(leaf(birch, place, AT + 1) for place in range(PLACE, end)))
        for end in (PLACE + 1, PLACE + 2, PLACE + 3)
    ]
    cases.append((*head, leaf(birch, PLACE, AT + 1), leaf(birch, PLACE + 2, AT + 1)))
    assert shown(paper.register, Fault.F6, cases) == [False] * 4


def _last_cut(materials: tuple[Material, ...]) -> Material:
    return [each for each in materials if not isinstance(each, Leaf)][-1]


def _leaf_like(other: Material, log: Log, place: int) -> Leaf:
    assert isinstance(other, Leaf)
    size = next(size for size in range(place + 1, log.size + 1) if _proves(log, other, size))
    proof = log.tree.inclusion(Seq(place), size)
    return Leaf(index=Seq(place), entry=log.entries[place], proof=proof)


def _proves(log: Log, leaf: Leaf, size: int) -> bool:
    return leaf.index < size and log.tree.inclusion(leaf.index, size) == leaf.proof


# -------------------------------------------------------------------------------- energy, and F7


def test_a_discrepancy_is_reckoned_from_corrected_energy_and_names_the_correction() -> None:
    paper = Paper()
    for number in range(9):
        if number == AT + 2:
            correct(paper, usage(ENERGY * 9 // 10), place=PLACE + 1, at=AT + 1)
        low = usage(ENERGY // 2)
        paper.period(number, used={"birch": low} if number in (AT, AT + 1) else {})
    found = of_lab(paper.appraise(paper.cuts[8]), "birch")
    (finding,) = (each for each in found.appraisal.findings if each.fault is Fault.F7)
    materials = decode_bundle(found.bundles[finding.bundle]).materials
    before, last = materials[:-5], materials[-5:]
    assert len(before) == 2 * (AT - 2)
    for good in (materials, last):
        assert agreed(paper.register, Fault.F7, *good) is not None
    cases = [
        last[:-1],
        (*last[:2], last[3], *last[2:3], last[4]),
        (last[0], last[3], *last[1:3], last[4]),
        (*last[:4], last[3], last[4]),
        (*last[2:], *last[:2]),
    ]
    cases += [(*before, *case) for case in cases]
    assert shown(paper.register, Fault.F7, cases) == [False] * 10


def test_a_correction_that_raises_declared_energy_in_time_ends_a_discrepancy() -> None:
    paper = Paper()
    for number in range(9):
        if number == AT + 1:
            correct(paper, usage(ENERGY), at=AT)
        if number == AT + 2:
            correct(paper, usage(ENERGY), place=PLACE + 2, at=AT + 1)
        low = usage(ENERGY // 2)
        paper.period(number, used={"birch": low} if number in (AT, AT + 1) else {})
    assert appraised(paper, 8).appraisal.status is Status.NO_BREACH_FOUND


def test_a_correction_below_the_meter_is_a_discrepancy() -> None:
    """Two periods are declared as metered, and corrected downwards: the meter remembers."""
    paper = Paper()
    for number in range(9):
        if number == AT + 1:
            correct(paper, usage(ENERGY // 2), at=AT)
        if number == AT + 2:
            correct(paper, usage(ENERGY // 2), place=PLACE + 2, at=AT + 1)
        paper.period(number)
    assert appraised(paper, 8).appraisal.status is Status.DISCREPANCY


# ------------------------------------------------------------------------------------ simulations


def corrected_in(period: int | None) -> tuple[Status, set[str]]:
    """Birch's status at the end, and the promises that were broken."""
    scenario = read_scenario(SCENARIO)
    (typo,) = scenario.faults
    assert isinstance(typo, TypoPlan)
    other = replace(typo, corrected=None if period is None else PeriodIndex(period))
    result = simulate(replace(scenario, faults=(other,)))
    return dict(result.statuses)[typo.of], {each.promise for each in result.violations}


def test_a_lab_that_mistypes_is_in_breach_unless_it_says_so_in_time(
    shipped: Callable[[str], Ran],
) -> None:
    """P1 promises nothing to a lab that lets its slip stand: what it signed is over the cap."""
    in_time = shipped("typo-corrected").result
    assert dict(in_time.statuses) == dict(in_time.scenario.expect.labs)
    assert set(dict(in_time.statuses).values()) == {Status.NO_BREACH_FOUND}
    assert in_time.violations == ()
    for late in (12, None):
        assert corrected_in(late) == (Status.BREACH_PROVEN, {"P1"})


def test_an_earlier_periods_cut_that_comes_late_takes_nobodys_time_to_correct() -> None:
    """Cuts 1 and 3 are both of the same moment: only the cut of period 4 ends the time."""
    for corrected in (False, True):
        paper = Paper()
        for number in range(8):
            if number == AT + 1 and corrected:
                correct(paper)
            for lab in paper.agreement.parties:
                paper.use(lab, number, TYPED if (number, lab) == (AT, "birch") else None)
                paper.read(lab, number)
            if number == AT:
                paper.close(2)
            if number != 2:
                paper.close(number)
        found = [appraised(paper, number).appraisal for number in range(len(paper.cuts))]
        breach = [each.period for each in found if each.status is Status.BREACH_PROVEN]
        assert breach == ([] if corrected else [6, 7])


def test_the_judge_asks_for_a_cut_of_a_later_period_than_the_statements_own() -> None:
    paper = Paper()
    for number in range(AT + 1):
        for lab in paper.agreement.parties:
            paper.use(lab, number, TYPED if (number, lab) == (AT, "birch") else None)
            paper.read(lab, number)
        if number == AT:
            paper.close(2)
        if number != 2:
            paper.close(number)
    paper.period(AT + 1)
    paper.period(AT + 2)
    (data,) = appraised(paper, len(paper.cuts) - 1).bundles.values()
    good = decode_bundle(data).materials
    assert agreed(paper.register, Fault.F6, *good) is not None
    cuts = network_cuts(paper.register, paper.entries())
    by_period = {each.cut.period: each for each in cuts}
    log = paper.log("birch")
    places = [at for at, each in enumerate(good) if not isinstance(each, Leaf)]

    def leaf(number: int) -> Leaf:
        size = by_period[index(number)].cut.size_of(log.origin)
        proof = log.tree.inclusion(Seq(PLACE), size)
        return Leaf(index=Seq(PLACE), entry=log.entries[PLACE], proof=proof)

    early = (
        *good[: places[1]],
        by_period[index(2)].material(paper.register),
        leaf(2),
        by_period[index(AT)].material(paper.register),
        leaf(AT),
    )
    assert agreed(paper.register, Fault.F6, *early) is None
