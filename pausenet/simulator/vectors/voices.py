"""F9 and F11 on paper: what a verifier says of a cut, and says twice.

The network is small: everybody declares, two labs ratify, one cut is endorsed. Under it an
appraisal can be made anew from a few entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from pausenet.protocol.appraisal import appraise
from pausenet.protocol.evidence import EndorsedCut, Material, Signed, WholeLog
from pausenet.simulator.vectors.ground import Pen
from pausenet.simulator.vectors.networks import AURORA, BIRCH, VERIFIERS
from pausenet.simulator.vectors.paper import Paper
from pausenet.statements.codec import Body
from pausenet.statements.cut import Cut, Endorsement
from pausenet.statements.finding import Appraisal, Fault, Status
from pausenet.statements.membership import Approval
from pausenet.values import Digest, ParticipantId, PeriodIndex, Seq, Signature

Materials = tuple[Material, ...]
Told = tuple[str, str, Materials]
"""A name, the rule, the materials."""


@lru_cache(maxsize=1)
def _network() -> tuple[Paper, Cut, EndorsedCut, tuple[WholeLog, ...]]:
    """The paper, its one cut, that cut as material, and the logs that it lists."""
    paper = Paper("honest")
    for who in paper.pens:
        paper.declare(who)
    for who in (AURORA, BIRCH):
        paper.ratify(who)
    cut = paper.cut(1)
    logs = tuple(
        WholeLog(origin=pen.origin, entries=tuple(pen.entries))
        for pen in sorted(paper.pens.values(), key=lambda pen: pen.origin)
    )
    return paper, cut, endorsed(paper, cut), logs


def endorsed(paper: Paper, cut: Cut) -> EndorsedCut:
    """A cut, stated by the first verifier and endorsed by the first three."""
    entry = paper.pens[VERIFIERS[0]].say(cut)
    body = Endorsement(period=cut.period, view=cut.view, cut=cut.digest)
    said = tuple(paper.pens[name].say(body) for name in VERIFIERS[:3])
    return EndorsedCut(cut=entry, endorsements=said)


def true_appraisal() -> Appraisal:
    """What the rules make of aurora under the cut."""
    paper, cut, _, logs = _network()
    return appraise(paper.register, cut, {log.origin: log.entries for log in logs})[0].appraisal


def signed(body: Body, who: ParticipantId = VERIFIERS[1], seq: int = 0) -> Signed:
    """Something said by somebody at a place; its log does not matter here."""
    pen = Pen(setting=_network()[0].setting, who=who)
    return Signed(entry=pen.sealed(replace(pen.statement(body), seq=Seq(seq))))


def under_the_cut(said: Signed) -> Materials:
    """The materials of F9 for an appraisal under the cut."""
    _, _, cut, logs = _network()
    return (said, cut, *logs)


def false_appraisals() -> Iterator[Told]:
    """Materials that show F9."""
    true = true_appraisal()
    lies = {
        "status-another": replace(true, status=Status.NO_BREACH_FOUND),
        "lab-that-is-no-party": replace(true, lab=ParticipantId("nobody")),
        "period-another": replace(true, period=PeriodIndex(2)),
        "correction-invented": replace(true, corrections=1),
        "bound-to-nothing": replace(true, bound=()),
    }
    for name, lie in lies.items():
        yield f"f9-{name}", "bundles 6.3", under_the_cut(signed(lie))


def not_false() -> Iterator[Told]:
    """Materials that do not show F9: what is said is true, or the logs are not the cut's."""
    true = true_appraisal()
    lie = replace(true, status=Status.NO_BREACH_FOUND)
    paper, cut, as_material, logs = _network()
    said, origins = signed(lie), [log.origin for log in logs]
    yield "f9-that-follows", "bundles 6.3", under_the_cut(signed(true))
    yield "f9-said-by-a-lab", "bundles 6.1", under_the_cut(signed(lie, BIRCH))
    other = replace(lie, cut=Digest.of(b"another cut"))
    yield "f9-of-another-cut", "bundles 6.1", under_the_cut(signed(other))
    unknown = replace(lie, rules=Digest.of(b"other rules"))
    yield "f9-by-other-rules", "bundles 6.2", under_the_cut(signed(unknown))
    vote = Endorsement(period=cut.period, view=cut.view, cut=cut.digest)
    yield "f9-of-an-endorsement", "bundles 6.1", under_the_cut(signed(vote))
    two = replace(as_material, endorsements=as_material.endorsements[:2])
    yield "f9-cut-of-two-endorsers", "bundles 3.4", (said, two, *logs)
    yield "f9-cut-left-out", "bundles 6.1", (said, *logs)
    bare = Signed(entry=as_material.cut)
    yield "f9-cut-as-an-envelope", "bundles 6.1", (said, bare, *logs)
    yield "f9-log-left-out", "bundles 6.1", (said, as_material, *logs[:-1])
    yield "f9-logs-swapped", "bundles 6.1", (said, as_material, logs[1], logs[0], *logs[2:])
    lab = origins.index(paper.register.origin_of(AURORA))
    log = logs[lab]
    changes = {
        "cut-short": log.entries[:-1],
        "with-an-entry-more": (*log.entries, log.entries[0]),
        "with-another-entry": (log.entries[0], logs[lab + 1].entries[-1]),
        "in-another-order": log.entries[::-1],
    }
    for name, entries in changes.items():
        changed = [*logs[:lab], replace(log, entries=entries), *logs[lab + 1 :]]
        yield f"f9-log-{name}", "bundles 6.1", (said, as_material, *changed)
    renamed = replace(log, origin=origins[lab + 1])
    changed = [*logs[:lab], renamed, *logs[lab + 1 :]]
    yield "f9-log-of-another", "bundles 6.1", (said, as_material, *changed)


