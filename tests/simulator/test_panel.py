"""Acts and an adjudicating panel under losses, crashes, partitions and bad verifiers."""

from collections import Counter
from functools import cache

import pytest

from pausenet.files.scenario import parse_scenario
from pausenet.scenario.plan import CheatKind
from pausenet.simulator import run
from pausenet.simulator.checker import honest_verifiers
from pausenet.simulator.swarm import SwarmOptions
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.stage import PartyStage
from pausenet.values import ParticipantId
from tests.simulator.small import AURORA, BIRCH
from tests.simulator.swarms import brief

CEDAR = ParticipantId("cedar")
SEEDS = range(5)
PANEL_KINDS = (Kind.DETERMINATION, Kind.RECUSAL, Kind.EXCUSE, Kind.WITHDRAWAL)
FOUND = {PartyStage.FOUND, PartyStage.SNAPPED_BACK}
STORY = """\
question: Does a panel's word reach everybody whatever breaks?
seed: 5
periods: 15
labs:
  - {name: aurora, accelerators: 20000, sites: 2}
  - {name: birch, accelerators: 12000}
  - {name: cedar, accelerators: 30000}
adjudicators: [plumb, scale, verdict]
agreement:
  adjudicator: A panel of three; two of them decide.
  panel_quorum: 2
  clauses:
    - {clause: dispute, clarification_s: 0, evidence: unsupported, appeal_periods: 0}
    - {clause: withdrawal, notice_periods: 3, cooling_off_periods: 0, duties: [attest]}
acts:
  - {by: aurora, at: 4, say: withdrawal, terms: {reason: The grounds have ended.}}
  - {by: birch, at: 5, say: excuse, terms: {due: 3, reason: The meter was recalibrated.}}
  - {by: verdict, at: 5, say: recusal, terms: {party: birch, reasons: A relative works there.}}
  - {by: plumb, at: 12, say: determination,
     terms: {outcome: non-compliant, party: birch, reasons: a}}
  - {by: scale, at: 12, say: determination,
     terms: {outcome: non-compliant, party: birch, reasons: b}}
  - {by: verdict, at: 12, say: determination,
     terms: {outcome: no-breach, party: birch, reasons: c}}
  - {by: plumb, at: 12, say: determination,
     terms: {outcome: non-compliant, party: cedar, reasons: d}}
  - {by: verdict, at: 13, say: determination, terms: {outcome: no-breach, party: cedar, reasons: e}}
cheats:
  - {by: birch, kind: under-declaration, from: 3, amount: 30 %}
"""
BAD_VERIFIERS = (CheatKind.COSIGN_BOTH, CheatKind.MUTE_VERIFIER, CheatKind.FALSE_APPRAISER)


def story():
    told = parse_scenario(STORY, name="panel.yaml", stem="panel")
    names = ("periods", "labs", "agreement", "speakers", "acts", "cheats")
    return brief(**{name: getattr(told, name) for name in names})


@cache
def played(seed):
    """A run, the appraisals that honest verifiers agreed on, and how often each act was said."""
    agreed, said = set(), Counter()

    def finish(world, *more):
        for _, machine in honest_verifiers(world):
            agreed.update(each.appraisal for each in machine.closing.agreed.values())
        verifier = honest_verifiers(world)[0][1]
        for node in world.nodes.values():
            log = verifier.view.log(world.setting.register.origin_of(node.id))
            kinds = [s.body for s in log.statements if s.kind in PANEL_KINDS]
            said.update((node.id, body) for body in kinds)
        return finished(world, *more)

    finished = run._result
    options = SwarmOptions(
        crash_ppm_max=800, torn_ppm_max=1_000_000, attack_ppm=400_000, attacks=BAD_VERIFIERS
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "_result", finish)
        return run.simulate(story(), seed=seed, swarm=options), agreed, said


@pytest.mark.parametrize("seed", SEEDS)
def test_no_promise_is_broken_while_people_speak_and_things_break(seed):
    result, _, _ = played(seed)
    assert result.violations == (), result.faults.describe()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_act_is_said_once_through_all_crashes(seed):
    _, _, said = played(seed)
    assert len(said) == len(story().acts)
    assert set(said.values()) == {1}


@pytest.mark.parametrize("seed", SEEDS)
def test_only_the_panels_quorum_makes_a_party_non_compliant(seed):
    result, agreed, _ = played(seed)
    found = {each.lab for each in agreed if each.stage in FOUND}
    assert found == {BIRCH}
    assert result.appraisals[BIRCH].stage in FOUND
    for lab in (AURORA, CEDAR):
        confirmed = [f for f in result.appraisals[lab].findings if f.grade is Grade.CONFIRMED]
        assert confirmed == []
    assert Fault.F7 in {finding.fault for finding in result.appraisals[BIRCH].findings}


@pytest.mark.parametrize("seed", SEEDS)
def test_only_who_gave_notice_is_let_go_and_nobody_before_it_has_run(seed):
    result, agreed, _ = played(seed)
    ends = {
        lab: {span.until for each in agreed if each.lab == lab for span in each.bound}
        for lab in (AURORA, BIRCH, CEDAR)
    }
    assert ends[BIRCH] == ends[CEDAR] == {None}
    (span,) = result.appraisals[AURORA].bound
    assert span.until is not None
    # Said in period 4 under three periods' notice; cut(2) is the first that can hold it.
    assert all(end >= 2 + 3 for end in ends[AURORA] if end is not None)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_one_cut_honest_verifiers_never_agree_on_two_appraisals(seed):
    _, agreed, _ = played(seed)
    places = Counter((each.lab, each.period, each.cut) for each in agreed)
    assert max(places.values()) == 1
