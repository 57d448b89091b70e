"""Runs that descend from one another are one run to the cap, however they are named and split."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.corrections import Figures
from pausenet.protocol.evidence import Leaf, Material, decode_bundle
from pausenet.protocol.lineage import known_runs, over
from pausenet.protocol.overcap import excess
from pausenet.statements.clauses.limits import Lineage
from pausenet.statements.finding import Fault, Status
from pausenet.statements.usage import ComputeUsage
from pausenet.values import ParticipantId, Pflop, Seq
from tests.protocol.agreed import agreed, shown
from tests.protocol.builders import Paper, of_lab
from tests.protocol.paper import RUN_CAP, usage
from tests.simulator.cuts import Ran

SLICE = RUN_CAP * 2 // 5
"""Three slices are over the cap, two are not."""


def using(*runs: tuple[str, int, tuple[str, ...]]) -> ComputeUsage:
    """A usage statement with these runs: name, total, parents."""
    (like,) = usage(run_pflop=1).runs
    return replace(
        usage(),
        runs=tuple(
            replace(
                like,
                run=ParticipantId(name),
                total_pflop=Pflop(total),
                parents=tuple(ParticipantId(parent) for parent in sorted(parents)),
            )
            for name, total, parents in sorted(runs)
        ),
    )


def stated(*usages: ComputeUsage) -> list[Figures]:
    return [
        Figures(seq=Seq(place), period=place, end=Seq(place + 1), usage=each, correction=None)
        for place, each in enumerate(usages)
    ]


def lineage_of(last: str, limit: int, *usages: ComputeUsage) -> tuple[int, tuple[str, ...]] | None:
    run = next(run for run in usages[-1].runs if run.run == last)
    found = over(run, known_runs(stated(*usages)), Pflop(limit))
    return None if found is None else (found.total_pflop, tuple(map(str, found.ancestors)))


def test_each_ancestor_is_counted_once_whatever_ways_lead_to_it() -> None:
    diamond = using(("a", 10, ()), ("b", 10, ("a",)), ("c", 10, ("a",)), ("d", 10, ("b", "c")))
    assert lineage_of("d", 39, diamond) == (40, ("b", "c", "a"))
    assert lineage_of("d", 40, diamond) is None


@pytest.mark.parametrize("loop", [("a",), ("b",), ("a", "b", "c")])
def test_what_descends_from_itself_is_counted_once(loop: tuple[str, ...]) -> None:
    runs = using(("a", 10, loop), ("b", 10, ("a",)), ("c", 10, ("b",)))
    assert lineage_of("c", 30, runs) is None
    assert lineage_of("c", 29, runs) == (30, ("b", "a"))


def test_a_parent_of_whom_nothing_is_stated_counts_for_nothing() -> None:
    assert lineage_of("b", 10, using(("b", 10, ("unknown",)))) is None


def test_a_parent_once_named_cannot_be_left_out_later() -> None:
    first, then = using(("a", 30, ()), ("b", 1, ("a",))), using(("b", 30, ()))
    assert lineage_of("b", 50, first, then) == (60, ("a",))


def test_of_several_totals_the_largest_counts() -> None:
    assert lineage_of(
        "b", 50, using(("a", 40, ())), using(("a", 5, ())), using(("b", 20, ("a",)))
    ) == (
        60,
        ("a",),
    )


def test_a_lineage_is_over_a_limit_exactly_when_the_sum_over_all_ancestors_is() -> None:
    """Against a slow count: the set of all ancestors, by following every way."""
    chance = random.Random("lineage")
    for _ in range(200):
        names = [f"r{number}" for number in range(chance.randint(1, 8))]
        runs = [
            (name, chance.randint(0, 20), tuple(n for n in names if chance.random() < 0.3))
            for name in names
        ]
        totals, parents = {r[0]: r[1] for r in runs}, {r[0]: r[2] for r in runs}
        last = chance.choice(names)
        family, before = {last}, set[str]()
        while family != before:
            before = set(family)
            family |= {parent for name in before for parent in parents[name]}
        whole = sum(totals[name] for name in family)
        for limit in (whole - 1, whole):
            if limit >= 0:
                found = lineage_of(last, limit, using(*runs))
                assert (found is not None) == (whole > limit)


# ------------------------------------------------------------------------------------ as evidence


def salami(periods: int = 9, *, parents: bool = True) -> Paper:
    """Birch declares a new slice in each period from 3 on, a child of the one before."""
    paper = Paper()
    for number in range(periods):
        used = {}
        if number >= 3:
            above = (f"s{number - 1}",) if parents and number > 3 else ()
            used["birch"] = using((f"s{number}", SLICE, above))
        paper.period(number, used=used)
    return paper


def proof(paper: Paper) -> tuple[Material, ...]:
    (data,) = of_lab(paper.appraise(paper.cuts[-1]), "birch").bundles.values()
    assert verify_bundle(data, paper.register.network_id).exit_code == 1
    return decode_bundle(data).materials


def test_slices_below_the_cap_are_proven_over_it_by_their_own_signatures() -> None:
    paper = salami()
    found = of_lab(paper.appraise(paper.cuts[-1]), "birch").appraisal
    assert found.status is Status.BREACH_PROVEN
    (finding,) = found.findings
    assert finding.periods == (5,)
    assert finding.claim.startswith(f"run s5 with 2 of its ancestors stands at {3 * SLICE} PFLOP")
    assert agreed(paper.register, Fault.F6, *proof(paper)) is not None


def test_a_clause_that_counts_runs_alone_sees_no_lineage() -> None:
    agreement = Paper().agreement
    cap = agreement.run_cap
    assert cap is not None
    alone = replace(
        agreement,
        clauses=tuple(
            replace(each, lineage=Lineage.ALONE) if each is cap else each
            for each in agreement.clauses
        ),
    )
    split = stated(using(("a", SLICE, ()), ("b", SLICE, ("a",)), ("c", SLICE, ("b",))))
    assert excess(agreement, split, {}) is not None
    assert excess(alone, split, {}) is None


def test_as_many_runs_that_do_not_descend_from_one_another_are_no_breach() -> None:
    paper = salami(parents=False)
    found = of_lab(paper.appraise(paper.cuts[-1]), "birch").appraisal
    assert found.status is Status.NO_BREACH_FOUND


def test_the_two_verifiers_agree_that_every_statement_of_the_lineage_is_needed_and_no_more() -> (
    None
):
    paper = salami()
    good = proof(paper)
    places = [at for at, each in enumerate(good) if not isinstance(each, Leaf)]
    start = places[2] + 1
    head, under = good[:start], good[start:]
    assert [leaf.index for leaf in under if isinstance(leaf, Leaf)] == [4, 5, 6, 7]
    log = paper.log("birch")
    size = next(
        n for n in range(8, log.size + 1) if log.tree.inclusion(Seq(4), n) == under[0].proof
    )
    earlier = Leaf(
        index=Seq(3),
        entry=log.entries[3],
        proof=log.tree.inclusion(Seq(3), size),
    )
    cases = [(*head, *under[:at], *under[at + 1 :]) for at in range(len(under))]
    cases += [
        (*head, earlier, *under),
        (*head, *under[::-1]),
        (*head, *under, under[-1]),
        (*head, *under[1:], under[0]),
    ]
    assert shown(paper.register, Fault.F6, cases) == [False] * len(cases)


def test_in_the_simulator_the_slicer_is_proven_and_nobody_else(
    shipped: Callable[[str], Ran],
) -> None:
    result = shipped("salami-runs").result
    assert not result.violations
    assert dict(result.statuses) == dict(result.scenario.expect.labs)
    assert {(finding.fault, finding.accused) for finding in result.findings} == {
        (Fault.F6, "aurora")
    }
