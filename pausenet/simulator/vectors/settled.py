"""Stories of peers, notice and derogation, and of what is found: lifecycle, sections 3 and 4."""

from __future__ import annotations

from collections.abc import Iterator

from pausenet.simulator.vectors.life import ANOTHER, PROOF, Life, Story, in_force, lifted
from pausenet.simulator.vectors.networks import (
    AURORA,
    BIRCH,
    CEDAR,
    LANTERN,
    PLUMBLINE,
    SCALE,
    THREE,
    TRIBUNAL,
)
from pausenet.statements.determination import Outcome
from pausenet.statements.finding import Fault, Status
from pausenet.values import Digest


def peer_stories() -> Iterator[Story]:
    """Section 3: peers."""

    def peers(status: Status, *periods: int) -> Life:
        life = Life("k-of-n").ratified(*THREE).agreed(1)
        for period in periods:
            life.appraised(CEDAR, status, period).agreed(period)
        return life

    late = Status.NOT_DEMONSTRATED
    yield "peer-not-demonstrated-within-grace", "lifecycle 3.5", peers(late, 4), 9
    yield "peer-not-demonstrated-beyond-grace", "lifecycle 3.5", peers(late, 4, 5), 9
    yield (
        "peer-demonstrated-again",
        "lifecycle 3.5",
        peers(late, 4, 5).appraised(CEDAR, Status.NO_BREACH_FOUND, 6).agreed(6),
        11,
    )
    yield (
        "peer-has-left",
        "lifecycle 3.5",
        Life("k-of-n").ratified(*THREE).agreed(1).leaves(BIRCH).agreed(3, 7),
        11,
    )


def exit_stories() -> Iterator[Story]:
    """Section 3: notice and derogation."""
    yield "in-notice", "lifecycle 3.6", in_force().leaves(BIRCH), 3
    yield "notice-has-run", "lifecycle 3.6", in_force().leaves(BIRCH).agreed(3), 11
    back = in_force().leaves(BIRCH).agreed(3)
    yield "notice-taken-back", "lifecycle 3.6", back.returns(BIRCH), 5
    late = in_force().leaves(BIRCH).agreed(3, 5).returns(BIRCH)
    yield "notice-taken-back-too-late", "lifecycle 3.6", late, 6
    at_once = in_force().leaves(BIRCH).returns(BIRCH)
    yield "notice-taken-back-in-the-same-cut", "lifecycle 3.6", at_once, 3
    anew = in_force().leaves(BIRCH).agreed(3).returns(BIRCH).leaves(BIRCH)
    yield "notice-taken-back-and-given-in-one-cut", "lifecycle 3.6", anew, 5
    turned = in_force().leaves(BIRCH).agreed(3).leaves(BIRCH).returns(BIRCH)
    yield "notice-given-and-taken-back-in-one-cut", "lifecycle 3.6", turned, 5
    other = in_force().leaves(BIRCH).agreed(3).returns(CEDAR)
    yield "notice-of-another-taken-back", "lifecycle 3.6", other, 4
    yield (
        "notice-of-the-agreement",
        "lifecycle 3.6",
        (
            Life("coverage")
            .declared(AURORA, 9)
            .declared(BIRCH, 9)
            .declared(CEDAR, 9)
            .ratified(*THREE)
            .agreed(1)
            .leaves(CEDAR)
        ),
        3,
    )
    yield "derogated", "lifecycle 3.6", in_force().aside(CEDAR, 9, 3).agreed(4), 9
    yield (
        "derogation-over",
        "lifecycle 3.6",
        in_force().aside(CEDAR, 9, 3).agreed(4, 10),
        12,
    )
    yield "derogation-too-long", "lifecycle 3.6", in_force().aside(CEDAR, 9, 4).agreed(4), 9
    yield (
        "derogation-too-early",
        "lifecycle 3.6",
        in_force().aside(CEDAR, 8, 3).agreed(4),
        9,
    )
    again = in_force().aside(CEDAR, 9, 2).agreed(4).aside(CEDAR, 12, 2).agreed(5)
    yield "second-derogation-before-a-review", "lifecycle 3.6", again, 9
    upheld = in_force().aside(CEDAR, 9, 2).agreed(4)
    upheld.decides(Outcome.DEROGATION_UPHELD, CEDAR).aside(CEDAR, 12, 2).agreed(5)
    yield "second-derogation-after-a-review", "lifecycle 3.6", upheld, 9
    freed = in_force().leaves(CEDAR).assent(AURORA, BIRCH).agreed(3)
    yield "lifted-while-in-notice", "lifecycle 3.6", freed, 8
    caught = lifted().leaves(CEDAR).agreed(5)
    caught.appraised(BIRCH, Status.BREACH_PROVEN, 5, fault=Fault.F2)
    yield "snap-back-while-in-notice", "lifecycle 3.6", caught, 6
    gone = in_force().breached(CEDAR, 3).leaves(CEDAR).agreed(7, 15)
    gone.assent(AURORA, BIRCH).agreed(16)
    yield "lifted-after-who-was-in-breach-has-left", "lifecycle 3.3", gone, 20


