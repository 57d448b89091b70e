"""Runs that are reported or approved before they begin: what shows that one was not (C11)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pausenet.crypto import envelope
from pausenet.files import read_scenario
from pausenet.protocol.evidence import Leaf, Signed
from pausenet.scenario.expect import Expectation
from pausenet.scenario.mishaps import PartitionPlan, RestorePlan
from pausenet.simulator.fleet import samples
from pausenet.simulator.run import simulate
from pausenet.statements.correction import Correction
from pausenet.statements.determination import Recusal
from pausenet.statements.finding import Fault, Status
from pausenet.statements.movement import NoticeKind
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, Seq
from tests.protocol import walks
from tests.protocol.agreed import shown
from tests.protocol.banded import (
    APPROVE,
    BIG,
    PANEL,
    REPORT,
    SMALL,
    Acts,
    Banded,
    growing,
    network,
    objects,
    planned,
    running,
    story,
)
from tests.protocol.paper import index, name
from tests.protocol.proofs import last, proof
from tests.simulator.cuts import Ran

SCENARIO = Path(__file__).parents[2] / "sims/scenarios/silent-approval.yaml"
SOON = 4
"""Lag + 2."""


def claim(used: dict[int, ComputeUsage], acts: Acts, **more: object) -> tuple[str, int]:
    """What is proven, in words, and of which period."""
    paper = story(used, acts, **more)
    proof(paper)
    (finding,) = last(paper).findings
    assert finding.fault is Fault.F6
    (period,) = finding.periods
    return finding.claim, period


def is_clean(used: dict[int, ComputeUsage], acts: Acts, **more: object) -> bool:
    found = last(story(used, acts, **more))
    return (found.status, found.findings) == (Status.NO_BREACH_FOUND, ())


SMALL_RUN = growing("small", 8, REPORT, SMALL)
BIG_RUN = growing("big", 8, APPROVE, BIG)

# ---------------------------------------------------------------------- what the own log shows


def test_a_run_in_the_band_that_no_report_announced_is_proven_by_the_labs_own_words() -> None:
    words, period = claim(SMALL_RUN, {})
    assert words == f"run small has grown to {REPORT} PFLOP, and names no report of it"
    assert period == 8


def test_a_run_below_the_band_needs_no_report() -> None:
    assert is_clean(growing("small", 8, REPORT - 200, REPORT - 1), {})


def test_a_run_reported_in_time_is_no_breach() -> None:
    assert is_clean(SMALL_RUN, {6: [planned("small", SMALL)]})


def test_a_report_after_the_usage_of_a_period_that_ended_too_lately_is_too_late() -> None:
    words, period = claim(SMALL_RUN, {7: [planned("small", SMALL)]})
    assert (words.split("stands ")[1], period) == ("after the usage of a period from 6 on", 8)


@pytest.mark.parametrize(("said", "clean"), [(2, True), (3, False)])
def test_a_run_to_be_approved_waits_for_the_silence_and_for_the_news_of_an_objection(
    said: int, clean: bool
) -> None:
    acts = {said: [planned()]}
    assert is_clean(BIG_RUN, acts) is clean
    if not clean:
        assert "after the usage of a period from 2 on" in claim(BIG_RUN, acts)[0]


def test_what_is_planned_counts_before_it_is_reached() -> None:
    """A run planned for the upper band waits for approval also while it is small."""
    assert "its report" in claim(SMALL_RUN, {6: [planned("small", BIG)]})[0]


@pytest.mark.parametrize(
    "report",
    [
        planned("small", SMALL - 1),
        planned("other", SMALL),
        planned("small", SMALL, begins=12),
        planned("small", SMALL, what=NoticeKind.NEW_WEIGHTS),
    ],
)
def test_a_report_of_less_of_another_or_of_later_is_none(report: tuple[str, object]) -> None:
    used = growing("small", 8, SMALL, SMALL + 500)
    assert "names no report" in claim(used, {3: [report]})[0]


@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_lab_that_names_something_else_as_its_report_is_shown_what_it_named(place: int) -> None:
    words, _ = claim(SMALL_RUN, {}, reported={"small": place})
    assert words.endswith(f"what it names at place {place} is no report of it")


def test_a_report_that_is_yet_to_come_is_none() -> None:
    assert "names no report" in claim(SMALL_RUN, {}, reported={"small": 500})[0]


def test_a_run_that_stands_still_breaks_nothing() -> None:
    """As one that had come to an end when the agreement came into force."""
    assert is_clean(dict.fromkeys(range(12), running(("old", BIG))), {})


def test_a_run_that_goes_on_under_the_agreement_must_have_been_reported() -> None:
    words, period = claim(growing("old", 0, REPORT, BIG), {})
    assert words.startswith("run old has grown to")
    assert period == 3, "the second that binds: it is known how large the run was before it"


def test_the_largest_run_is_named() -> None:
    used = {8: running(("a", SMALL), ("b", SMALL + 1), ("c", SMALL))}
    assert "run b has" in claim({**used, **dict.fromkeys(range(9, 12), used[8])}, {})[0]


def corrected(paper: Banded, at: int, body: ComputeUsage) -> None:
    seq = next(
        said.seq
        for said in paper.statements("birch")
        if isinstance(said.body, ComputeUsage) and said.period == paper.schedule.period(index(at))
    )
    entry = paper.log("birch").entries[seq]
    of = Digest(envelope.decode(entry).statement_id)
    correction = Correction(of=of, seq=Seq(seq), usage=body, reason="mistyped")
    paper.log("birch").say(correction, period=paper.schedule.period(index(at)))


def test_a_run_mistyped_into_the_band_and_corrected_in_time_is_no_breach() -> None:
    paper = Banded()
    for number in range(12):
        paper.period(number, used={"birch": running(("typo", SMALL))} if number == 8 else {})
        if number == 8:
            corrected(paper, 8, running(("typo", 300)))
        paper.appraised(number)
    assert last(paper).status is Status.NO_BREACH_FOUND


def test_an_agreement_whose_clause_sets_no_line_asks_for_no_report() -> None:
    assert is_clean(growing("big", 8, 100, BIG), {}, held=network(0, 0))


def test_the_two_verifiers_agree_on_all_that_shows_a_late_report() -> None:
    paper = story(SMALL_RUN, {7: [planned("small", SMALL)]})
    materials = proof(paper)
    leaves = [at for at, each in enumerate(materials) if isinstance(each, Leaf)]
    without = [(*materials[:at], *materials[at + 1 :]) for at in leaves]
    log = paper.log("birch")
    size = next(iter(c.size_of(log.origin) for c in paper.cuts if c.period == 9))
    more = [
        (*materials, Leaf(index=Seq(at), entry=log.entries[at], proof=log.tree.inclusion(at, size)))
        for at in (0, 1)
    ]
    assert shown(paper.register, Fault.F6, [*without, *more]) == [False] * (len(leaves) + 2)


# ------------------------------------------------------------------------------------ objections


class Walk(walks.Walk):
    """A course whose reports may be objected to."""

    def __init__(self) -> None:
        super().__init__(network())

    def barred(self, lab: str = "birch") -> dict[str, int]:
        return {str(each.run): int(each.start) for each in self.course.barred(name(lab))}


def test_an_objection_within_the_silence_bars_the_run_two_periods_after_its_cut_is_taken() -> None:
    walk = Walk().cut(planned()).cut(*objects())
    assert walk.barred() == {"big": 2 + SOON}
    assert walk.barred("aurora") == {}


def test_silence_is_approval_and_an_objection_after_it_bars_nothing() -> None:
    assert Walk().cut(planned()).cut().cut(*objects()).barred() == {}


def test_a_second_report_of_the_same_run_does_not_open_the_matter_again() -> None:
    assert Walk().cut(planned()).cut().cut(planned()).cut(*objects()).barred() == {}


def test_an_objection_before_the_report_counts() -> None:
    assert Walk().cut(*objects()).cut(planned()).barred() == {"big": 1 + SOON}


def test_one_member_of_the_panel_alone_bars_nothing() -> None:
    assert Walk().cut(planned(), *objects(PANEL[0]), *objects(PANEL[0])).barred() == {}


def test_nobody_but_the_panel_bars_anything() -> None:
    said = objects("aurora", "birch", "verifier-1", "verifier-2")
    assert Walk().cut(planned(), *said).barred() == {}


def test_a_recused_member_has_no_objection() -> None:
    digest = network().agreement_digest
    recusal = Recusal(agreement=digest, party=name("birch"), reasons="kin")
    assert Walk().cut(planned(), (PANEL[0], recusal), *objects()).barred() == {}


def test_what_is_barred_stays_barred() -> None:
    walk = Walk().cut(planned()).cut(*objects())
    before = walk.barred()
    for _ in range(5):
        walk.cut(planned(), *objects())
    assert walk.barred() == before


def test_neither_order_nor_doubles_within_cuts_change_what_is_barred() -> None:
    chance = random.Random("bars")
    runs = ("one", "two", "three")
    for _ in range(60):
        cuts = [
            [
                planned(chance.choice(runs), chance.choice((SMALL, BIG)))
                if chance.random() < 0.5
                else chance.choice(objects(run=chance.choice(runs)))
                for _ in range(chance.randrange(4))
            ]
            for _ in range(6)
        ]
        walks = [Walk(), Walk()]
        for said in cuts:
            mixed = [*said, *chance.choices(said, k=2)] if said else []
            chance.shuffle(mixed)
            for walk, words in zip(walks, (said, mixed), strict=True):
                before = walk.barred()
                walk.cut(*words)
                after = walk.barred()
                assert before.items() <= after.items(), "no bar is given back"
                new = after.keys() - before.keys()
                assert all(after[run] == walk.period - 1 + SOON for run in new), "none reaches back"
        assert walks[0].barred() == walks[1].barred()


# ------------------------------------------------------------------- growing on though barred


HEARD: Acts = {1: [planned()], 2: objects()}


def test_a_barred_run_that_goes_on_is_proven_from_what_the_lab_says_it_has_seen() -> None:
    paper = story(BIG_RUN, HEARD)
    found = last(paper)
    (finding,) = found.findings
    assert finding.claim == f"run big has grown to {APPROVE} PFLOP, and was barred by an objection"
    assert [(str(each.run), int(each.start)) for each in found.barred] == [("big", 2 + SOON)]
    materials = proof(paper)
    assert any(isinstance(each, Signed) for each in materials)
    without = [(*materials[:at], *materials[at + 1 :]) for at in range(len(materials))]
    assert shown(paper.register, Fault.F6, without) == [False] * len(without)


def test_a_lab_that_had_not_learned_of_an_objection_is_never_proven_to_disregard_it() -> None:
    found = last(story(BIG_RUN, HEARD, blind=range(2, 12)))
    assert (found.status, found.findings) == (Status.NOT_DEMONSTRATED, ())


def test_a_barred_run_that_stays_below_the_approval_line_breaks_nothing() -> None:
    assert is_clean(growing("big", 8, REPORT, APPROVE - 1), HEARD)


def test_a_lab_whose_run_is_barred_and_that_does_not_begin_it_is_in_order() -> None:
    assert is_clean({}, HEARD)


def test_an_honest_lab_is_never_accused_whatever_is_reported_and_objected_to() -> None:
    """It begins only what its log shows reported in time, and nothing that is barred by then."""
    chance = random.Random("honest")
    for _ in range(4):
        said = chance.randrange(5)
        begins = said + 1 + 6 if chance.random() < 0.7 else 11
        answered = chance.choice((None, said, said + 1, said + 2))
        acts: dict[int, list[tuple[str, object]]] = {said: [planned("big", BIG, begins=begins)]}
        if answered is not None:
            acts.setdefault(answered, []).extend(objects())
        stopped = answered is not None and answered <= said + 1
        used = {} if stopped else growing("big", begins, APPROVE, BIG)
        assert is_clean(used, acts)


def test_usage_names_the_reports_that_its_log_holds() -> None:
    paper = story(SMALL_RUN, {6: [planned("small", SMALL)]})
    said = [each for each in paper.statements("birch") if isinstance(each.body, ComputeUsage)]
    assert [run.reported for run in said[-1].body.runs] == [7]


def test_a_lab_names_the_report_that_was_in_time_and_not_an_earlier_one_that_was_not() -> None:
    """Planned large, too late to be approved; then planned anew as small, and so begun."""
    late, timely = planned("small", BIG), planned("small", SMALL)
    assert is_clean(SMALL_RUN, {5: [late], 6: [timely]})
    assert "its report at place 6" in claim(SMALL_RUN, {5: [late]})[0]


# -------------------------------------------------------------------------------- in the simulator


def test_in_the_simulator_silence_is_approval_and_nobody_else_is_accused(
    shipped: Callable[[str], Ran],
) -> None:
    result = shipped("silent-approval").result
    assert not result.violations
    assert dict(result.statuses) == dict(result.scenario.expect.labs)
    found = {(finding.fault, finding.accused) for finding in result.findings}
    assert found == {(Fault.F6, "birch"), (Fault.F6, "cedar")}


def test_honest_labs_that_report_are_accused_of_nothing_also_where_the_network_fails_them() -> None:
    """One is cut off while its report waits, the other's disk is put back before it is barred."""
    scenario = read_scenario(SCENARIO)
    faults = (
        PartitionPlan(of=name("aurora"), start=index(5), until=index(9)),
        RestorePlan(of=name("birch"), to=index(5), at=index(8), recover=index(8)),
    )
    honest = replace(scenario, cheats=(), faults=faults, expect=Expectation())
    result = simulate(honest)
    assert not result.violations
    assert not [each for each in result.findings if each.fault is Fault.F6]
    runs = {
        run.run: int(run.total_pflop)
        for sample in samples(honest, honest.seed).labs[name("aurora")]
        for run in sample.runs
    }
    assert runs["aurora-north"] > 10**9, "it comes to be one that waits for approval"
    assert max(total for run, total in runs.items() if run != "aurora-north") < 3 * 10**8
