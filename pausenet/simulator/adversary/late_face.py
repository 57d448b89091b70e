"""A second face of a period that is receipted already, shown to some verifiers afterwards.

The lab would like to have said something else. It gains nothing: every verifier holds what was
receipted, so that the second face is a proof at once (F1 or F3).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

from pausenet.protocol.messages import (
    Effect,
    Event,
    Ingested,
    Machine,
    Report,
    Send,
    Told,
    UsageSample,
)
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.simulator.adversary.false_samples import HiddenShare
from pausenet.simulator.adversary.two_faces import disjoint


class LateFace(Adversary):
    """Waits for the receipt of the window's first period, then signs another version of it."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._hidden = HiddenShare(means.amount_ppm)
        self._shown_to = disjoint(means.verifiers).false
        self._second: Machine | None = None
        self._false: Ingested | None = None
        self._done = means.amount_ppm == 0

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Keep a copy from before the period, and let it speak after the receipt."""
        if isinstance(event, Ingested) and isinstance(event.sample, UsageSample):
            self._prepare(event, event.sample)
        effects = self._inner.step(event)
        if self._second is None or self._false is None or not _receipted(effects):
            return effects
        false = self._second.step(replace(self._false, now=event.now))
        self._second, self._done = None, True
        self.fired += 1
        return (
            *effects,
            *(e for e in false if isinstance(e, Send) and e.to in self._shown_to),
        )

    def _prepare(self, event: Ingested, sample: UsageSample) -> None:
        if self._done or self._false is not None or not self._means.window.covers(sample.period):
            self._hidden.keep(sample)
            return
        self._second = deepcopy(self._inner)
        self._false = replace(event, sample=self._hidden.shrink(sample))


def _receipted(effects: tuple[Effect, ...]) -> bool:
    return any(isinstance(e, Report) and e.told is Told.RECEIPTED for e in effects)