def found_stories() -> Iterator[Story]:
    """Section 4."""
    doubt, sound = Status.DISCREPANCY, Status.NO_BREACH_FOUND

    def doubted(by: int = 3) -> Life:
        return in_force().agreed(3).appraised(BIRCH, doubt, 3, by=by, fault=Fault.F7)

    yield "suspected-by-three", "lifecycle 4.2", doubted(), 4
    yield "not-suspected-by-two", "lifecycle 4.1", doubted(by=2), 4
    yield (
        "suspected-and-cleared",
        "lifecycle 4.2",
        doubted().agreed(4).appraised(BIRCH, sound, 4),
        5,
    )
    yield (
        "cleared-by-an-older-appraisal",
        "lifecycle 4.1",
        doubted().agreed(4).appraised(BIRCH, sound, 2),
        5,
    )
    yield (
        "excused",
        "lifecycle 4.2",
        doubted().agreed(4).decides(Outcome.EXCUSE_ACCEPTED, BIRCH),
        5,
    )
    yield (
        "excused-by-half-a-panel",
        "lifecycle 4.4",
        doubted().agreed(4).decides(Outcome.EXCUSE_ACCEPTED, BIRCH, SCALE),
        5,
    )


def panel_stories() -> Iterator[Story]:
    """Section 4: determinations, and faults that speak for themselves."""

    def charged() -> Life:
        return in_force().charged(BIRCH, 3).agreed(6)

    yield "breach-determined", "lifecycle 4.3", in_force().breached(BIRCH, 3), 7
    divided = charged().decides(Outcome.NON_COMPLIANT, BIRCH, SCALE)
    divided.decides(Outcome.NO_BREACH, BIRCH, TRIBUNAL)
    yield "panel-divided", "lifecycle 4.4", divided, 7
    again = charged().decides(Outcome.NO_BREACH, BIRCH, SCALE)
    yield "panel-thinks-again", "lifecycle 4.4", again.decides(Outcome.NON_COMPLIANT, BIRCH), 7
    kin = charged().recused(SCALE, BIRCH).decides(Outcome.NON_COMPLIANT, BIRCH)
    yield "panel-with-a-recused-member", "lifecycle 4.4", kin, 7
    others = charged().decides(Outcome.NON_COMPLIANT, BIRCH, LANTERN, PLUMBLINE)
    yield "determined-by-evaluators", "lifecycle 1.3", others, 7
    yield (
        "breach-by-a-fault-that-speaks-for-itself",
        "lifecycle 4.3",
        in_force().agreed(3).appraised(BIRCH, Status.BREACH_PROVEN, 3, fault=Fault.F6),
        4,
    )
    yield (
        "suspected-by-a-fault-that-does-not",
        "lifecycle 4.3",
        in_force().agreed(3).appraised(BIRCH, Status.BREACH_PROVEN, 3, fault=Fault.F2),
        4,
    )
    yield (
        "breach-and-restored",
        "lifecycle 4.3",
        (in_force().breached(BIRCH, 3).agreed(7).decides(Outcome.RESTORED, BIRCH)),
        8,
    )


