"""The lab grows a run in the band that it has not reported, or to which the panel has objected.

It would gain a run that the others were to hear of first. But its usage names the report of every
run, so that its own signature says that there was none; or it had seen the run barred (F6).
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.bands import band_of
from pausenet.protocol.messages import Act, Effect, Event, Ingested
from pausenet.simulator.adversary.base import Adversary, usage_in
from pausenet.statements.codec import decode_body
from pausenet.statements.movement import NoticeKind, Notification
from pausenet.values import ParticipantId, Pflop


class HeedlessRun(Adversary):
    """Declares one run more in the window: the last that it has reported, or one of no report."""

    _reported: ParticipantId | None = None

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Note what its people report, and put the run among those of the window's samples."""
        self._note(event)
        sample, band = usage_in(event, self._means.window), band_of(self._means.register.agreement)
        if sample is None or band is None or not isinstance(event, Ingested) or not sample.runs:
            return self._inner.step(event)
        lines = (band.report_from_pflop, band.approve_from_pflop)
        line = max(lines) if self._reported else min(each for each in lines if each)
        self.fired += 1
        name = self._reported or ParticipantId(f"{self.id}-x1")
        run = replace(
            max(sample.runs, key=lambda each: (each.total_pflop, each.run)),
            run=name,
            parents=(),
            total_pflop=Pflop(line + sample.period),
        )
        others = (each for each in sample.runs if each.run != name)
        runs = tuple(sorted((*others, run), key=lambda each: each.run))
        return self._inner.step(replace(event, sample=replace(sample, runs=runs)))

    def _note(self, event: Event) -> None:
        if not isinstance(event, Ingested) or not isinstance(event.sample, Act):
            return
        body = decode_body(event.sample.kind, event.sample.body)
        if isinstance(body, Notification) and body.what is NoticeKind.NEW_RUN:
            self._reported = body.of
