"""F9: what does not follow from the cut is proven, whatever is false in it, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache

import pytest

from pausenet.errors import UnknownRules
from pausenet.protocol import faults
from pausenet.protocol.bundle import Outcome, verify_bundle
from pausenet.protocol.cut import network_cuts
from pausenet.protocol.evidence import (
    UNPROVEN,
    Accusation,
    EndorsedCut,
    Judgement,
    Material,
    Signed,
    WholeLog,
)
from pausenet.protocol.sealing import seal
from pausenet.protocol.verdicts import judge_false_appraisal
from pausenet.simulator.adversary.false_appraiser import opposite
from pausenet.statements.finding import Appraisal, Claim, Fault, Grade, Status, Support
from pausenet.statements.register import Purpose
from pausenet.statements.stage import (
    FREE,
    Amendable,
    Amended,
    Bar,
    Ceiling,
    Change,
    Easable,
    Easing,
    PartyStage,
)
from pausenet.values import Digest, Origin, Pflop, Role
from tests.protocol.builders import Paper, of_lab
from tests.protocol.bundles import all_bundles
from tests.protocol.mutants import bundle_mutants
from tests.protocol.paper import index, name, usage
from tests.simulator.cuts import Ran

NUMBER = 6
"""Whose cut is appraised: birch is proven over the cap in it."""


@cache
def network() -> tuple[Paper, Appraisal]:
    paper = Paper()
    for number in range(NUMBER):
        paper.period(number, used={"birch": usage(run_pflop=60_000)} if number >= 3 else {})
    return paper, of_lab(paper.period(NUMBER), "birch").appraisal


def said(appraisal: Appraisal, by: str = "verifier-2") -> Signed:
    """The appraisal, signed; its author's log is left as it was."""
    log = network()[0].log(by)
    return Signed(entry=log.sealed(log.statement(appraisal)))


def ground(number: int = NUMBER) -> tuple[EndorsedCut, tuple[WholeLog, ...]]:
    """A network cut and its logs."""
    paper, _ = network()
    found = network_cuts(paper.register, paper.entries())[number]
    entries = paper.entries()
    logs = (
        WholeLog(origin=item.origin, entries=tuple(entries[item.origin][: item.size]))
        for item in found.cut.origins
    )
    return found.material(paper.register), tuple(logs)


def falsehoods() -> dict[str, Appraisal]:
    """The true appraisal with one thing changed, by its name."""
    _, true = network()
    assert true.status is Status.BREACH_PROVEN
    lie = {
        "period": index(NUMBER + 1),
        "view": 1,
        "agreement": Digest.of(b"another"),
        "lab": name("aurora"),
        "bound": (),
        "stage": PartyStage.DRAFTED,
        "status": Status.NO_BREACH_FOUND,
        "claims": tuple((claim, Support.SUPPORTED) for claim in Claim),
        "findings": (),
    }
    found = {field: replace(true, **{field: value}) for field, value in lie.items()}
    found["corrections"] = replace(true, corrections=true.corrections + 1)
    found["lowered"] = replace(true, lowered=(index(4),))
    found["caps"] = replace(true, caps=(Ceiling(start=index(4), limit_pflop=Pflop(1)),))
    found["barred"] = replace(true, barred=(Bar(run=name("run-one"), start=index(4)),))
    free = Change(start=index(4), raised_ppm=FREE)
    found["eased"] = replace(true, eased=(Easing(clause=Easable.RUN_CAP, changes=(free,)),))
    lower = (Ceiling(start=index(4), limit_pflop=Pflop(1)),)
    found["amended"] = replace(true, amended=(Amended(clause=Amendable.RUN_CAP, limits=lower),))
    found["nobody's"] = replace(true, lab=name("nobody"))
    found["the bundle"] = replace(
        true, findings=(replace(true.findings[0], bundle=Digest.of(b"x")), *true.findings[1:])
    )
    found["the opposite"] = opposite(true)
    return found


def test_every_member_of_an_appraisal_is_tried() -> None:
    tried = set(falsehoods()) | {"cut", "rules"}
    assert {field.name for field in fields(Appraisal)} <= tried


@pytest.mark.parametrize("what", sorted(falsehoods()))
def test_an_appraisal_false_in_one_thing_is_a_proof_to_a_stranger(what: str) -> None:
    paper, _ = network()
    cut, logs = ground()
    data = faults.false_appraisal(paper.register, said(falsehoods()[what]).entry, cut, logs)
    assert data is not None
    found = verify_bundle(data, paper.register.network_id)
    assert found.outcome is Outcome.PROVEN
    assert found.claim is not None
    assert (found.claim.fault, found.claim.accused) == (Fault.F9, "verifier-2")
    assert verify_bundle(data, None).exit_code == 3


def test_the_true_appraisal_convicts_nobody() -> None:
    paper, true = network()
    cut, logs = ground()
    for by in paper.register.verifiers:
        assert faults.false_appraisal(paper.register, said(true, by).entry, cut, logs) is None


