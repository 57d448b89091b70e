"""A network on paper: who ratifies when, and which cuts are endorsed by whom."""

from __future__ import annotations

from collections.abc import Sequence

from pausenet.log.checkpoint import Note
from pausenet.simulator.setting import Setting
from pausenet.simulator.vectors.ground import Pen, run_of
from pausenet.simulator.vectors.networks import VERIFIERS
from pausenet.statements.cut import Cut, CutOrigin, Endorsement
from pausenet.statements.declaration import Declaration, Ratification
from pausenet.values import Digest, Origin, ParticipantId, PeriodIndex, Signature


class Paper:
    """Empty logs of a run's register, to be written by hand."""

    def __init__(self, run: str, setting: Setting | None = None) -> None:
        self.setting = setting or run_of(run).setting
        self.register = self.setting.register
        self.pens = {name: Pen(setting=self.setting, who=name) for name in self.setting.nodes()}

    def declare(self, who: ParticipantId) -> None:
        """Say something that has nothing to do with the agreement."""
        self.pens[who].say(Declaration(sites=(), meters=()))

    def ratify(self, who: ParticipantId, until: int = 100, digest: Digest | None = None) -> None:
        """Ratify the agreement, or another one, until a period."""
        agreement = digest or self.register.agreement_digest
        self.pens[who].say(Ratification(agreement=agreement, until=PeriodIndex(until)))

    def cut(self, period: int, view: int = 0) -> Cut:
        """A cut over everything said so far."""
        return Cut(
            period=PeriodIndex(period),
            view=view,
            register_size=self.register.size,
            register_root=self.register.root,
            origins=tuple(
                CutOrigin(
                    origin=pen.origin,
                    size=pen.head().size,
                    root=pen.head().root,
                    signature=Signature(Note.decode(pen.note()).signatures[0].blob),
                    times=(),
                )
                for pen in sorted(self.pens.values(), key=lambda pen: pen.origin)
                if pen.entries
            ),
            faults=(),
        )

    def agree(
        self, period: int, endorsers: Sequence[ParticipantId] = VERIFIERS, view: int = 0
    ) -> None:
        """State the cut of a period, and endorse it."""
        cut = self.cut(period, view)
        schedule = self.register.agreement.schedule
        self.pens[VERIFIERS[0]].say(cut, period=schedule.period(PeriodIndex(period)))
        for name in endorsers:
            self.pens[name].say(Endorsement(period=cut.period, view=view, cut=cut.digest))

    def logs(self) -> dict[Origin, list[bytes]]:
        """All logs as they stand."""
        return {pen.origin: pen.entries for pen in self.pens.values()}
