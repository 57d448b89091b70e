"""Whoever watches the world with ground truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pausenet.protocol.messages import Message, Report, Write
    from pausenet.simulator.node import Node
    from pausenet.simulator.world import World
    from pausenet.values import ParticipantId


class Observer:
    """Checkers and the transcript are of this kind.

    Who has nothing to do at a kind of event says nothing of it, and is not told.
    """

    def wrote(self, world: World, node: Node, record: Write) -> None:
        """A record has been written, not yet made durable."""

    def sent(self, world: World, node: Node, to: ParticipantId, message: Message) -> None:
        """A message has left a node."""

    def reported(self, world: World, node: Node, report: Report) -> None:
        """A machine has something to tell."""

    def finished(self, world: World) -> None:
        """The run has ended."""


def listening(
    observers: tuple[Observer, ...], hook: Literal["wrote", "sent", "reported"]
) -> list[Observer]:
    """Those that have something to do at a kind of event."""
    idle = getattr(Observer, hook)
    return [each for each in observers if getattr(type(each), hook) is not idle]
