"""The laws of research speed over time: three futures of the loop, and the limits that bind them.

The speed is a multiple of the pace at which the run begins, so that it is 1 at the beginning. t is
the time since, and each law stands alone, without any limit:

    steady        u(t) = 1
    plateau       u(t) = 1 / (h + (1 - h) 2^(-t / d))     at most 1 / h      (Amdahl's law)
    compounding   u(t) = 2^(t / d)
    closed        u(t) = 1 / (1 - t ln 2 / d)             infinite from d / ln 2 on

The last is what comes of a pace that doubles with every d months' worth of research, done at that
very pace: du/dt = u^2 ln 2 / d. All but the first begin to grow at the same rate, ln 2 / d. A
limit of compute, energy or review bears b 2^(t / e) times what is done at the beginning, and the
smallest of all binds:

    s(t) = min(u(t), b_compute 2^(t / e_compute), b_energy 2^(t / e_energy), b_review ...)
    R(t) = integral of s from 0 to t                                        [months of research]

Declared fleets, where they grow, are n(t) times as large as at the beginning:

    n(t) = min(2^(t / g), b_energy 2^(t / e_energy))

An indicator that is a share, a_0 at the beginning, follows the pace as the share of what systems
do, while what people do stays as it was; any other, v_0 at the beginning, grows with the pace:

    a(t) = 1 - (1 - a_0) / s(t)        v(t) = v_0 s(t)

| symbol | here | meaning | unit |
|---|---|---|---|
| t | `months` | time since the run began | months |
| d | `doubling_s` of the loop | doubling time of the pace at its first growth | months |
| h | `people_ppm` | share of the work that systems never speed up | 1 |
| b | `multiple_micro` of a limit | what it bears at the beginning | 1 |
| e | `doubling_s` of a limit | in which time that doubles | months |
| g | `doubling_s` of the fleets | in which they would double | months |
| n | `fleet_multiple` | size of a fleet over its first | 1 |
| s | `speed` | research done in a month | months of research a month |
| R | `researched` | research done, at the pace of the beginning | months of research |

These are assumptions to compare, and no forecasts. A limit that binds does not slow the law behind
it, and the law is that of all research, an evader's among it, whether others pause or not.
Speeds are computed by `decimal`, so that no platform has another; R by trapezoids of 1/32 month.
"""

from __future__ import annotations

import math
from decimal import Context, Decimal, localcontext
from functools import lru_cache
from itertools import pairwise
from typing import Final, assert_never

from pausenet.scenario.world import (
    MONTH_S,
    Bottleneck,
    Future,
    LimitPlan,
    LoopPlan,
    PathPlan,
    WorldPlan,
)
from pausenet.statements.clauses import PPM
from pausenet.values import INTEGER_MAX

STEPS_A_MONTH: Final = 32
_CONTEXT: Final = Context(prec=34)
_YEAR_STEPS: Final = 12 * STEPS_A_MONTH
_ENDLESS: Final = Decimal("Infinity")
_ONE: Final = Decimal(1)
_LN_2: Final = Decimal(2).ln(_CONTEXT)


def speed(world: WorldPlan, months: Decimal) -> Decimal:
    """s(t): the smallest of the law's speed and of every limit.

    >>> speed(WorldPlan(), Decimal(36))
    Decimal('1')
    """
    with localcontext(_CONTEXT):
        bounds = (borne(limit, months) for limit in world.limits)
        return min((unbounded(world.loop, months), *bounds))


def unbounded(loop: LoopPlan, months: Decimal) -> Decimal:
    """u(t): the law's speed without any limit; infinite for a closed loop after d / ln 2."""
    with localcontext(_CONTEXT):
        match loop.future:
            case Future.STEADY:
                return _ONE
            case Future.PLATEAU:
                people = Decimal(loop.people_ppm) / PPM
                return 1 / (people + (1 - people) / _doubled(months, loop.doubling_s))
            case Future.COMPOUNDING:
                return _doubled(months, loop.doubling_s)
            case Future.CLOSED:
                left = 1 - months * _LN_2 * MONTH_S / loop.doubling_s
                return 1 / left if left > 0 else _ENDLESS
            case _:
                assert_never(loop.future)


def borne(limit: LimitPlan, months: Decimal) -> Decimal:
    """What a bottleneck bears at a time, as a multiple of what is done at the beginning."""
    with localcontext(_CONTEXT):
        most = Decimal(limit.multiple_micro) / PPM
        return most * _doubled(months, limit.doubling_s) if limit.doubling_s else most


def binding(world: WorldPlan, months: Decimal) -> tuple[Bottleneck, ...]:
    """The bottlenecks that hold the speed below the law's own at a time, in their order."""
    free, held = unbounded(world.loop, months), speed(world, months)
    return tuple(limit.of for limit in world.limits if held < free and borne(limit, months) == held)


def fleet_multiple(world: WorldPlan, months: Decimal) -> Decimal:
    """n(t): how many times its first size a fleet has; energy binds it as it binds research."""
    with localcontext(_CONTEXT):
        if not world.fleets.doubling_s:
            return _ONE
        bounds = (borne(each, months) for each in world.limits if each.of is Bottleneck.ENERGY)
        return min((_doubled(months, world.fleets.doubling_s), *bounds))


def indicated(world: WorldPlan, path: PathPlan, months: Decimal) -> int:
    """The true value of an indicator at a time, in its own unit, rounded down."""
    with localcontext(_CONTEXT):
        pace = speed(world, months)
        if path.is_share:
            return int(PPM - (PPM - path.begins) / pace)
        return min(INTEGER_MAX, int(path.begins * pace))


def researched(world: WorldPlan, months: float, *, begun: float = 0.0) -> float:
    """R(begun + t) - R(begun): the months of research done in t months, t itself in a steady world.

    >>> researched(WorldPlan(), 7.25, begun=3.0)
    7.25
    """
    if world.loop.future is Future.STEADY:
        return months
    return _done(world, begun + months) - _done(world, begun)


def research_table(world: WorldPlan, months: float) -> tuple[float, ...]:
    """R at every 1/32 month from 0 to so many months at least; between them it is a line."""
    years = math.floor(max(0.0, months) * STEPS_A_MONTH / _YEAR_STEPS) + 1
    return _table(world, years * _YEAR_STEPS)


def _done(world: WorldPlan, months: float) -> float:
    done = research_table(world, months)
    step = min(int(months * STEPS_A_MONTH), len(done) - 2)
    rest = months * STEPS_A_MONTH - step
    return done[step] + rest * (done[step + 1] - done[step])


@lru_cache(maxsize=64)
def _table(world: WorldPlan, steps: int) -> tuple[float, ...]:
    with localcontext(_CONTEXT):
        speeds = [speed(world, Decimal(step) / STEPS_A_MONTH) for step in range(steps + 1)]
        done = [Decimal(0)]
        for before, after in pairwise(speeds):
            done.append(done[-1] + (before + after) / (2 * STEPS_A_MONTH))
        return tuple(float(each) for each in done)


def _doubled(months: Decimal, doubling_s: int) -> Decimal:
    """2^(t / d)."""
    return (months * MONTH_S / doubling_s * _LN_2).exp()
