"""The shape of a scenario file's section `world`: what is assumed of progress and of the loop."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pausenet.files.parts import SomeFlop, SomeShare, SomeSpan, SomeTimes, Strict, Text
from pausenet.files.scalars import Word
from pausenet.scenario.world import ASSUMPTION, Bottleneck, Future


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


class WorldModel(Strict):
    """What the scenario assumes of the world; left out, it is steady."""

    algorithms: AlgorithmsModel | None = None
    frontier: FrontierModel | None = None
    loop: LoopModel | None = None
    limits: list[LimitModel] = Field(default=[], max_length=len(Bottleneck))
