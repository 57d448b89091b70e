"""A verifier that says everything as late as it likes, and nothing false.

More than f of them make every receipt, cut and appraisal as late as themselves. It proves
nothing against them, and nothing against anybody else: a lab's time is the (f+1)-th smallest
that verifiers signed, however late the others come.
"""

from __future__ import annotations

from pausenet.protocol.messages import Effect, Event, Machine, Send, SetTimer
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.statements.clauses import PPM
from pausenet.values import NetworkTime


class SlowVerifier(Adversary):
    """Holds back what its machine sends in the window for a share of a period."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._delay_s = means.schedule.period_s * means.amount_ppm // PPM
        self._held: list[tuple[NetworkTime, Send]] = []

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Take the event, say what has waited long enough, and wake up for the rest."""
        effects = self._inner.step(event)
        if self._delay_s and self._means.window.open_at(event.now, self._means.schedule):
            sent = [effect for effect in effects if isinstance(effect, Send)]
            self._held += [(NetworkTime(event.now + self._delay_s), send) for send in sent]
            self.fired += len(sent)
            effects = tuple(effect for effect in effects if not isinstance(effect, Send))
        if not self._held:
            return effects
        ready = tuple(send for at, send in self._held if at <= event.now)
        self._held = [each for each in self._held if each[0] > event.now]
        return (*(_sooner(e, self._held) for e in effects), *ready)


def _sooner(effect: Effect, held: list[tuple[NetworkTime, Send]]) -> Effect:
    """A timer that fires when the next message is to be said, if not before."""
    if not isinstance(effect, SetTimer) or not held:
        return effect
    return SetTimer(at=min(effect.at, held[0][0]))