def test_by_unknown_rules_it_is_not_run() -> None:
    paper, true = network()
    other = said(replace(true, rules=Digest.of(b"others"), status=Status.NO_BREACH_FOUND))
    cut, logs = ground()
    materials = (other, cut, *logs)
    with pytest.raises(UnknownRules):
        judge_false_appraisal(paper.register, materials)
    accusation = Accusation(
        fault=Fault.F9,
        grade=Grade.CONFIRMED,
        accused=name("verifier-2"),
        role=Role.VERIFIER,
        key=paper.register.members[name("verifier-2")].keys[Purpose.STATEMENT].key_id,
        periods=(),
        text=Fault.F9.meaning,
    )
    judgement = Judgement(accusation=accusation, materials=materials, facts=())
    found = verify_bundle(seal(paper.register, judgement).data, paper.register.network_id)
    assert (found.outcome, found.exit_code) == (Outcome.NOT_RUN, 3)
    assert found.sentence.startswith("not run: ")


def unlike() -> dict[str, tuple[Material, ...]]:
    """The materials of a true proof with one thing put in another's place."""
    paper, true = network()
    cut, logs = ground()
    before, earlier = ground(NUMBER - 1)
    lie = said(opposite(true))
    log = paper.log("birch")
    one = logs[0]
    return {
        "no appraisal": (cut, *logs),
        "no cut": (lie, *logs),
        "no logs": (lie, cut),
        "another cut": (lie, before, *earlier),
        "the logs of another cut": (lie, cut, *earlier),
        "an endorsement less": (lie, replace(cut, endorsements=cut.endorsements[1:]), *logs),
        "an endorsement twice": (
            lie,
            replace(cut, endorsements=(cut.endorsements[0], *cut.endorsements[:-1])),
            *logs,
        ),
        "a log less": (lie, cut, *logs[1:]),
        "a log twice": (lie, cut, one, *logs),
        "logs in another order": (lie, cut, *logs[::-1]),
        "an entry less": (lie, cut, replace(one, entries=one.entries[:-1]), *logs[1:]),
        "an entry more": (lie, cut, replace(one, entries=(*one.entries, b"x")), *logs[1:]),
        "entries in another order": (lie, cut, replace(one, entries=one.entries[::-1]), *logs[1:]),
        "another's log": (lie, cut, replace(one, origin=logs[1].origin), *logs[1:]),
        "a log of nobody": (lie, cut, replace(one, origin=_nowhere(one)), *logs[1:]),
        "a lab's appraisal": (Signed(entry=log.sealed(log.statement(opposite(true)))), cut, *logs),
        "an endorsement for an appraisal": (Signed(entry=cut.endorsements[0]), cut, *logs),
        "the appraisal twice": (lie, lie, cut, *logs),
    }


def _nowhere(log: WholeLog) -> Origin:
    return Origin(log.origin.rpartition("/")[0] + "/nobody")


@pytest.mark.parametrize("what", sorted(unlike()))
def test_materials_with_one_thing_in_anothers_place_are_refused(what: str) -> None:
    with pytest.raises(UNPROVEN):
        judge_false_appraisal(network()[0].register, unlike()[what])


def test_a_changed_bundle_is_no_proof() -> None:
    """Some thirty changes, the digest repaired: none is a proof, unless it is the same bytes."""
    paper, true = network()
    cut, logs = ground()
    data = faults.false_appraisal(paper.register, said(opposite(true)).entry, cut, logs)
    assert data is not None
    bundles = {"F9": data, **{name: all_bundles()[name] for name in list(all_bundles())[:4]}}
    tried = 0
    for what, changed in bundle_mutants("F9", bundles):
        if changed != data:
            assert verify_bundle(changed, paper.register.network_id).exit_code in (2, 3), what
            tried += 1
    assert tried > 30


def test_logs_that_have_outgrown_a_bundle_give_none(monkeypatch: pytest.MonkeyPatch) -> None:
    paper, true = network()
    cut, logs = ground()
    lie = said(opposite(true)).entry
    data = faults.false_appraisal(paper.register, lie, cut, logs)
    assert data is not None
    monkeypatch.setattr(faults, "BUNDLE_BYTES_MAX", len(data) - 1)
    assert faults.false_appraisal(paper.register, lie, cut, logs) is None


def test_a_verifier_that_lies_moves_no_status_and_is_proven_false(
    shipped: Callable[[str], Ran],
) -> None:
    result = shipped("false-appraisal").result
    assert not result.violations
    assert result.fired["cheat.false-appraiser"] >= 3
    claims = [verify_bundle(data, result.network_id).claim for data in result.bundles.values()]
    assert {(c.fault, c.accused) for c in claims if c is not None} == {
        (Fault.F9, "verifier-2"),
        (Fault.F6, "aurora"),
    }
    assert dict(result.statuses) == dict(result.scenario.expect.labs)
