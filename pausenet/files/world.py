"""The section `world` of a scenario file, read into its plan and written back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from pausenet.files import located
from pausenet.files.amounts import write_micro, write_pflop, write_share, write_span
from pausenet.files.located import Located
from pausenet.files.spreads import write_one_or_interval
from pausenet.files.world_model import WorldModel
from pausenet.scenario.world import (
    STEADY_WORLD,
    AlgorithmsPlan,
    FrontierPlan,
    LimitPlan,
    LoopPlan,
    WorldPlan,
)
from pausenet.statements.canonical import Json
from pausenet.values import Pflop

T = TypeVar("T")

_span = write_one_or_interval(write_span)
_flop = write_one_or_interval(lambda pflop: write_pflop(Pflop(pflop)))
_times = write_one_or_interval(write_micro)
_share = write_one_or_interval(write_share)


def world_of(source: Located, shape: WorldModel) -> WorldPlan:
    """The plan; raises `MalformedFile` where a refused number stands."""
    found = _Reader(source)
    algorithms, frontier, loop = STEADY_WORLD.algorithms, STEADY_WORLD.frontier, STEADY_WORLD.loop
    if (said := shape.algorithms) is not None:
        algorithms = found.made(
            ("algorithms",), AlgorithmsPlan, halving_s=said.halving, source=said.source
        )
    if (stated := shape.frontier) is not None:
        frontier = found.made(
            ("frontier",),
            FrontierPlan,
            largest_run_pflop=stated.largest_run,
            growth_micro=stated.growth,
            source=stated.source,
        )
    if (law := shape.loop) is not None:
        loop = found.made(
            ("loop",),
            LoopPlan,
            future=law.future,
            doubling_s=law.doubling or 0,
            people_ppm=law.people or 0,
            source=law.source,
        )
    limits = tuple(
        found.made(
            ("limits", number),
            LimitPlan,
            of=each.of,
            multiple_micro=each.multiple,
            doubling_s=each.doubling or 0,
            source=each.source,
        )
        for number, each in enumerate(shape.limits)
    )
    return found.made(
        (), WorldPlan, algorithms=algorithms, frontier=frontier, loop=loop, limits=limits
    )


class _Reader:
    """Makes plans, and says where in the section each refusal belongs."""

    def __init__(self, source: Located) -> None:
        self._source = source

    def made(self, path: located.Path, make: Callable[..., T], **given: object) -> T:
        """A plan; its `ValueError` stands at the key that begins its message."""
        try:
            return make(**given)
        except ValueError as error:
            key = str(error).split(":")[0]
            self._source.refuse(("world", *path, key), str(error))


def resolved_world(world: WorldPlan) -> dict[str, Json]:
    """The section as plain values, under its key; empty for the world that is left out."""
    found = _plain(world)
    return {} if found == _LEFT_OUT else {"world": found}


def _plain(world: WorldPlan) -> dict[str, Json]:
    loop: dict[str, Json] = {"future": str(world.loop.future)}
    if world.loop.doubling_s:
        loop["doubling"] = _span(world.loop.doubling_s)
    if world.loop.people_ppm:
        loop["people"] = _share(world.loop.people_ppm)
    return {
        "algorithms": {
            "halving": _span(world.algorithms.halving_s),
            "source": world.algorithms.source,
        },
        "frontier": {
            "largest_run": _flop(world.frontier.largest_run_pflop),
            "growth": _times(world.frontier.growth_micro),
            "source": world.frontier.source,
        },
        "loop": {**loop, "source": world.loop.source},
        "limits": [_limit(limit) for limit in world.limits],
    }


def _limit(limit: LimitPlan) -> Json:
    found: dict[str, Json] = {"of": str(limit.of), "multiple": _times(limit.multiple_micro)}
    if limit.doubling_s:
        found["doubling"] = _span(limit.doubling_s)
    return {**found, "source": limit.source}


_LEFT_OUT: Final = _plain(STEADY_WORLD)
