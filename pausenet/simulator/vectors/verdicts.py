"""Cases of what cuts show: when an agreement binds, and what an appraisal must be."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pausenet.protocol.appraisal import RULES_DIGEST, appraise
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64
from pausenet.simulator.vectors.edits import Value, written
from pausenet.simulator.vectors.ground import AURORA, BIRCH, VERIFIERS, logs_json, run_of
from pausenet.simulator.vectors.paper import Paper
from pausenet.statements import canonical
from pausenet.statements.cut import Cut
from pausenet.values import Digest


def lifecycle_cases() -> list[Case]:
    """Ratifications and cuts on paper, and from when each party is bound."""
    area = Area("agreement-lifecycle", CaseKind.LIFECYCLE)
    for accept, name, rule, run, paper, period in _papers():
        add = area.accept if accept else area.refuse
        cut = b64(canonical.encode(paper.cut(period).to_json()))
        logs = logs_json(paper.logs())
        add(name, rule, run=run, cut=cut, logs=logs)
    return area.cases


Story = tuple[bool, str, str, str, Paper, int]


def _papers() -> Iterator[Story]:
    """All-named first, then unconditional."""
    rule = "appraisal 2.3"
    paper = _both()
    yield True, "all-named-all-ratified", rule, "honest", paper, 1
    paper = _both()
    paper.agree(1)
    yield True, "all-named-met-in-an-earlier-cut", rule, "honest", paper, 3
    paper = _both(until=3)
    yield True, "all-named-met-in-the-last-period", rule, "honest", paper, 3
    for missing in (AURORA, BIRCH):
        paper = Paper("honest")
        paper.ratify(BIRCH if missing == AURORA else AURORA)
        yield False, f"all-named-without-{missing}", rule, "honest", paper, 1
    paper = Paper("honest")
    paper.ratify(AURORA)
    paper.declare(BIRCH)
    yield False, "all-named-one-only-declares", rule, "honest", paper, 1
    yield False, "all-named-nobody", rule, "honest", Paper("honest"), 1
    yield False, "all-named-met-after-an-end", "appraisal 2.4", "honest", _both(until=2), 3
    paper = Paper("honest")
    paper.ratify(AURORA, until=2)
    paper.agree(2)
    paper.ratify(BIRCH)
    yield False, "all-named-void-before-the-last", "appraisal 2.4", "honest", paper, 3
    paper = Paper("honest")
    paper.ratify(AURORA)
    paper.ratify(BIRCH, digest=Digest.of(b"another agreement"))
    yield False, "all-named-one-ratifies-another", rule, "honest", paper, 1
    paper = Paper("honest")
    paper.ratify(AURORA, until=1)
    paper.declare(BIRCH)
    paper.agree(1)
    paper.ratify(AURORA)
    paper.ratify(BIRCH)
    yield False, "all-named-second-ratification-after-void", "appraisal 2.4", "honest", paper, 3
    paper = Paper("honest")
    paper.declare(AURORA)
    paper.agree(0, VERIFIERS[:3])
    paper.ratify(AURORA)
    yield False, "all-named-one-of-two-in-two-cuts", rule, "honest", paper, 2
    yield from _unconditional()


def _both(until: int = 100) -> Paper:
    paper = Paper("honest")
    paper.declare(BIRCH)
    paper.ratify(AURORA)
    paper.ratify(BIRCH, until=until)
    return paper


def _unconditional() -> Iterator[Story]:
    rule, run = "appraisal 2.5", "unconditional"
    paper = Paper(run)
    paper.ratify(AURORA)
    yield True, "unconditional-one-ratified", rule, run, paper, 1
    paper = Paper(run)
    paper.declare(AURORA)
    yield False, "unconditional-nobody-ratified", rule, run, paper, 1
    paper = Paper(run)
    paper.ratify(AURORA, until=0)
    yield False, "unconditional-met-after-an-end", "appraisal 2.4", run, paper, 1
    paper = Paper(run)
    paper.ratify(AURORA, digest=Digest.of(b"another agreement"))
    yield False, "unconditional-of-another-agreement", rule, run, paper, 1


# ------------------------------------------------------------------------------------- appraisals


def appraisal_cases() -> list[Case]:
    """True appraisals under cuts of both runs, and each changed in one thing."""
    cases: list[Case] = []
    for run in ("honest", "cheats"):
        cuts = run_of(run).cuts
        for cut in (cuts[1], cuts[-1]):
            cases += _under(run, cut)
    return cases


def _under(run: str, cut: Cut) -> list[Case]:
    found = run_of(run)
    body = b64(canonical.encode(cut.to_json()))
    area = Area("appraisal", CaseKind.APPRAISAL, run=run, cut=body)
    rules = RULES_DIGEST.hex()
    for item in appraise(found.register, cut, found.logs):
        lab = str(item.appraisal.lab)
        value: Value = json.loads(canonical.encode(item.appraisal.to_json()))
        at = f"{run}-{cut.period:02}-{lab}"
        area.accept(
            f"{at}-as-appraised",
            "appraisal 5.1",
            lab=lab,
            rules=rules,
            appraisal=b64(written(value)),
        )
        for name, rule, changed in _false(value):
            area.refuse(f"{at}-{name}", rule, lab=lab, rules=rules, appraisal=b64(written(changed)))
        area.refuse(
            f"{at}-under-unknown-rules",
            "appraisal 1.3",
            lab=lab,
            rules="ab" * 32,
            appraisal=b64(written(value)),
        )
    return area.cases


def _false(value: Value) -> Iterator[tuple[str, str, Value]]:
    """Appraisals that a verifier might publish and that do not follow."""
    good = "no-breach-found-in-what-was-declared"
    status = "not-demonstrated" if value["status"] == good else good
    claims = {**value["claims"], "fleet-completeness": "supported"}
    yield "status-another", "appraisal 5.1", {**value, "status": status}
    yield "claim-supported", "appraisal 5.2", {**value, "claims": claims}
    later = {**value, "in_force_from": value["in_force_from"] + 1}
    yield "in-force-from-later", "appraisal 2.3", later
    if value["findings"]:
        yield "finding-left-out", "appraisal 4.1", {**value, "findings": value["findings"][1:]}
        first = {**value["findings"][0], "bundle": "ab" * 32}
        changed = {**value, "findings": [first, *value["findings"][1:]]}
        yield "bundle-another", "appraisal 4.1", changed
