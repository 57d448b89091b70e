"""E11: one lab keeps two logs under the same keys and shows them to different verifiers.

It would gain a false account for some and a true one for others. It costs the lab its name: as
soon as two verifiers that hold different faces talk, both faces together are a proof (F1, F2 or
F3) over its own signatures. Before that neither face may reach k cosignatures.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace

from pausenet.protocol.messages import (
    Effect,
    Event,
    Ingested,
    Machine,
    PeerUp,
    Received,
    Send,
    SetTimer,
    UsageSample,
)
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.simulator.adversary.false_samples import HiddenShare
from pausenet.values import ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who sees which face; a verifier in neither hears nothing any more."""

    true: frozenset[ParticipantId]
    false: frozenset[ParticipantId]


def disjoint(verifiers: tuple[ParticipantId, ...]) -> Audience:
    """Half of the verifiers see the one face, the others the other."""
    half = (len(verifiers) + 1) // 2
    return Audience(true=frozenset(verifiers[:half]), false=frozenset(verifiers[half:]))


def overlapping(verifiers: tuple[ParticipantId, ...]) -> Audience:
    """As `disjoint`, but one verifier sees both."""
    half = (len(verifiers) + 1) // 2
    return Audience(true=frozenset(verifiers[:half]), false=frozenset(verifiers[half - 1 :]))


def withheld(verifiers: tuple[ParticipantId, ...]) -> Audience:
    """One verifier sees the one face, one the other; from all others both are withheld."""
    return Audience(true=frozenset(verifiers[:1]), false=frozenset(verifiers[1:2]))


class TwoFaces(Adversary):
    """Splits into two machines when the first period of the window is to be attested.

    The false face hides a share of the use in the window; a share of 0 means one face only.
    The disk keeps the true face.
    """

    def __init__(self, inner: Machine, means: Means, audience: Audience) -> None:
        super().__init__(inner, means)
        self._audience = audience
        self._false: Machine | None = None
        self._hidden = HiddenShare(means.amount_ppm)
        self._wakes: list[SetTimer] = []

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let each face take what its audience says, and keep them apart."""
        told = event
        if isinstance(event, Ingested) and isinstance(event.sample, UsageSample):
            told = self._ingest(event, event.sample)
        if self._false is None:
            return self._inner.step(event)
        effects: list[Effect] = []
        if _reaches(event, self._audience.true):
            effects += self._keep(0, self._inner.step(event), self._audience.true)
        if _reaches(told, self._audience.false):
            false = self._keep(1, self._false.step(told), self._audience.false)
            sent = [effect for effect in false if isinstance(effect, Send)]
            self.fired += len(sent)
            effects += sent
        return (*effects, min(self._wakes, key=lambda timer: timer.at))

    def _ingest(self, event: Ingested, sample: UsageSample) -> Ingested:
        """Split if it is time; return what the false face is told."""
        if not self._means.window.covers(sample.period):
            return replace(event, sample=self._hidden.keep(sample))
        shrunk = self._hidden.shrink(sample)
        if self._false is None and self._means.amount_ppm:
            self._false = deepcopy(self._inner)
            self._wakes = [SetTimer(at=event.now), SetTimer(at=event.now)]
        return replace(event, sample=shrunk)

    def _keep(
        self, face: int, effects: tuple[Effect, ...], audience: frozenset[ParticipantId]
    ) -> list[Effect]:
        kept: list[Effect] = []
        for effect in effects:
            if isinstance(effect, SetTimer):
                self._wakes[face] = effect
            elif not isinstance(effect, Send) or effect.to in audience:
                kept.append(effect)
        return kept


def _reaches(event: Event, audience: frozenset[ParticipantId]) -> bool:
    if isinstance(event, Received):
        return event.sender in audience
    return not isinstance(event, PeerUp) or event.peer in audience
