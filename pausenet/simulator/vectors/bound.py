"""Stories of who is held by an agreement, and of what binds: lifecycle, sections 1 to 3."""

from __future__ import annotations

from collections.abc import Iterator

from pausenet.simulator.vectors.life import Life, Story, in_force, lifted
from pausenet.simulator.vectors.networks import (
    AURORA,
    BIRCH,
    CEDAR,
    LANTERN,
    PLUMBLINE,
    THREE,
)
from pausenet.statements.determination import Outcome
from pausenet.statements.finding import Fault, Status
from pausenet.values import ParticipantId


def held_stories() -> Iterator[Story]:
    """Section 1, and section 2."""

    def k_of_n(*who: ParticipantId) -> Life:
        return Life("k-of-n").ratified(*who)

    def covering(*counts: int) -> Life:
        life = Life("coverage")
        for who, count in zip(THREE, counts, strict=False):
            life.declared(who, count)
        return life

    yield "conditionally-bound", "lifecycle 2.1", in_force(), 1
    yield "in-force-after-the-notice", "lifecycle 3.1", in_force(), 3
    yield (
        "one-has-not-ratified",
        "lifecycle 2.1",
        Life("all-named").ratified(AURORA, CEDAR),
        1,
    )
    yield (
        "ratified-and-withdrawn-in-one-cut",
        "lifecycle 1.2",
        Life("all-named").ratified(*THREE).leaves(BIRCH),
        1,
    )
    yield (
        "withdrawn-before-it-is-held",
        "lifecycle 1.2",
        (
            Life("all-named")
            .ratified(AURORA, BIRCH)
            .agreed(1)
            .leaves(BIRCH)
            .agreed(2)
            .ratified(CEDAR)
        ),
        4,
    )
    late = Life("all-named").ratified(AURORA, BIRCH).agreed(4).ratified(CEDAR)
    yield "words-of-a-late-cut-wait", "lifecycle 1.1", late, 3
    late = Life("all-named").ratified(AURORA, BIRCH).agreed(4).ratified(CEDAR).agreed(3)
    yield "words-of-a-late-cut-count-in-the-next", "lifecycle 1.1", late, 5
    yield "withdrawal-said-by-an-evaluator", "lifecycle 1.3", in_force().leaves(LANTERN), 3
    yield "two-of-three-are-enough", "lifecycle 2.1", k_of_n(AURORA, CEDAR), 3
    yield "one-of-three-is-not-enough", "lifecycle 2.1", k_of_n(AURORA), 3
    yield (
        "third-joins-later",
        "lifecycle 2.1",
        k_of_n(AURORA, CEDAR).agreed(1).ratified(BIRCH),
        4,
    )
    yield "capacity-that-covers", "lifecycle 2.2", covering(60, 10, 30).ratified(AURORA), 1
    yield (
        "capacity-that-does-not",
        "lifecycle 2.2",
        covering(59, 11, 30).ratified(AURORA),
        1,
    )
    yield "capacity-not-all-declared", "lifecycle 2.2", covering(60, 10).ratified(AURORA), 1


def _triggered() -> Life:
    return Life("triggered").ratified(*THREE).agreed(1)


def indicator_stories() -> Iterator[Story]:
    """Section 3: a trigger over indicators and incidents."""
    triggered, past = _triggered, 810_000
    yield "not-triggered", "lifecycle 3.1", triggered(), 3
    yield "indicator-past-its-bound-once", "lifecycle 3.2", triggered().measured(past), 3
    yield (
        "indicator-past-its-bound-twice",
        "lifecycle 3.2",
        triggered().measured(past).agreed(3),
        4,
    )
    yield (
        "indicator-by-one-source",
        "lifecycle 3.2",
        triggered().measured(past, LANTERN).agreed(3),
        4,
    )
    yield (
        "indicator-of-two-labs",
        "lifecycle 3.2",
        (triggered().measured(past, LANTERN).measured(past, PLUMBLINE, about=BIRCH).agreed(3)),
        4,
    )
    yield (
        "indicator-taken-back-between",
        "lifecycle 3.2",
        (
            triggered()
            .measured(past)
            .agreed(3)
            .measured(700_000, LANTERN)
            .agreed(4)
            .measured(past, LANTERN)
        ),
        5,
    )
    yield (
        "incident-by-both",
        "lifecycle 3.1",
        triggered().reported(LANTERN).agreed(3).reported(PLUMBLINE),
        4,
    )
    yield (
        "incidents-at-two-labs",
        "lifecycle 3.1",
        triggered().reported(LANTERN).reported(PLUMBLINE, BIRCH),
        4,
    )
    yield (
        "incident-said-by-a-lab",
        "lifecycle 3.1",
        triggered().reported(LANTERN).reported(CEDAR),
        4,
    )
    yield (
        "assents-before-the-trigger",
        "lifecycle 3.2",
        triggered().assent(*THREE).measured(past).agreed(3, 4),
        9,
    )


