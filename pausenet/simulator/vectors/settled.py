"""Stories of peers, notice and derogation, and of what is found: lifecycle, sections 3 and 4."""

from __future__ import annotations

from collections.abc import Iterator

from pausenet.simulator.vectors.life import Life, Story, in_force
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
    yield (
        "breach-determined",
        "lifecycle 4.3",
        in_force().agreed(3).decides(Outcome.NON_COMPLIANT, BIRCH),
        4,
    )
    yield (
        "panel-divided",
        "lifecycle 4.4",
        (
            in_force()
            .agreed(3)
            .decides(Outcome.NON_COMPLIANT, BIRCH, SCALE)
            .decides(Outcome.NO_BREACH, BIRCH, TRIBUNAL)
        ),
        4,
    )
    yield (
        "panel-thinks-again",
        "lifecycle 4.4",
        (
            in_force()
            .agreed(3)
            .decides(Outcome.NO_BREACH, BIRCH, SCALE)
            .decides(Outcome.NON_COMPLIANT, BIRCH)
        ),
        4,
    )
    yield (
        "panel-with-a-recused-member",
        "lifecycle 4.4",
        in_force().agreed(3).recused(SCALE, BIRCH).decides(Outcome.NON_COMPLIANT, BIRCH),
        4,
    )
    yield (
        "determined-by-evaluators",
        "lifecycle 1.3",
        in_force().agreed(3).decides(Outcome.NON_COMPLIANT, BIRCH, LANTERN, PLUMBLINE),
        4,
    )
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
        (
            in_force()
            .agreed(3)
            .decides(Outcome.NON_COMPLIANT, BIRCH)
            .agreed(4)
            .decides(Outcome.RESTORED, BIRCH)
        ),
        5,
    )
