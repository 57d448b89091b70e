"""The shape of a scenario file's section `world`: what is assumed of progress and of the loop."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from pausenet.files.parts import (
    Name,
    Setting,
    SomeFlop,
    SomeShare,
    SomeSpan,
    SomeTimes,
    Strict,
    Text,
    Whole,
)
from pausenet.files.scalars import Word
from pausenet.scenario.world import ASSUMPTION, Bottleneck, Future
from pausenet.statements.indicator import IndicatorKind

PATHS_MAX: Final = 32


class AlgorithmsModel(Strict):
    """Algorithmic progress."""

    halving: SomeSpan = Field(description="in which the compute for one result halves")
    source: Text = Field(default=ASSUMPTION, description="what the number rests on")


class FrontierModel(Strict):
    """The frontier without a pause; a month of lead is a month of its growth."""

    largest_run: SomeFlop = Field(description="the largest run when the pause begins")
    growth: SomeTimes = Field(description="how many times larger it gets a year")
    source: Text = Field(default=ASSUMPTION, description="what the numbers rest on")


class LoopModel(Strict):
    """The law of the pace of research."""

    future: Annotated[Future, Word(Future)] = Field(description="its law")
    doubling: SomeSpan | None = Field(
        default=None, description="in which the pace doubles at first; not of a steady future"
    )
    people: SomeShare | None = Field(
        default=None, description="(plateau) the share of the work that systems never speed up"
    )
    source: Text = Field(default=ASSUMPTION, description="what the numbers rest on")


class LimitModel(Strict):
    """What a bottleneck bears, as a multiple of what is done when the run begins."""

    of: Annotated[Bottleneck, Word(Bottleneck)]
    multiple: SomeTimes = Field(description="times what is done at the beginning, from 1")
    doubling: SomeSpan | None = Field(default=None, description="in which it doubles, if it grows")
    source: Text = Field(default=ASSUMPTION, description="what the numbers rest on")


class FleetsModel(Strict):
    """Declared fleets that grow, as far as energy goes."""

    doubling: SomeSpan = Field(description="in which every fleet doubles")
    every: Whole = Field(default=1, description="periods from one delivery to the next")
    vendor: Name | None = Field(
        default=None, description="the host that ships them and says so; left out: nobody says it"
    )
    source: Text = Field(default=ASSUMPTION, description="what the number rests on")


class PathModel(Strict):
    """An indicator of a lab that follows the pace of research, and those who measure it."""

    indicator: Annotated[IndicatorKind, Word(IndicatorKind)]
    about: Name = Field(description="the lab")
    by: list[Name] = Field(description="evaluators, or the lab itself", max_length=16)
    begins: Setting = Field(
        description="its value when the run begins, with its unit; or an interval"
    )
    start: Whole = Field(default=0, alias="from", description="the first period in which")
    every: Whole = Field(default=1, description="periods from one measurement to the next")
    error: SomeShare = Field(default=0, description="relative standard deviation of one of them")
    source: Text = Field(default=ASSUMPTION, description="what the numbers rest on")


class WorldModel(Strict):
    """What the scenario assumes of the world; left out, it is steady."""

    algorithms: AlgorithmsModel | None = None
    frontier: FrontierModel | None = None
    loop: LoopModel | None = None
    limits: list[LimitModel] = Field(default=[], max_length=len(Bottleneck))
    fleets: FleetsModel | None = None
    indicators: list[PathModel] = Field(default=[], max_length=PATHS_MAX)
