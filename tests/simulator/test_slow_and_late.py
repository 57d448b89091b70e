"""Another history for a latecomer convicts its owner; to slow everything down convicts nobody."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from pausenet.files import read_scenario
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.messages import Report, Told
from pausenet.scenario.mishaps import PartitionPlan, RestorePlan
from pausenet.scenario.plan import CheatKind, CheatPlan
from pausenet.simulator.run import simulate
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.small import BIRCH, SMALL, VERIFIER

LATE = ParticipantId("verifier-4")
FORKS = {Fault.F1, Fault.F2, Fault.F3}
JOINS = PartitionPlan(of=LATE, start=PeriodIndex(0), until=PeriodIndex(9))
PUT_BACK = RestorePlan(of=LATE, to=PeriodIndex(4), at=PeriodIndex(9))
SCENARIOS = Path(__file__).resolve().parents[2] / "sims" / "scenarios"
SLOW = read_scenario(SCENARIOS / "slow-down-attack.yaml")


def convicted(result):
    """Whom the bundles of a run convict, of what."""
    claims = [verify_bundle(data, result.network_id).claim for data in result.bundles.values()]
    return {(c.accused, c.fault) for c in claims if c is not None and c.grade is Grade.CONFIRMED}


@pytest.mark.parametrize(
    ("by", "kind"),
    [(BIRCH, CheatKind.FORK_TO_FRESH), (VERIFIER, CheatKind.VERDICTS_TO_FRESH)],
)
@pytest.mark.parametrize("fault", [JOINS, PUT_BACK], ids=["joins", "put-back"])
def test_another_history_for_a_latecomer_convicts_its_owner_and_nobody_else(fault, by, kind):
    cheat = CheatPlan(by=by, kind=kind, start=PeriodIndex(5))
    result = simulate(replace(SMALL, cheats=(cheat,), faults=(fault,)))
    assert result.fired[f"cheat.{kind}"]
    assert result.violations == ()
    assert {who for who, _ in convicted(result)} == {by}
    assert {fault for _, fault in convicted(result)} & FORKS
    assert (Status.BREACH_PROVEN in dict(result.statuses).values()) == (by == BIRCH)


@pytest.mark.parametrize("kind", [CheatKind.FORK_TO_FRESH, CheatKind.VERDICTS_TO_FRESH])
def test_where_nobody_comes_late_the_second_history_stays_a_secret(kind):
    by = BIRCH if kind.role == "lab" else VERIFIER
    cheat = CheatPlan(by=by, kind=kind, start=PeriodIndex(5))
    result = simulate(replace(SMALL, cheats=(cheat,)))
    assert (result.bundles, result.violations) == ({}, ())
    assert result.fired.get(f"cheat.{kind}", 0) == 0


@cache
def cut_at(cheats=SLOW.cheats, faults=SLOW.faults):
    """The result, and when, in seconds after the close, the first verifier knew of each cut."""
    known, scenario = {}, replace(SLOW, cheats=cheats, faults=faults)

    def watch(who, event, effects):
        for effect in effects:
            if isinstance(effect, Report) and effect.told is Told.CUT:
                known.setdefault(int(dict(effect.facts)["period"]), event.now)

    result = simulate(scenario, recorder=watch)
    return result, known


def test_slowing_everything_down_convicts_nobody_and_takes_no_status_away():
    result, _ = cut_at()
    assert min(result.fired[f"cheat.{kind}"] for kind in ("slow-verifier", "flood")) > 100
    assert result.violations == ()
    assert convicted(result) == set()
    assert {status for _, status in result.statuses} == {Status.NO_BREACH_FOUND}


def test_who_is_not_kept_from_speaking_is_never_late_however_slow_f_and_one_verifiers_are():
    result, _ = cut_at(faults=())
    assert result.findings == ()
    assert {status for _, status in result.statuses} == {Status.NO_BREACH_FOUND}


def test_the_slow_cost_every_cut_no_more_than_their_own_delay_a_few_times_over():
    """A cut is proposed, endorsed and noticed: three steps, each as late as the slow ones are."""
    _, slow = cut_at()
    _, quick = cut_at(cheats=(), faults=())
    delay_s = SLOW.period_s // 2
    later = {period: slow[period] - quick[period] for period in slow if 5 <= period <= 10}
    assert len(later) >= 5
    assert all(0 < cost <= 3 * delay_s + SLOW.period_s // 4 for cost in later.values()), later


def test_one_slow_verifier_costs_next_to_nothing():
    _, slow = cut_at(cheats=SLOW.cheats[:1], faults=())
    _, quick = cut_at(cheats=(), faults=())
    assert max(slow[period] - quick[period] for period in quick) <= SLOW.period_s // 2
