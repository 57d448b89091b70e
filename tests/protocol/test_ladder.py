"""Each breach determined is a rung up, a restoration one down, and costs what C24 says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pausenet.protocol.ladder import Rung
from pausenet.statements.clauses.conduct import Stake, StakeLoss
from pausenet.statements.determination import Appeal, Outcome
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.values import Digest
from tests.protocol.courses import network
from tests.protocol.paper import ANATOMY, name
from tests.protocol.walks import Walk

STAKE = Stake(
    deposit_usd=1_000,
    losses=(
        StakeLoss(grade=Grade.CONFIRMED, amount_usd=900),
        StakeLoss(grade=Grade.PLAUSIBLE, amount_usd=300),
    ),
    anatomy=ANATOMY,
)
ALL = (Rung.NONE, Rung.NOTICE, Rung.SNAP_BACK, Rung.STAKE)


def walked(**more) -> Walk:
    """A course of an agreement with a stake, in force."""
    return Walk(network(more=(STAKE,), **more)).cut(times=4)


def found(walk: Walk, fault: Fault = Fault.F7, bundle: str = "") -> Digest:
    """A finding of birch, and the panel's determination on it in the next cut."""
    finding = walk.finding("birch", fault, bundle)
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, finding))
    walk.cut(*walk.decides(Outcome.NON_COMPLIANT, "birch", "plumb", "scale", about=finding.bundle))
    return finding.bundle


def rung(walk: Walk) -> Rung:
    return walk.course.ladder.rung(name("birch"))


def lost(walk: Walk) -> list[int]:
    return [each.amount_usd for each in walk.course.ladder.losses(name("birch"))]


def test_the_rungs_are_those_that_the_clauses_give() -> None:
    assert walked().course.ladder.rungs == ALL
    assert walked(peers=True).course.ladder.rungs == (*ALL[:2], Rung.SUSPENSION, *ALL[2:])


def test_each_determination_is_a_rung_up_and_each_restoration_one_down() -> None:
    walk = walked()
    seen = [rung(walk)]
    for _ in range(4):
        found(walk)
        seen.append(rung(walk))
    for _ in range(5):
        walk.cut(*walk.decides(Outcome.RESTORED, "birch", "plumb", "scale"))
        seen.append(rung(walk))
    assert seen == [*ALL, Rung.STAKE, Rung.STAKE, Rung.SNAP_BACK, Rung.NOTICE, Rung.NONE, Rung.NONE]


def test_what_was_no_breach_takes_its_rung_and_its_price_back() -> None:
    walk = walked()
    about = found(walk)
    assert (rung(walk), lost(walk)) == (Rung.NOTICE, [300])
    walk.cut(*walk.decides(Outcome.NO_BREACH, "birch", "plumb", "scale", about=about))
    assert (rung(walk), lost(walk)) == (Rung.NONE, [])


def test_who_is_restored_has_lost_what_it_lost() -> None:
    walk = walked()
    found(walk)
    walk.cut(*walk.decides(Outcome.RESTORED, "birch", "plumb", "scale"))
    assert (rung(walk), lost(walk)) == (Rung.NONE, [300])


def test_nothing_is_lost_while_it_can_be_appealed_or_is_heard() -> None:
    walk = walked(appeal=2)
    about = found(walk)
    assert (rung(walk), lost(walk)) == (Rung.NOTICE, [])
    appeal = Appeal(agreement=walk.held.agreement_digest, about=about, grounds="x")
    walk.cut(("birch", appeal))
    assert (rung(walk), lost(walk)) == (Rung.NONE, [])
    walk.cut(times=3)
    assert (rung(walk), lost(walk)) == (Rung.NOTICE, [300])


def test_no_party_loses_more_than_its_deposit() -> None:
    walk = walked(speaks=(Fault.F1,))
    found(walk)
    for number in range(2):
        proof = walk.finding("birch", Fault.F1, f"proof {number}")
        walk.cut(*walk.appraised("birch", Status.BREACH_PROVEN, proof))
    assert lost(walk) == [300, 700, 0]


def test_one_bundle_over_many_periods_costs_once() -> None:
    walk = walked()
    finding = walk.finding("birch", Fault.F7)
    finding = replace(finding, periods=(*finding.periods, type(finding.periods[0])(9)))
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, finding))
    walk.cut(*walk.decides(Outcome.NON_COMPLIANT, "birch", "plumb", "scale", about=finding.bundle))
    assert (rung(walk), lost(walk)) == (Rung.NOTICE, [300])


def test_a_grade_without_a_price_costs_nothing() -> None:
    walk = walked()
    walk.breach("birch")
    assert (rung(walk), lost(walk)) == (Rung.NOTICE, [0])


@given(st.lists(st.sampled_from(("find", "restore", "free", "excuse")), max_size=10))
def test_nobody_climbs_without_a_determination_or_stands_below_the_ground(steps) -> None:
    walk, made = walked(), 0
    words = {
        "restore": Outcome.RESTORED,
        "free": Outcome.NO_BREACH,
        "excuse": Outcome.EXCUSE_ACCEPTED,
    }
    for step in steps:
        before = ALL.index(rung(walk))
        if step == "find":
            found(walk)
            made += 1
        else:
            walk.cut(*walk.decides(words[step], "birch", "plumb", "scale"))
            assert ALL.index(rung(walk)) <= before
        assert ALL.index(rung(walk)) <= made
    assert sum(lost(walk)) <= STAKE.deposit_usd
