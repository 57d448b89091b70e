"""The section `world` of a scenario file, read into its plan and written back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from pausenet.files import located
from pausenet.files.amounts import write_micro, write_pflop, write_share, write_span
from pausenet.files.located import Located
from pausenet.files.quantities import indicator_value
from pausenet.files.spreads import one_or_interval, write_one_or_interval
from pausenet.files.world_model import FleetsModel, PathModel, WorldModel
from pausenet.scenario.world import (
    STEADY_WORLD,
    AlgorithmsPlan,
    FleetsPlan,
    FrontierPlan,
    LimitPlan,
    LoopPlan,
    PathPlan,
    WorldPlan,
)
from pausenet.statements.canonical import Json
from pausenet.values import PeriodIndex, Pflop

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
        (),
        WorldPlan,
        algorithms=algorithms,
        frontier=frontier,
        loop=loop,
        limits=limits,
        fleets=_fleets(found, shape.fleets),
        indicators=tuple(
            _path(found, number, each) for number, each in enumerate(shape.indicators)
        ),
    )


def _fleets(found: _Reader, shape: FleetsModel | None) -> FleetsPlan:
    if shape is None:
        return STEADY_WORLD.fleets
    return found.made(
        ("fleets",),
        FleetsPlan,
        doubling_s=shape.doubling,
        every=shape.every,
        vendor=shape.vendor or "",
        source=shape.source,
    )


def _path(found: _Reader, number: int, shape: PathModel) -> PathPlan:
    place, unit = ("indicators", number), shape.indicator.unit
    read = one_or_interval(partial(indicator_value, unit=unit))
    return found.made(
        place,
        PathPlan,
        indicator=shape.indicator,
        about=shape.about,
        by=tuple(shape.by),
        begins=found.read((*place, "begins"), read, shape.begins),
        start=PeriodIndex(shape.start),
        every=shape.every,
        error_ppm=shape.error,
        source=shape.source,
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

    def read(self, path: located.Path, read: Callable[[str], int], text: str) -> int:
        """A number in a unit of its own; what it is refused for stands there."""
        try:
            return read(text)
        except ValueError as error:
            self._source.refuse(("world", *path), str(error))


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
    more: dict[str, Json] = {}
    if world.fleets.doubling_s:
        more["fleets"] = _growth(world.fleets)
    if world.indicators:
        more["indicators"] = [_measured(path) for path in world.indicators]
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
        **more,
    }


def _measured(path: PathPlan) -> Json:
    write = {"ppm": write_share, "seconds": write_span}.get(path.indicator.unit, _thousandths)
    return {
        "indicator": str(path.indicator),
        "about": path.about,
        "by": [*path.by],
        "begins": write_one_or_interval(write)(path.begins),
        "from": int(path.start),
        "every": path.every,
        "error": _share(path.error_ppm),
        "source": path.source,
    }


def _thousandths(value: int) -> str:
    return write_micro(value * 1_000)


def _growth(fleets: FleetsPlan) -> Json:
    found: dict[str, Json] = {"doubling": _span(fleets.doubling_s), "every": fleets.every}
    if fleets.vendor:
        found["vendor"] = fleets.vendor
    return {**found, "source": fleets.source}


def _limit(limit: LimitPlan) -> Json:
    found: dict[str, Json] = {"of": str(limit.of), "multiple": _times(limit.multiple_micro)}
    if limit.doubling_s:
        found["doubling"] = _span(limit.doubling_s)
    return {**found, "source": limit.source}


_LEFT_OUT: Final = _plain(STEADY_WORLD)
