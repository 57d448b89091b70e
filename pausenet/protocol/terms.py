"""Which periods bind: spans that open, close, and are interrupted by derogations."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pausenet.statements.stage import SPANS_MAX, Span
from pausenet.values import INTEGER_MAX, PeriodIndex

TOGGLES_MAX: Final = SPANS_MAX // 2
"""How often an agreement can bind one party anew; after that it stays as it is."""


class Terms:
    """One party's binding periods. Every change lies at or after the last one."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._breaks: list[Span] = []
        self._earliest = 0

    @property
    def open(self) -> bool:
        """Whether the last word was that the party is bound, with no end."""
        return bool(self._spans) and self._spans[-1].until is None

    @property
    def since(self) -> int:
        """When the last of its spans began, or is to begin; -1 where there is none."""
        return int(self._spans[-1].start) if self._spans else -1

    def wait(self, period: int) -> None:
        """Nothing binds before this period, whatever is to begin."""
        self._earliest = period

    def begin(self, period: int) -> None:
        """Bind from this period on; what was to end later than that goes on."""
        start = PeriodIndex(min(max(period, self._earliest), INTEGER_MAX))
        if self.open or len(self._spans) >= TOGGLES_MAX:
            return
        if self._spans and (self._spans[-1].until or 0) >= start:
            self._spans[-1] = replace(self._spans[-1], until=None)
        else:
            self._spans.append(Span(start=start, until=None))

    def end(self, period: int) -> None:
        """Bind up to this period, not including it; a span that has not begun goes away.

        What is to end before it does so.
        """
        until = PeriodIndex(min(period, INTEGER_MAX))
        if not self._spans or (self._spans[-1].until or until + 1) <= until:
            return
        last = self._spans.pop()
        if last.start < until:
            self._spans.append(replace(last, until=until))

    def interrupt(self, start: PeriodIndex, until: PeriodIndex) -> None:
        """Set the duties aside in these periods."""
        if len(self._breaks) < TOGGLES_MAX:
            self._breaks.append(Span(start=start, until=until))

    def binds(self, period: PeriodIndex) -> bool:
        """Whether this period binds, derogations left out of account."""
        return any(period in span for span in self._spans)

    def interrupted(self, period: PeriodIndex) -> bool:
        """Whether the duties are set aside in this period."""
        return any(period in each for each in self._breaks)

    def bound(self) -> tuple[Span, ...]:
        """The periods that bind, derogations taken out."""
        found = list(self._spans)
        for each in self._breaks:
            assert each.until is not None, "a derogation ends"
            found = [part for span in found for part in _without(span, each.start, each.until)]
        return tuple(found)


def _without(span: Span, start: PeriodIndex, until: PeriodIndex) -> list[Span]:
    """A span without the periods of another."""
    if (span.until is not None and span.until <= start) or until <= span.start:
        return [span]
    left = [Span(start=span.start, until=start)] if span.start < start else []
    goes_on = span.until is None or until < span.until
    return [*left, Span(start=until, until=span.until)] if goes_on else left
