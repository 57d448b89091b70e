"""Another history for whoever comes late: a verifier that joins, or whose disk was put back.

Everybody who was there holds the first log, so that a second one would be caught at once. Who
was not there might believe it. It costs the owner its name: the newcomer's peers tell it their
heads, and both histories together are a proof over the owner's own signatures (F1, F2 or F3).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import deepcopy
from dataclasses import replace

from pausenet.protocol.messages import (
    Booted,
    Cosigned,
    Effect,
    Event,
    Ingested,
    Machine,
    PeerUp,
    Publish,
    Received,
    Refused,
    Send,
    SetTimer,
    Stored,
    UsageSample,
)
from pausenet.protocol.publisher import Draft
from pausenet.simulator.adversary.base import Adversary, Means, innermost
from pausenet.simulator.adversary.false_appraiser import opposite
from pausenet.simulator.adversary.false_samples import HiddenShare
from pausenet.simulator.adversary.pen import give_pen
from pausenet.statements.finding import Appraisal
from pausenet.values import ParticipantId


class ForkToFresh(Adversary, ABC):
    """Writes a second log in secret, and shows it to those who come when the first has gone on.

    The second log parts from the first when the window opens. The disk keeps the first.
    """

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._false: Machine | None = None
        self._parted_at = 0
        self._fresh: set[ParticipantId] = set()
        self._wakes: list[SetTimer] = []

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let each log take what its readers say, and keep them apart."""
        told = self._told(event)
        if self._false is None:
            return self._inner.step(event)
        effects: list[Effect] = self._notice(event)
        if _peer(event) not in self._fresh:
            effects += self._keep(0, self._inner.step(event), fresh=False)
        if not self._is_of_the_first(event):
            effects += self._keep(1, self._false.step(told), fresh=True)
        return (*effects, min(self._wakes, key=lambda timer: timer.at))

    @abstractmethod
    def _told(self, event: Event) -> Event:
        """What the second log's machine is told of an event; begins that log when it is time."""

    def _part(self, event: Event) -> None:
        """Begin the second log here."""
        self._parted_at = self._size
        self._false = deepcopy(self._inner)
        self._wakes = [SetTimer(at=event.now), SetTimer(at=event.now)]

    @property
    def _size(self) -> int:
        return innermost(self._inner)._publisher.mirror.size

    def _notice(self, event: Event) -> list[Effect]:
        """Who comes, or comes back, when the first log has gone on, is shown the second.

        It may hold the first already; whether it does is known only when it is too late to ask.
        """
        if not isinstance(event, PeerUp) or event.peer not in self._means.verifiers:
            return []
        if self._false is None or self._size <= self._parted_at:
            return []
        self._fresh.add(event.peer)
        return self._keep(
            1, tuple(innermost(self._false)._publisher._offer(event.peer)), fresh=True
        )

    def _is_of_the_first(self, event: Event) -> bool:
        """Whether an event speaks of the first log, to which the second must not answer."""
        if not isinstance(event, Received) or event.sender in self._fresh:
            return False
        about = isinstance(event.message, Stored | Cosigned | Refused)
        own = self._means.register.origin_of(self.id)
        return about and getattr(event.message, "origin", None) == own

    def _keep(self, log: int, effects: tuple[Effect, ...], *, fresh: bool) -> list[Effect]:
        kept: list[Effect] = []
        for effect in effects:
            if isinstance(effect, SetTimer):
                self._wakes[log] = effect
            elif isinstance(effect, Send):
                if (effect.to in self._fresh) is fresh:
                    kept.append(effect)
                    self.fired += fresh and isinstance(effect.message, Publish)
            elif not fresh:
                kept.append(effect)
        return kept


class LabForkToFresh(ForkToFresh):
    """A lab whose second log hides a share of what it used; a share of 0 means one log only."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._hidden = HiddenShare(means.amount_ppm)

    def _told(self, event: Event) -> Event:
        if not isinstance(event, Ingested) or not isinstance(event.sample, UsageSample):
            return event
        if not self._means.window.covers(event.sample.period):
            return replace(event, sample=self._hidden.keep(event.sample))
        if self._false is None and self._means.amount_ppm:
            self._part(event)
        return replace(event, sample=self._hidden.shrink(event.sample))


class VerifierForkToFresh(ForkToFresh):
    """A verifier whose second log says the opposite of what it has found."""

    def _told(self, event: Event) -> Event:
        is_open = self._means.window.open_at(event.now, self._means.schedule)
        if self._false is None and is_open and not isinstance(event, Booted):
            self._part(event)
        if self._false is not None:
            give_pen(self._false, _turned)
        return event


def _turned(draft: Draft) -> tuple[Draft, ...]:
    body = draft.body
    return (replace(draft, body=opposite(body)) if isinstance(body, Appraisal) else draft,)


def _peer(event: Event) -> ParticipantId | None:
    return event.sender if isinstance(event, Received) else None
