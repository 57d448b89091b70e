"""Which runs are barred by an objection, cut by cut (C11): silence is approval.

A lab reports a run; the panel may object to it up to so many periods after the first cut that holds
the report. Who says nothing has approved. An objection in time bars the run for good: a lab that
wants to be asked again plans another run, under another name.
"""

from __future__ import annotations

from collections.abc import Iterable

from pausenet.protocol.bands import band_of, silence_of
from pausenet.statements.agreement import Agreement
from pausenet.statements.determination import Objection, Recusal
from pausenet.statements.movement import NoticeKind, Notification
from pausenet.statements.stage import BARS_MAX, Bar
from pausenet.values import INTEGER_MAX, ParticipantId, PeriodIndex


class Banding:
    """What labs have reported and the panel has objected to, as far as the cuts say."""

    def __init__(self, agreement: Agreement, labs: Iterable[ParticipantId]) -> None:
        self._panel = agreement.adjudicator
        band = band_of(agreement)
        self._line = 0 if band is None else int(band.approve_from_pflop)
        self._silence = 0 if band is None else silence_of(agreement, band)
        self._reported: dict[tuple[ParticipantId, ParticipantId], int] = {}
        self._objections: dict[tuple[ParticipantId, ParticipantId], set[ParticipantId]] = {}
        self._recused: set[tuple[ParticipantId, ParticipantId]] = set()
        self._barred = {party: dict[ParticipantId, int]() for party in labs}
        self._new_reports = set[tuple[ParticipantId, ParticipantId]]()
        self._new_objections = set[tuple[ParticipantId, ParticipantId, ParticipantId]]()

    def hear(self, by: ParticipantId, body: Notification | Objection | Recusal) -> None:
        """A lab reports a run, or an adjudicator objects to one, or stands aside."""
        match body:
            case Notification():
                asks = body.what is NoticeKind.NEW_RUN and body.amount >= self._line > 0
                if asks and by in self._barred:
                    self._new_reports.add((by, body.of))
            case Objection():
                if by in self._panel.panel and body.party in self._barred and self._line:
                    self._new_objections.add((by, body.party, body.run))
            case Recusal():
                self._recused.add((by, body.party))

    def count(self, period: PeriodIndex, notice: int) -> None:
        """A cut has been heard whole: what it bars holds `notice` periods later."""
        for each in self._new_reports:
            self._reported.setdefault(each, int(period))
        for by, party, run in self._new_objections:
            if period <= self._reported.get((party, run), int(period)) + self._silence:
                self._objections.setdefault((party, run), set()).add(by)
        spoken_of = sorted({(party, run) for _, party, run in self._new_objections})
        self._new_reports.clear()
        self._new_objections.clear()
        for party, run in spoken_of:
            heard = self._objections.get((party, run), set())
            said = {by for by in heard if (by, party) not in self._recused}
            barred, start = self._barred[party], int(period) + notice
            enough = len(said) >= self._panel.quorum
            if enough and run not in barred and len(barred) < BARS_MAX and start <= INTEGER_MAX:
                barred[run] = start

    def barred(self, party: ParticipantId) -> tuple[Bar, ...]:
        """The runs of a party that are barred, by name."""
        return tuple(
            Bar(run=run, start=PeriodIndex(start))
            for run, start in sorted(self._barred[party].items())
        )
