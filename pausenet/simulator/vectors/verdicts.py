"""Cases of what cuts show: when an agreement binds, and what an appraisal must be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from pausenet.log.cosignature import cosignature_message
from pausenet.protocol.appraisal import RULES_DIGEST, appraise
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64
from pausenet.simulator.vectors.corrected import appraised_stories
from pausenet.simulator.vectors.edits import Value, written
from pausenet.simulator.vectors.ground import Run, copied, logs_json, run_of
from pausenet.simulator.vectors.networks import AURORA, BIRCH, VERIFIERS
from pausenet.simulator.vectors.paper import Paper
from pausenet.simulator.vectors.written import say, usage
from pausenet.statements import canonical
from pausenet.statements.cut import Cut, Endorsement, Silence, TimeEvidence
from pausenet.statements.finding import Fault, FaultNotice, Status
from pausenet.values import (
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Signature,
    TreeSize,
)


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
    rule = "lifecycle 2.1"
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
    yield False, "all-named-met-after-an-end", "lifecycle 2.3", "honest", _both(until=2), 3
    paper = Paper("honest")
    paper.ratify(AURORA, until=2)
    paper.agree(2)
    paper.ratify(BIRCH)
    yield False, "all-named-void-before-the-last", "lifecycle 2.3", "honest", paper, 3
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
    yield False, "all-named-second-ratification-after-void", "lifecycle 2.3", "honest", paper, 3
    paper = Paper("honest")
    paper.declare(AURORA)
    paper.agree(0, VERIFIERS[:3])
    paper.ratify(AURORA)
    yield False, "all-named-one-of-two-in-two-cuts", rule, "honest", paper, 2
    yield from _endorsed()
    yield from _unconditional()


def _endorsed() -> Iterator[Story]:
    """What counts as the network's cut, and in which order cuts stand."""
    paper = _both(until=2)
    paper.agree(1, VERIFIERS[:2])
    yield False, "cut-of-two-endorsers", "appraisal 2.1", "honest", paper, 3
    paper = _both(until=2)
    paper.agree(1, VERIFIERS[:3])
    yield True, "cut-of-three-endorsers", "appraisal 2.1", "honest", paper, 3
    paper = Paper("honest")
    paper.ratify(AURORA, until=2)
    paper.declare(BIRCH)
    paper.agree(2)
    paper.ratify(BIRCH)
    paper.agree(2, view=1)
    yield False, "void-at-view-0-met-at-view-1", "lifecycle 2.3", "honest", paper, 3
    paper = _both(until=2)
    cut = paper.cut(1)
    paper.agree(1, VERIFIERS[:2])
    body = Endorsement(period=PeriodIndex(2), view=0, cut=cut.digest)
    paper.pens[VERIFIERS[2]].say(body)
    yield False, "endorsement-of-another-period", "appraisal 2.1", "honest", paper, 3
    paper = Paper("honest")
    paper.ratify(AURORA, until=4)
    paper.declare(BIRCH)
    paper.agree(4)
    paper.ratify(BIRCH)
    paper.agree(3)
    yield False, "void-before-a-cut-that-came-late", "appraisal 2.2", "honest", paper, 5


def _both(until: int = 100) -> Paper:
    paper = Paper("honest")
    paper.declare(BIRCH)
    paper.ratify(AURORA)
    paper.ratify(BIRCH, until=until)
    return paper


def _unconditional() -> Iterator[Story]:
    rule, run = "lifecycle 2.1", "unconditional"
    paper = Paper(run)
    paper.ratify(AURORA)
    yield True, "unconditional-one-ratified", rule, run, paper, 1
    paper = Paper(run)
    paper.declare(AURORA)
    yield False, "unconditional-nobody-ratified", rule, run, paper, 1
    paper = Paper(run)
    paper.ratify(AURORA, until=0)
    yield False, "unconditional-met-after-an-end", "lifecycle 2.3", run, paper, 1
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


def time_cases() -> list[Case]:
    """An honest lab's cut with other evidence of time: what was on time, and what was not."""
    run = run_of("honest")
    cut = run.cuts[-1]
    area = Area("published-time", CaseKind.APPRAISAL, run="honest", lab=str(AURORA))
    close = run.register.agreement.schedule.close(cut.period)
    first, second, third = VERIFIERS[:3]

    def add(stands: bool, name: str, *times: TimeEvidence) -> None:
        changed = _timed(cut, run.register.origin_of(AURORA), times)
        body = canonical.encode(changed.to_json())
        right = appraise(run.register, changed, run.logs)[0].appraisal
        claimed = replace(right, status=Status.NO_BREACH_FOUND)
        put = area.accept if stands else area.refuse
        put(
            name,
            "appraisal 3.4",
            cut=b64(body),
            rules=RULES_DIGEST.hex(),
            appraisal=b64(canonical.encode(claimed.to_json())),
        )

    def at(who: ParticipantId, time: int, size: int | None = None) -> TimeEvidence:
        return _evidence(run, who, time, size)

    early = at(first, close - 9)
    forged = replace(at(second, close), signature=Signature(bytes(64)))
    add(True, "at-the-close", early, at(second, close))
    add(True, "third-too-late", early, at(second, close), at(third, close + 1))
    add(False, "a-second-too-late", early, at(second, close + 1))
    add(False, "one-piece-only", early)
    add(False, "none")
    add(False, "one-of-two-forged", early, forged)
    add(False, "one-of-a-size-before", early, at(second, close, size=5))
    forked = _evidence(run, second, close, root=Digest.of(b"another root"))
    add(False, "one-of-another-root", early, forked)
    add(
        False, "one-of-another-time", early, replace(at(second, close), time=NetworkTime(close - 1))
    )
    add(False, "one-under-another-name", early, replace(at(third, close), by=second))
    add(False, "one-by-a-lab", replace(at(second, close), by=BIRCH), early)
    return area.cases


