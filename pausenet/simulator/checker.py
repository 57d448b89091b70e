"""What every checker is: an observer with ground truth that notes broken promises."""

from __future__ import annotations

from dataclasses import dataclass

from pausenet.protocol.verifier import VerifierMachine
from pausenet.simulator.node import Node
from pausenet.simulator.observer import Observer
from pausenet.simulator.world import World
from pausenet.statements.finding import Appraisal


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A promise that was broken: which, when in true network time, and how."""

    promise: str
    moment: int
    text: str


class Checker(Observer):
    """Watches a run; `violations` is what it has found."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def broken(self, promise: str, world: World, text: str) -> None:
        """Note a broken promise."""
        self.violations.append(Violation(promise=promise, moment=world.now, text=text))


def honest_verifiers(world: World) -> tuple[tuple[Node, VerifierMachine], ...]:
    """The honest verifiers with their machines."""
    return tuple(
        (node, node.machine) for node in world.honest() if isinstance(node.machine, VerifierMachine)
    )


def sound_verifiers(world: World) -> tuple[Node, ...]:
    """The honest verifiers whose disk and clock were always what they should be.

    The others have stopped signing, for a time or for good.
    """
    off = world.restored | world.unsound
    return tuple(node for node, _ in honest_verifiers(world) if node.id not in off)


def quorum_stands(world: World) -> bool:
    """Whether so many verifiers of every epoch are sound that cuts go on (k = n - f)."""
    sound = {node.id for node in sound_verifiers(world)}
    epochs = world.register.epochs
    return all(len(sound.intersection(each.verifiers)) >= each.quorum.k for each in epochs)


def every_appraisal(world: World, machine: VerifierMachine) -> tuple[Appraisal, ...]:
    """Every appraisal that a verifier knows as the network's, of any period."""
    return machine.view.every(world.scenario.periods)