def matter_stories() -> Iterator[Story]:
    """Section 4: what is excused, and what is the same thing under another bundle."""
    doubt, late = Status.DISCREPANCY, Status.NOT_DEMONSTRATED

    def excused(of: Digest | None = PROOF) -> Life:
        life = in_force().agreed(3).appraised(BIRCH, doubt, 3, fault=Fault.F7, of=(2, 3))
        return life.agreed(4).decides(Outcome.EXCUSE_ACCEPTED, BIRCH, of=of).agreed(5)

    same = excused().appraised(BIRCH, doubt, 5, fault=Fault.F7, of=(2, 3), bundle=ANOTHER)
    yield "excused-under-another-bundle", "lifecycle 4.5", same, 6
    other = excused().appraised(BIRCH, doubt, 5, fault=Fault.F7, of=(3, 4), bundle=ANOTHER)
    yield "another-period-is-not-excused", "lifecycle 4.5", other, 6
    unnamed = excused(of=None).appraised(BIRCH, doubt, 5, fault=Fault.F7, of=(2, 3))
    yield "excused-of-all-that-is-open", "lifecycle 4.6", unnamed, 6
    yield "excused-of-something-else", "lifecycle 4.6", excused(of=ANOTHER), 6
    silent = in_force().agreed(3).appraised(BIRCH, late, 3).agreed(4)
    silent.decides(Outcome.EXCUSE_ACCEPTED, BIRCH, of=None).agreed(5)
    yield "excused-for-a-period", "lifecycle 4.6", silent, 6
    longer = in_force().agreed(3).appraised(BIRCH, late, 3).agreed(4)
    longer.decides(Outcome.EXCUSE_ACCEPTED, BIRCH, of=None).agreed(5).appraised(BIRCH, late, 5)
    yield "not-excused-for-the-next-period", "lifecycle 4.6", longer, 6
    upheld = in_force().agreed(3).appraised(BIRCH, doubt, 3, fault=Fault.F7).agreed(4)
    upheld.decides(Outcome.DEROGATION_UPHELD, BIRCH)
    yield "derogation-upheld-excuses-nothing", "lifecycle 4.6", upheld, 5


def again_stories() -> Iterator[Story]:
    """Section 4: several breaches, and what is decided again."""

    def two() -> Life:
        life = in_force().decides(Outcome.NON_COMPLIANT, BIRCH, of=ANOTHER).breached(BIRCH, 3)
        return life.decides(Outcome.NON_COMPLIANT, BIRCH, of=ANOTHER).agreed(7)

    def back() -> Life:
        return in_force().breached(BIRCH, 3).agreed(7).decides(Outcome.RESTORED, BIRCH).agreed(8)

    one = two().decides(Outcome.NO_BREACH, BIRCH)
    yield "no-breach-of-one-of-two", "lifecycle 4.6", one, 8
    none = two().decides(Outcome.NO_BREACH, BIRCH, of=None)
    yield "no-breach-of-the-party", "lifecycle 4.6", none, 8
    whole = two().decides(Outcome.RESTORED, BIRCH)
    yield "restored-takes-back-every-breach", "lifecycle 4.6", whole, 8
    yield "determined-anew-by-new-words", "lifecycle 4.4", back().breached(BIRCH, 9), 13
    half = back().charged(BIRCH, 9).agreed(12).decides(Outcome.NON_COMPLIANT, BIRCH, SCALE)
    yield "determined-anew-by-half-a-panel", "lifecycle 4.4", half, 13
    late = in_force().breached(BIRCH, 3).leaves(BIRCH).agreed(7)
    yield "restored-while-in-notice", "lifecycle 4.6", late.decides(Outcome.RESTORED, BIRCH), 8