def _timed(cut: Cut, origin: Origin, times: tuple[TimeEvidence, ...]) -> Cut:
    ordered = tuple(sorted(times, key=lambda each: each.by))
    origins = tuple(
        replace(item, times=ordered) if item.origin == origin else item for item in cut.origins
    )
    return replace(cut, origins=origins)


def _evidence(
    run: Run, who: ParticipantId, time: int, size: int | None = None, root: Digest | None = None
) -> TimeEvidence:
    """A verifier's storing cosignature on aurora's log at a time, or on a log that forked."""
    pen = copied(run, AURORA, len(run.entries(AURORA)))
    known = run.cuts[-1].size_of(pen.origin) if size is None else TreeSize(size)
    head = pen.head(known)
    head = replace(head, root=root or head.root)
    key = run.setting.keys[who].storing
    assert key is not None, "verifiers have one"
    signature = key.sign(cosignature_message(head, NetworkTime(time)))
    return TimeEvidence(
        by=who, size=head.size, root=head.root, time=NetworkTime(time), signature=signature
    )


def notice_cases() -> list[Case]:
    """What verifiers' logs say of birch on paper: how many must say it, and how."""
    area = Area("named-alike", CaseKind.APPRAISAL, run="honest", lab=str(BIRCH))
    bundle, other = Digest.of(b"a bundle"), Digest.of(b"another bundle")
    cases = {
        "by-two": (True, ((0, Fault.F2, bundle), (1, Fault.F2, bundle)), (bundle,)),
        "by-one": (False, ((0, Fault.F2, bundle),), (bundle,)),
        "by-one-twice": (False, ((0, Fault.F2, bundle), (0, Fault.F2, bundle)), (bundle,)),
        "of-two-faults": (False, ((0, Fault.F2, bundle), (1, Fault.F1, bundle)), (bundle,)),
        "of-two-bundles": (False, ((0, Fault.F2, bundle), (1, Fault.F2, other)), (bundle, other)),
        "not-in-the-cut": (False, ((0, Fault.F2, bundle), (1, Fault.F2, bundle)), (other,)),
    }
    for name, (stands, notices, listed) in cases.items():
        paper = _both()
        for who, fault, of in notices:
            paper.pens[VERIFIERS[who]].say(FaultNotice(fault=fault, accused=BIRCH, bundle=of))
        cut = replace(paper.cut(1), faults=tuple(sorted(listed)))
        _claimed(area, name, "appraisal 3.6", stands, paper, cut, Status.BREACH_PROVEN)
    for named in (True, False):
        paper = _both()
        paper.agree(0)
        written = "named" if named else "unnamed"
        say(paper, BIRCH, usage(excess=False), 2, named=named)
        for verifier in VERIFIERS[:2]:
            origin = paper.register.origin_of(BIRCH)
            body = Silence(
                log=origin,
                size=TreeSize(2),
                due=PeriodIndex(2),
                register_size=paper.register.size,
                register_root=paper.register.root,
            )
            paper.pens[verifier].say(body)
        name = f"answered-by-usage-that-is-{written}"
        _claimed(area, name, "appraisal 3.1", False, paper, paper.cut(3), Status.NO_BREACH_FOUND)
    return area.cases


def correction_cases() -> list[Case]:
    """Birch's usage as corrected: how often, and where compute was taken back."""
    area = Area("corrected", CaseKind.APPRAISAL, run="honest", lab=str(BIRCH))
    for name, rule, ledger in appraised_stories():
        paper, cut = ledger.paper, ledger.paper.cut(7)
        right = appraise(paper.register, cut, paper.logs())[1].appraisal
        other = () if right.lowered else (PeriodIndex(3),)
        good = Status.NO_BREACH_FOUND
        status = Status.BREACH_PROVEN if right.status is not Status.BREACH_PROVEN else good
        claims = {
            "": right,
            "-counted-otherwise": replace(right, corrections=1 - min(right.corrections, 1)),
            "-lowered-otherwise": replace(right, lowered=other),
            "-of-another-status": replace(right, status=status),
        }
        for mutation, claim in claims.items():
            put = area.refuse if mutation else area.accept
            put(
                name + mutation,
                rule,
                cut=b64(canonical.encode(cut.to_json())),
                logs=logs_json(paper.logs()),
                rules=RULES_DIGEST.hex(),
                appraisal=b64(canonical.encode(claim.to_json())),
            )
    return area.cases


def _claimed(
    area: Area, name: str, rule: str, stands: bool, paper: Paper, cut: Cut, status: Status
) -> None:
    """A case of an appraisal that is right but, perhaps, for its status."""
    right = appraise(paper.register, cut, paper.logs())[1].appraisal
    put = area.accept if stands else area.refuse
    put(
        name,
        rule,
        cut=b64(canonical.encode(cut.to_json())),
        logs=logs_json(paper.logs()),
        rules=RULES_DIGEST.hex(),
        appraisal=b64(canonical.encode(replace(right, status=status).to_json())),
    )


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
    other = "in-force" if value["stage"] != "in-force" else "suspended"
    yield "stage-another", "appraisal 2.3", {**value, "stage": other}
    bound = [] if value["bound"] else [{"from": 1, "until": -1}]
    yield "bound-otherwise", "appraisal 2.3", {**value, "bound": bound}
    if value["findings"]:
        yield "finding-left-out", "appraisal 4.1", {**value, "findings": value["findings"][1:]}
        first = {**value["findings"][0], "bundle": "ab" * 32}
        changed = {**value, "findings": [first, *value["findings"][1:]]}
        yield "bundle-another", "appraisal 4.1", changed
