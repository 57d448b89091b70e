"""Stories of a dispute: the time to answer, the standard of evidence, appeals (lifecycle 6)."""

from __future__ import annotations

from collections.abc import Iterator

from pausenet.simulator.vectors.life import ANOTHER, PROOF, Life, Story, in_force
from pausenet.simulator.vectors.networks import BIRCH, CEDAR, SCALE, TRIBUNAL
from pausenet.statements.determination import Outcome
from pausenet.statements.finding import Fault, Status


def case_stories() -> Iterator[Story]:
    """Section 6: the time to answer, the standard of evidence, and appeals."""
    guilty, doubt, rule = Outcome.NON_COMPLIANT, Status.DISCREPANCY, "lifecycle 6"

    def found(fault: Fault = Fault.F7) -> Life:
        life = in_force("disputed").agreed(3).appraised(BIRCH, doubt, 3, fault=fault, of=(2, 3))
        return life.agreed(4)

    def determined() -> Life:
        return found().agreed(7).decides(guilty, BIRCH).agreed(8)

    early = found().agreed(6).decides(guilty, BIRCH)
    yield "breach-before-the-time-to-answer-has-run", f"{rule}.2", early, 7
    yield "words-too-early-stay-none", f"{rule}.2", early.agreed(7), 12
    yield "breach-once-it-has-run", f"{rule}.2", found().agreed(7).decides(guilty, BIRCH), 8
    answered = found().explains(BIRCH, 3).agreed(5).decides(guilty, BIRCH)
    yield "breach-once-it-is-answered", f"{rule}.3", answered, 6
    other = found().explains(BIRCH, 4).agreed(5).decides(guilty, BIRCH)
    yield "answer-of-another-period", f"{rule}.3", other, 6
    before = in_force("disputed").explains(BIRCH, 3).agreed(3)
    before.appraised(BIRCH, doubt, 3, fault=Fault.F7, of=(2, 3)).agreed(4).decides(guilty, BIRCH)
    yield "answer-before-anything-was-found", f"{rule}.3", before, 5
    yield (
        "charged-by-a-member-without-a-finding",
        f"{rule}.6",
        in_force("disputed").breached(BIRCH, 3),
        7,
    )
    yield "charged-too-lately", f"{rule}.2", in_force().charged(BIRCH, 3).decides(guilty, BIRCH), 6
    proof = in_force("disputed").agreed(3).appraised(BIRCH, doubt, 3, fault=Fault.F2).agreed(4)
    yield "breach-by-a-proof-at-once", f"{rule}.1", proof.decides(guilty, BIRCH), 5
    excused = determined().decides(Outcome.EXCUSE_ACCEPTED, BIRCH)
    yield "excuse-lifts-a-breach", f"{rule}.7", excused, 9
    gone = found().appraised(BIRCH, Status.NO_BREACH_FOUND, 4).agreed(5, 7).decides(guilty, BIRCH)
    yield "breach-of-what-is-found-no-longer", f"{rule}.5", gone, 8
    stale = found().agreed(7).decides(guilty, BIRCH, SCALE)
    stale.appraised(BIRCH, Status.NO_BREACH_FOUND, 7).agreed(8)
    stale.appraised(BIRCH, doubt, 8, fault=Fault.F7, of=(2, 3)).agreed(9, 12)
    half = stale.decides(guilty, BIRCH, TRIBUNAL)
    yield "word-of-a-case-that-was-withdrawn-since", f"{rule}.7", half, 13
    cleared = found().decides(Outcome.NO_BREACH, BIRCH, SCALE, of=None).agreed(7)
    cleared.decides(guilty, BIRCH).agreed(8).decides(Outcome.NO_BREACH, BIRCH, TRIBUNAL, of=None)
    yield "cleared-by-a-word-from-before-the-breach", f"{rule}.7", cleared, 9


def appeal_stories() -> Iterator[Story]:
    """Section 6: appeals."""
    guilty, doubt, rule = Outcome.NON_COMPLIANT, Status.DISCREPANCY, "lifecycle 6.8"

    def determined() -> Life:
        life = in_force("disputed").agreed(3).appraised(BIRCH, doubt, 3, fault=Fault.F7, of=(2, 3))
        return life.agreed(4, 7).decides(guilty, BIRCH).agreed(8)

    yield "appealed", rule, determined().appeals(BIRCH), 9
    at_once = in_force("disputed").agreed(3)
    at_once.appraised(BIRCH, doubt, 3, fault=Fault.F7, of=(2, 3)).agreed(4, 7)
    yield "appealed-in-the-same-cut", rule, at_once.decides(guilty, BIRCH).appeals(BIRCH), 8
    yield "appealed-on-the-last-day", rule, determined().agreed(9).appeals(BIRCH), 10
    yield "appealed-too-late", rule, determined().agreed(10).appeals(BIRCH), 11
    yield "appealed-by-another", rule, determined().appeals(CEDAR), 9
    yield "appealed-in-another-matter", rule, determined().appeals(BIRCH, ANOTHER), 9
    yield (
        "appeal-before-the-determination",
        rule,
        (
            in_force("disputed")
            .agreed(3)
            .appraised(BIRCH, doubt, 3, fault=Fault.F7, of=(2, 3))
            .appeals(BIRCH)
            .agreed(4, 7)
            .decides(guilty, BIRCH)
        ),
        9,
    )
    heard = determined().appeals(BIRCH).agreed(9)
    yield "appeal-dismissed", rule, heard.decides(guilty, BIRCH), 10
    half = determined().appeals(BIRCH).agreed(9).decides(guilty, BIRCH, TRIBUNAL)
    yield "appeal-heard-by-half-a-panel", rule, half, 10
    before = in_force("disputed").agreed(3)
    before.appraised(BIRCH, doubt, 3, fault=Fault.F7, of=(2, 3)).agreed(4, 7)
    before.decides(guilty, BIRCH, SCALE, of=None).decides(guilty, BIRCH).agreed(8).appeals(BIRCH)
    again = before.agreed(9).decides(guilty, BIRCH, TRIBUNAL, of=None)
    yield "appeal-heard-by-a-word-from-before-it", rule, again, 10
    upheld = determined().appeals(BIRCH).agreed(9).decides(Outcome.NO_BREACH, BIRCH)
    yield "appeal-upheld", rule, upheld, 10
    unheard = determined().appeals(BIRCH).agreed(9)
    yield "appeal-not-heard-yet", rule, unheard, 11
    yield "appeal-not-heard-in-time", rule, unheard.agreed(11), 12
    spoken = in_force("disputed").agreed(3)
    spoken.appraised(BIRCH, Status.BREACH_PROVEN, 3, fault=Fault.F6).agreed(4)
    yield "appeal-against-a-proof-that-speaks-for-itself", rule, spoken.appeals(BIRCH, PROOF), 5
