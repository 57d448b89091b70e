"""When a participant's statements name the agreement: once it has learned that it is bound.

What binds a period may come to light late. Then the period is stated again under the agreement,
so that it is demonstrated; but nobody signs late that a cap was passed of which it could not
know: not even k faulty verifiers make an honest lab convict itself by what they tell it when.
Such a period stays undemonstrated, and the panel may excuse it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pausenet.protocol.bands import with_reports
from pausenet.protocol.corrections import Figures, figures
from pausenet.protocol.overcap import excess
from pausenet.protocol.publisher import Draft, Publisher
from pausenet.protocol.register import Register
from pausenet.statements.codec import Body, Statement, Subject
from pausenet.statements.correction import Correction
from pausenet.statements.reading import Reading
from pausenet.statements.stage import Span
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, NetworkTime, Period, Seq


class Naming:
    """What binds one participant, since when it knows, and what it has drafted."""

    def __init__(self, register: Register, publisher: Publisher) -> None:
        self._register, self._publisher = register, publisher
        self._known: list[tuple[NetworkTime, tuple[Span, ...]]] = []
        self.bound: tuple[Span, ...] = ()

    def learn(self, now: NetworkTime, bound: tuple[Span, ...]) -> None:
        """The network has said what binds; state again, under the agreement, what is bound.

        What is drafted and not yet signed is signed under it from the first.
        """
        self.bound = bound
        self._known.append((now, bound))
        for place, draft in enumerate(self._publisher.drafts):
            if isinstance(draft.body, ComputeUsage | Reading) and draft.period is not None:
                named = self.named(draft.body, draft.period)
                self._publisher.drafts[place] = replace(draft, agreement=named)
        log, drafts = self._publisher.mirror.statements, self._publisher.drafts
        given = {_key(said) for said in log if said.agreement}
        given |= {_key(said) for said in drafts if said.agreement}
        for said in log:
            if not isinstance(said.body, ComputeUsage | Reading) or said.period is None:
                continue
            # What has been corrected meanwhile is stated as it should have been.
            body, subject = self._corrected(said)
            named = self.named(body, said.period)
            if named is not None and _key(said) not in given:
                given.add(_key(said))
                self._publisher.drafts.append(
                    Draft(body=body, subject=subject, agreement=named, period=said.period)
                )

    def named(self, body: Body, period: Period) -> Digest | None:
        """The agreement's digest, where a statement of this period is to name it."""
        if not _binds(self.bound, period):
            return None
        known = [bound for at, bound in self._known if at <= period.start]
        in_time = bool(known) and _binds(known[-1], period)
        late = not in_time and isinstance(body, ComputeUsage) and self._over(body, period)
        return None if late else self._register.agreement_digest

    def amend(self, body: ComputeUsage, subject: Subject, period: Period) -> bool:
        """A correction of a period also holds for what is drafted of it and not yet signed.

        Says whether there was anything.
        """
        amended = False
        for place, draft in enumerate(self._publisher.drafts):
            if isinstance(draft.body, ComputeUsage) and draft.period == period:
                named = self.named(body, period)
                amended, new = True, replace(draft, body=body, subject=subject, agreement=named)
                self._publisher.drafts[place] = new
        return amended

    def _over(self, body: ComputeUsage, period: Period) -> bool:
        """Whether usage is over a cap, together with all that the own log holds, or soon will."""
        log = dict(
            enumerate(
                zip(self._publisher.mirror.entries, self._publisher.mirror.statements, strict=True)
            )
        )
        size = self._publisher.mirror.size
        before = [figures(log, Seq(place), size) for place in range(size)]
        index = int(period.index)
        usage = with_reports(self._register, body, self._publisher.mirror.statements, period)
        last = Figures(seq=Seq(size), period=index, end=Seq(size + 1), usage=usage, correction=None)
        drafts = (
            Figures(
                seq=Seq(size),
                period=int(draft.period.index),
                end=Seq(size),
                usage=draft.body,
                correction=None,
            )
            for draft in self._publisher.drafts
            if isinstance(draft.body, ComputeUsage)
            if draft.period is not None and draft.period != period
        )
        stated = (*(each for each in before if each is not None), *drafts, last)
        return excess(self._register.agreement, stated, log) is not None

    def _corrected(self, said: Statement) -> tuple[Body, Subject]:
        """Body and subject of a statement of the own log, as last corrected."""
        body, subject = said.body, said.subject
        waiting: Iterable[Statement | Draft] = (
            *self._publisher.mirror.statements,
            *self._publisher.drafts,
        )
        for later in waiting:
            if isinstance(later.body, Correction) and later.body.seq == said.seq:
                assert later.subject is not None, "a correction is about a usage ledger"
                body, subject = later.body.usage, later.subject
        return body, subject


def _binds(bound: Iterable[Span], period: Period) -> bool:
    return any(period.index in span for span in bound)


def _key(said: Statement | Draft) -> tuple[type[Body], Period | None]:
    return type(said.body), said.period
