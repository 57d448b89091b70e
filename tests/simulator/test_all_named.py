"""All named parties are bound together or none, whatever becomes of the messages."""

from collections import defaultdict
from dataclasses import replace

import pytest

from pausenet.protocol.messages import Report, Told
from pausenet.scenario.plan import CheatKind
from pausenet.simulator import run
from pausenet.simulator.checker import honest_verifiers
from pausenet.simulator.swarm import SwarmOptions
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Status
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.small import AURORA, BIRCH, SMALL
from tests.simulator.swarms import brief

CEDAR = ParticipantId("cedar")
LABS = (*SMALL.labs, replace(SMALL.labs[0], name=CEDAR))
SEEDS = range(4)
BAD_VERIFIERS = (
    CheatKind.COSIGN_BOTH,
    CheatKind.MUTE_VERIFIER,
    CheatKind.SLOW_VERIFIER,
    CheatKind.STALE_HEADS,
)


def played(seed, monkeypatch, **ratifies):
    """A run with losses, doubles, overtaking and crashes, and what each was told of being bound."""
    labs = tuple(
        replace(lab, ratifies_from=ratifies[lab.name]) if lab.name in ratifies else lab
        for lab in LABS
    )
    learned, appraised, signed = defaultdict(list), set(), set()

    def watch(who, event, effects):
        for effect in effects:
            if isinstance(effect, Report) and effect.told is Told.APPENDED:
                signed.update({who} if dict(effect.facts)["kind"] is Kind.RATIFICATION else ())
            if isinstance(effect, Report) and effect.told is Told.IN_FORCE:
                assert {AURORA, BIRCH, CEDAR} <= signed
                learned[who].append(dict(effect.facts)["period"])

    def finish(world, *more):
        for _, machine in honest_verifiers(world):
            appraised.update(each.appraisal for each in machine.closing.agreed.values())
        return finished(world, *more)

    finished = run._result
    monkeypatch.setattr(run, "_result", finish)

    options = SwarmOptions(
        loss_ppm_max=400_000,
        duplicate_ppm_max=600_000,
        attack_ppm=500_000,
        attacks=BAD_VERIFIERS,
        crash_ppm_max=3_000,
    )
    scenario = brief(periods=9, labs=labs)
    result = run.simulate(scenario, seed=seed, swarm=options, recorder=watch)
    assert result.violations == ()
    return result, learned, appraised


@pytest.mark.parametrize("seed", SEEDS)
def test_with_one_ratification_missing_nobody_is_ever_bound(seed, monkeypatch):
    missing = (AURORA, BIRCH, CEDAR)[seed % 3]
    _, learned, appraised = played(seed, monkeypatch, **{missing: None})
    assert learned == {}
    assert len(appraised) >= 2 * len(LABS)
    assert {each.status for each in appraised} <= {Status.NOT_IN_FORCE, Status.NOT_DEMONSTRATED}
    assert {each.bound for each in appraised} == {()}


@pytest.mark.parametrize("seed", SEEDS)
def test_with_the_last_ratification_all_are_bound_from_one_period(seed, monkeypatch):
    last = (AURORA, BIRCH, CEDAR)[seed % 3]
    result, learned, appraised = played(seed, monkeypatch, **{last: PeriodIndex(2)})
    assert len(result.appraisals) == len(LABS)
    ((span,),) = {appraisal.bound for appraisal in result.appraisals.values()}
    assert span.until is None
    assert {AURORA, BIRCH, CEDAR} <= set(learned)
    assert {told[-1] for told in learned.values()} == {span.start}
    in_cut = defaultdict(set)
    for each in appraised:
        in_cut[each.cut].add(each.bound)
    assert all(len(bounds) == 1 for bounds in in_cut.values())  # never a proper subset of them