def double_voices() -> Iterator[Told]:
    """Materials that show F11."""
    for name, one, other in _voices():
        yield f"f11-{name}", "bundles 5.1", _ascending(signed(one), signed(other, seq=1))


def not_double() -> Iterator[Told]:
    """Materials that do not show F11."""
    true, vote, cut = true_appraisal(), _vote(b"a cut"), _network()[1]
    (_, _, another), (_, _, lie), *_ = _voices()
    assert isinstance(another, Endorsement), "first two endorsements"
    assert isinstance(lie, Appraisal), "then two appraisals"
    pairs: dict[str, tuple[str, Body, Body]] = {
        "endorsement-said-twice": ("bundles 5.2", vote, vote),
        "appraisal-said-twice": ("bundles 5.2", true, true),
        "endorsements-of-two-periods": (
            "bundles 5.1",
            vote,
            replace(another, period=PeriodIndex(2)),
        ),
        "endorsements-of-two-views": ("bundles 5.1", vote, replace(another, view=1)),
        "appraisals-of-two-periods": ("bundles 5.1", true, replace(lie, period=PeriodIndex(2))),
        "appraisals-of-two-views": ("bundles 5.1", true, replace(lie, view=1)),
        "appraisals-of-two-labs": ("bundles 5.1", true, replace(lie, lab=BIRCH)),
        "endorsement-and-appraisal": ("bundles 5.1", vote, true),
        "approval-said-twice": ("bundles 5.2", _approves(b"one"), _approves(b"one")),
        "approvals-of-one-change": ("bundles 5.2", _approves(b"one"), _approves(b"one", by=2)),
        "approvals-after-two-entries": (
            "bundles 5.1",
            _approves(b"one"),
            _approves(b"another", after=b"another"),
        ),
        "approval-and-endorsement": ("bundles 5.1", _approves(b"one"), vote),
        "two-cuts-stated": ("bundles 5.1", cut, replace(cut, faults=(Digest.of(b"one"),))),
    }
    for name, (rule, one, other) in pairs.items():
        yield f"f11-{name}", rule, _ascending(signed(one), signed(other, seq=1))
    by_two = _ascending(signed(vote), signed(another, VERIFIERS[2]))
    yield "f11-by-two-verifiers", "bundles 5.1", by_two
    two = (signed(_approves(b"one"), BIRCH), signed(_approves(b"another"), BIRCH))
    yield "f11-approvals-by-a-lab", "bundles 5.1", _ascending(*two)
    yield "f11-by-a-lab", "bundles 5.1", _ascending(signed(vote, BIRCH), signed(another, BIRCH))


def _voices() -> Iterator[tuple[str, Body, Body]]:
    true = true_appraisal()
    yield "two-endorsements", _vote(b"a cut"), _vote(b"another cut")
    yield "two-appraisals", true, replace(true, status=Status.NO_BREACH_FOUND)
    yield "appraisals-of-two-cuts", true, replace(true, cut=Digest.of(b"another cut"))
    yield "two-approvals", _approves(b"one"), _approves(b"another")
    yield "appraisals-by-two-rules", true, replace(true, rules=Digest.of(b"other rules"))


def _approves(change: bytes, after: bytes = b"an entry", by: int = 1) -> Approval:
    signature = Signature(bytes([by]) * 64)
    return Approval(after=Digest.of(after), change=Digest.of(change), signature=signature)


def _vote(of: bytes) -> Endorsement:
    return Endorsement(period=PeriodIndex(1), view=0, cut=Digest.of(of))


def _ascending(one: Signed, other: Signed) -> Materials:
    first, second = sorted((one.entry, other.entry))
    return (Signed(entry=first), Signed(entry=second))


VOICES = {Fault.F9: (false_appraisals, not_false), Fault.F11: (double_voices, not_double)}
"""For each fault what shows it, and what does not."""