def lift_stories() -> Iterator[Story]:
    """Section 3: what lifts the binding."""
    yield "lifted-by-two-of-three", "lifecycle 3.1", lifted(), 8
    yield "lifted-and-not-yet-free", "lifecycle 1.4", lifted(), 7
    yield "assent-of-one", "lifecycle 3.1", in_force().assent(BIRCH).agreed(4), 8
    yield (
        "assent-taken-back",
        "lifecycle 3.1",
        in_force().assent(BIRCH).agreed(4).assent(BIRCH, lift=False).assent(AURORA),
        9,
    )
    yield (
        "lift-determined-by-the-panel",
        "lifecycle 3.1",
        in_force().decides(Outcome.LIFT_MET, None).agreed(4),
        8,
    )
    yield (
        "lift-met-while-a-breach-is-determined",
        "lifecycle 3.3",
        (in_force().breached(CEDAR, 3).agreed(7).assent(AURORA, BIRCH).agreed(8)),
        13,
    )


def return_stories() -> Iterator[Story]:
    """Section 3: what brings it back."""
    yield (
        "snap-back-by-a-fault-of-the-clause",
        "lifecycle 3.4",
        lifted().appraised(CEDAR, Status.BREACH_PROVEN, 8, fault=Fault.F2).agreed(9),
        15,
    )
    yield (
        "no-snap-back-by-another-fault",
        "lifecycle 3.4",
        lifted().appraised(CEDAR, Status.BREACH_PROVEN, 8, fault=Fault.F1).agreed(9),
        15,
    )
    yield (
        "no-snap-back-by-a-fault-known-before",
        "lifecycle 3.4",
        (
            in_force()
            .appraised(CEDAR, Status.BREACH_PROVEN, 3, fault=Fault.F2)
            .assent(AURORA, BIRCH)
            .agreed(4)
            .appraised(CEDAR, Status.BREACH_PROVEN, 8, fault=Fault.F2)
            .agreed(9)
        ),
        15,
    )
    yield (
        "snap-back-by-a-determination",
        "lifecycle 3.4",
        lifted().breached(BIRCH, 5).agreed(9),
        15,
    )
    timed = Life("timed").ratified(*THREE).agreed(1)
    yield "not-yet-time", "lifecycle 3.1", timed, 1
    yield "time-triggers", "lifecycle 3.1", Life("timed").ratified(*THREE).agreed(1), 2
    lifting = Life("timed").ratified(*THREE).agreed(1, 2).assent(*THREE).agreed(4)
    yield "time-alone-triggers-nothing-anew", "lifecycle 3.2", lifting, 9


def veto_stories() -> Iterator[Story]:
    """Section 7: a vote over what comes back."""

    def back(run: str = "vetoed") -> Life:
        return lifted(run).breached(CEDAR, 5).agreed(9)

    yield "vetoed-by-both-others", "lifecycle 7.4", back().assent(AURORA, BIRCH).agreed(10), 14
    yield "veto-of-one-of-two", "lifecycle 7.4", back().assent(AURORA).agreed(10), 14
    yield "veto-with-who-is-in-breach", "lifecycle 7.4", back().assent(AURORA, CEDAR).agreed(10), 14
    late = back().agreed(10, 13).assent(AURORA, BIRCH).agreed(14)
    yield "veto-once-it-binds", "lifecycle 7.4", late, 18
    none = back("all-named").assent(AURORA, BIRCH).agreed(10)
    yield "veto-where-there-is-none", "lifecycle 7.4", none, 14
