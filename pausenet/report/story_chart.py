"""The picture of one run: a lane a party, who evaded when, what was found when, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pausenet.report.drawing import WIDTH, Picture, Row, layered, picture, rows, state_marks
from pausenet.report.source import Source
from pausenet.report.theme import GREY, INK, PALE, State

if TYPE_CHECKING:
    import altair

_LANE: Final = 56
_EVASION: Final = "#a6a6a6"
_ROOM_FOR_WORDS: Final = 0.36
"""How much wider than the periods the picture is, for the state's words at the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A party, how it stands at the end, and the words for that."""

    name: str
    state: State
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What a party did from one period until another, in a few words."""

    lane: str
    start: int
    until: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What was found of a party, at a time in periods, and in a few words."""

    lane: str
    time: float
    state: State
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryChart:
    """Everything that the picture shows; `end` is when the last cut is taken, in periods."""

    title: str
    periods: int
    end: float
    period_words: str
    lanes: Sequence[Lane]
    stretches: Sequence[Stretch]
    moments: Sequence[Moment]

    def draw(self, source: Source) -> Picture:
        """Draw it; n is one run, which has no interval."""
        subtitle = (
            f"Time in periods of {self.period_words}; a mark stands where the first cut that shows "
            "a finding is taken, a while after its period. One run (n = 1), so that there is no "
            "interval: it shows that this can happen, not how often."
        )
        return picture(
            self._layers(),
            name="findings",
            title=self.title,
            subtitle=subtitle,
            words=self._words(),
            source=source,
        )

    def _words(self) -> str:
        told = [f"{lane.name}: {lane.words}" for lane in self.lanes]
        told += [f"{each.lane} {each.words} from period {each.start}" for each in self.stretches]
        told += [f"{each.words} of {each.lane} in period {each.time:.0f}" for each in self.moments]
        return f"{self.title} {'; '.join(told)}."

    def _layers(self) -> altair.LayerChart:
        import altair

        end = self.end * (1 + _ROOM_FOR_WORDS)
        step = max(1, self.periods // 12)
        x = altair.X(
            "x:Q",
            scale=altair.Scale(domain=[0, end], nice=False),
            axis=altair.Axis(
                title="period",
                titleAnchor="start",
                values=list(range(0, self.periods + 1, step)),
                grid=False,
                domain=False,
            ),
        )
        y = altair.Y(
            "lane:N",
            sort=[lane.name for lane in self.lanes],
            axis=altair.Axis(title=None, domain=False, ticks=False, labelPadding=10),
        )
        whole: list[Row] = [{"lane": lane.name, "x": 0, "until": self.end} for lane in self.lanes]
        layers = [
            altair.Chart(rows(whole))
            .mark_rule(color=PALE, strokeWidth=2)
            .encode(x=x, x2="until:Q", y=y),
            *self._stretches(x, y),
            *self._moments(x, y),
            *self._ends(x, y),
        ]
        return layered(layers).properties(width=WIDTH, height=_LANE * max(1, len(self.lanes)))

    def _stretches(self, x: altair.X, y: altair.Y) -> list[altair.Chart]:
        import altair

        data: list[Row] = [
            {"lane": each.lane, "x": each.start, "until": each.until, "words": each.words}
            for each in self.stretches
        ]
        if not data:
            return []
        base = altair.Chart(rows(data))
        return [
            base.mark_rule(color=_EVASION, strokeWidth=7).encode(x=x, x2="until:Q", y=y),
            base.mark_text(align="left", dy=-13, color=GREY, fontSize=11).encode(
                x=x, y=y, text="words:N"
            ),
        ]

    def _moments(self, x: altair.X, y: altair.Y) -> list[altair.Chart]:
        import altair

        data: list[tuple[State, Row]] = [
            (each.state, {"lane": each.lane, "x": each.time, "words": each.words})
            for each in self.moments
        ]
        if not data:
            return []
        words = (
            altair.Chart(rows([row for _, row in data]))
            .mark_text(align="center", dy=17, color=INK, fontSize=11)
            .encode(x=x, y=y, text="words:N")
        )
        return [*state_marks(data, x, y), words]

    def _ends(self, x: altair.X, y: altair.Y) -> list[altair.Chart]:
        import altair

        near = self.end * 1.04
        data: list[tuple[State, Row]] = [
            (lane.state, {"lane": lane.name, "x": near, "words": lane.words}) for lane in self.lanes
        ]
        words = (
            altair.Chart(rows([row for _, row in data]))
            .mark_text(align="left", dx=12, color=INK, fontSize=12)
            .encode(x=x, y=y, text="words:N")
        )
        return [*state_marks(data, x, y), words]
