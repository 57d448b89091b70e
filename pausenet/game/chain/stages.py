"""From how it is verified to whether the pause holds: one function, stage by stage.

Sites t would each gain a value v_t by one cheat. A look at a site checks records by sampling and
reads a meter; a cheat that is found loses its gain and, with chance q, the penalty F; a lab that
keeps its word is accused by the meter with chance alpha a look, which costs it f.

1. Verification. Of N records r are false and n are looked at, each false one recognised with chance
   w: P = 1 - sum_k Hyp(k; N, r, n) (1 - w)^k. The meter finds a shift of mu sigmas with chance
   Phi(mu - z), z the upper alpha quantile. Together d = (1 - rho)(1 - (1 - P)(1 - M)) + rho max(P,
   M), where a share rho of failures is common to both.
2. Schedule. A cheat at site t does not pay where it is looked at a period with chance
   c_t >= v_t / (d (v_t + q F) - alpha f); m = sum c_t looks a period are needed (full coverage).
   With fewer, looks go where most would be gained (water filling). Spare looks go to the sites
   that are watched least, up to what the bounds of step 3 need; what is then left is not spent.
3. Time. With chance p_t = c_t d a period and reports tau periods late N = tau + Geom(p_t): D_t =
   E[delta^N], to be at least K = (T - R) / (T - P); and a sprint of T_b periods, answered T_r after
   it is found, escapes with chance (1 - p_t)^(T_b - T_r - tau), to be at most b.
4. Repeated game. The least site's p_t, and accusations anywhere, give the least discount factor
   and the best length of races.
5. Budget. Each of the three needs a coverage of its own; the largest binds. The looks needed fall
   by so many for a penalty larger by 1 (shadow price). The meter's alpha is set where looks times
   their price (1 and a price for each false alarm) cost least.

The stages are those of the project's design; each is a model of its own with its paper.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible, Number
from pausenet.game.deterrence.grim import Watched
from pausenet.game.deterrence.lag import discounted_detection, least_detection, needed_law
from pausenet.game.inspection.attribute import detection_chance
from pausenet.game.repeated.green_porter import (
    LONGEST,
    Regime,
    best_regime,
    critical_discount_for,
)
from pausenet.inference.normal import above, upper_quantile

_ROUNDS: Final = 100
_GRID: Final = 200
_LEAST: Final = 1e-9
_ROUNDING: Final = 1e-12
_UNSEEN: Final = Infeasible("a site is never looked at, so a cheat there is never answered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What the chain begins with; payoffs are a period's, times are periods, chances in [0, 1].

    `looks` is how many looks a period there are; 0 asks for as many as deter one cheat everywhere.
    """

    records: int
    falsified: int
    sampled: int
    recognised: float
    separation: float
    false_alarm: float
    common: float
    values: tuple[float, ...]
    penalty: float
    imposed: float
    nuisance: float
    alarm_price: float
    discount: float
    delay: int
    breakout: int
    response: int
    bound: float
    temptation: float
    cooperation: float
    punishment: float
    prior: float
    looks: float = 0.0

    def __post_init__(self) -> None:
        if not (self.values and all(value > 0.0 for value in self.values)):
            raise Misuse("chain: expected sites whose values are above 0")
        if not (0.0 < self.false_alarm < 1.0 and 0.0 < self.discount < 1.0):
            raise Misuse("chain: expected false_alarm and discount above 0 and below 1")
        if not 0.0 < self.bound <= 1.0:
            raise Misuse("chain: expected a bound above 0, up to 1")
        if not (self.punishment < self.cooperation and self.punishment < self.temptation):
            raise Misuse("chain: expected punishment below cooperation and temptation")
        if not 0 <= self.falsified <= self.records or not 0 <= self.sampled <= self.records:
            raise Misuse("chain: expected no more falsified or sampled records than there are")

    @property
    def window(self) -> int:
        """How many whole periods are left to find a sprint (stage 3)."""
        return max(0, self.breakout - self.response - self.delay)


class Bound(StrEnum):
    """What a site's coverage is needed for."""

    ONE_CHEAT = "one cheat"
    UNTIL_CAUGHT = "cheat until caught"
    BREAKOUT = "breakout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Stage 1: the chances a look that records, meter and both find a cheat."""

    records: float
    meter: float
    both: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Stages 2, 3 and 5 at one site: looks a period, what they achieve, and what is needed."""

    value: float
    coverage: float
    left: float
    law: float
    escape: float
    needed: float | Infeasible
    binds: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """All stages.

    `needed` is K, `looks` the looks a period that deter one cheat at every site, `cost` their price
    with that of false alarms; `given` the looks there are, `spent` those that are used; `enough`
    the looks that all three bounds need, `shadow` by how many they fall for a penalty larger by 1;
    `cheapest` is the alpha that costs least, with its looks and cost.
    """

    verified: Verified
    needed: float
    sites: tuple[Site, ...]
    looks: float | Infeasible
    cost: float | Infeasible
    given: float
    spent: float
    cheapest: Cheapest | Infeasible
    enough: float | Infeasible
    shadow: float
    after_alarm: float
    patience: Number | Infeasible
    regime: Regime | Infeasible


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheapest:
    """Stage 5: the alpha at which looks and false alarms cost least."""

    alpha: float
    looks: float
    cost: float


def verified(design: Design) -> Verified:
    """Stage 1."""
    records = float(
        detection_chance(
            design.records, design.falsified, design.sampled, Fraction(design.recognised)
        )
    )
    meter = above(upper_quantile(design.false_alarm) - design.separation)
    apart = 1.0 - (1.0 - records) * (1.0 - meter)
    both = (1.0 - design.common) * apart + design.common * max(records, meter)
    return Verified(records=records, meter=meter, both=both)


def full_coverage(design: Design) -> tuple[float | Infeasible, ...]:
    """Stage 2: the chance of a look a period that each site needs."""
    found = verified(design).both
    return tuple(_static(design, value, found) for value in design.values)


def water_filling(design: Design, looks: float) -> tuple[float, ...]:
    """Stage 2 with fewer looks: so that the most that is left to gain anywhere is least.

    Site t is left with v_t - c_t (d (v_t + q F) - alpha f); the coverage c_t = (v_t - x) / (...),
    cut to 0 and 1, uses all looks at the least level x, found by bisection.
    """
    found = verified(design).both
    slopes = [_a_look(design, value, found) for value in design.values]

    def filled(level: float) -> tuple[float, ...]:
        return tuple(
            min(1.0, max(0.0, (value - level) / slope)) if slope > 0.0 else 0.0
            for value, slope in zip(design.values, slopes, strict=True)
        )

    low, high = 0.0, max(design.values)
    if sum(filled(low)) <= looks:
        return filled(low)
    for _ in range(_ROUNDS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if sum(filled(middle)) > looks else (low, middle)
    return filled(high)


def allocated(design: Design, looks: float) -> tuple[float, ...]:
    """Stage 2 with spare looks: water filling, and then the sites that are watched least.

    The bounds of stage 3 ask the same of every site, so all sites below a common floor are raised
    to it: the highest that the looks pay for, found by bisection, but no higher than the bounds
    need, or a look each period where no coverage is enough.
    """
    filled = water_filling(design, looks)
    if math.fsum(filled) >= looks * (1.0 - _ROUNDING):
        return filled
    found = verified(design).both
    needed = float(needed_law(design.temptation, design.cooperation, design.punishment))
    wants = (_until_caught(design, found, needed), _against_breakout(design, found))
    most = max(1.0 if isinstance(want, Infeasible) else min(1.0, want) for want in wants)

    def raised(floor: float) -> tuple[float, ...]:
        return tuple(max(share, floor) for share in filled)

    if sum(raised(most)) <= looks:
        return raised(most)
    low, high = 0.0, most
    for _ in range(_ROUNDS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if sum(raised(middle)) <= looks else (low, middle)
    return raised(low)


def chain(design: Design) -> Chain:
    """All stages, in their order. Raises `Misuse` for a design that cannot be."""
    seen = verified(design)
    needed = float(needed_law(design.temptation, design.cooperation, design.punishment))
    full = full_coverage(design)
    looks = _summed(full)
    given = design.looks or (looks if isinstance(looks, float) else float(len(design.values)))
    coverage = allocated(design, given)
    sites = tuple(
        _site(design, value, share, seen.both, needed)
        for value, share in zip(design.values, coverage, strict=True)
    )
    watched = _watched(design, sites, seen.both)
    unseen = min(coverage) == 0.0
    regime = (
        _UNSEEN if unseen else best_regime(watched, math.pow(design.discount, design.delay + 1))
    )
    return Chain(
        verified=seen,
        needed=needed,
        sites=sites,
        looks=looks,
        cost=looks if isinstance(looks, Infeasible) else looks * _price(design),
        given=given,
        spent=math.fsum(coverage),
        cheapest=cheapest(design),
        enough=_summed([site.needed for site in sites]),
        shadow=sum(
            design.imposed * seen.both * value / _a_look(design, value, seen.both) ** 2
            for value, site in zip(design.values, sites, strict=True)
            if site.binds is Bound.ONE_CHEAT and isinstance(site.needed, float)
        ),
        after_alarm=posterior(design.prior, seen.both, design.false_alarm),
        patience=_UNSEEN
        if unseen
        else _late(critical_discount_for(watched, LONGEST), design.delay),
        regime=regime,
    )


def cheapest(design: Design) -> Cheapest | Infeasible:
    """Stage 5: the meter's alpha where m (1 + price alpha) is least, from 1e-9 to 1/2.

    A grid over ln alpha, and golden sections around its best point.
    """

    def cost(place: float) -> float:
        each = replace(design, false_alarm=math.exp(place))
        looks = _summed(full_coverage(each))
        return math.inf if isinstance(looks, Infeasible) else looks * _price(each)

    start, end = math.log(_LEAST), math.log(0.5)
    places = [start + (end - start) * step / _GRID for step in range(_GRID + 1)]
    costs = [cost(place) for place in places]
    best = min(range(len(places)), key=costs.__getitem__)
    if math.isinf(costs[best]):
        return Infeasible("no setting of the meter deters at every site")
    low, high = places[max(0, best - 1)], places[min(_GRID, best + 1)]
    ratio = (math.sqrt(5.0) - 1.0) / 2.0
    while high - low > 1e-10:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if cost(left) <= cost(right) else (left, high)
    alpha = math.exp((low + high) / 2.0)
    looks = _summed(full_coverage(replace(design, false_alarm=alpha)))
    if isinstance(looks, Infeasible):
        return looks
    return Cheapest(alpha=alpha, looks=looks, cost=cost((low + high) / 2.0))


def posterior(prior: float, detection: float, false_alarm: float) -> float:
    """The chance that a lab cheats after an alarm, if `prior` is that before it."""
    told = prior * detection
    return told / (told + (1.0 - prior) * false_alarm)


def _a_look(design: Design, value: float, found: float) -> float:
    """By how much a look makes a cheat at a site worse than keeping one's word."""
    penalty = design.imposed * design.penalty
    return found * (value + penalty) - design.false_alarm * design.nuisance


def _static(design: Design, value: float, found: float) -> float | Infeasible:
    a_look = _a_look(design, value, found)
    if a_look < value:
        return Infeasible("even a look each period would not deter one cheat")
    return value / a_look


def _price(design: Design) -> float:
    return 1.0 + design.alarm_price * design.false_alarm


def _summed(parts: tuple[float | Infeasible, ...] | list[float | Infeasible]) -> float | Infeasible:
    for part in parts:
        if isinstance(part, Infeasible):
            return part
    return math.fsum(part for part in parts if isinstance(part, float))


def _site(design: Design, value: float, coverage: float, found: float, needed: float) -> Site:
    """Stages 3 and 5 at one site."""
    chance = coverage * found
    wants: dict[Bound, float | Infeasible] = {Bound.ONE_CHEAT: _static(design, value, found)}
    wants[Bound.UNTIL_CAUGHT] = _until_caught(design, found, needed)
    wants[Bound.BREAKOUT] = _against_breakout(design, found)
    binds, most = Bound.ONE_CHEAT, wants[Bound.ONE_CHEAT]
    for bound, want in wants.items():
        if isinstance(most, Infeasible):
            break
        too_much = isinstance(want, float) and want > 1.0
        found_want = Infeasible(f"more than a look each period for {bound}") if too_much else want
        if isinstance(found_want, Infeasible) or found_want > most:
            binds, most = bound, found_want
    return Site(
        value=value,
        coverage=coverage,
        left=max(0.0, value - coverage * _a_look(design, value, found)),
        law=discounted_detection(design.discount, chance, design.delay),
        escape=math.pow(1.0 - chance, design.window),
        needed=most,
        binds=binds,
    )


def _until_caught(design: Design, found: float, needed: float) -> float | Infeasible:
    """The looks a period that make a cheat that goes on until it is caught not pay."""
    least = least_detection(needed, design.discount, design.delay)
    return least if isinstance(least, Infeasible) else float(least) / found


def _against_breakout(design: Design, found: float) -> float | Infeasible:
    """The looks a period that keep escape at the bound."""
    if design.bound >= 1.0:
        return 0.0
    if design.window == 0:
        return Infeasible("a sprint ends before it can be answered")
    return (1.0 - math.pow(design.bound, 1.0 / design.window)) / found


def _watched(design: Design, sites: tuple[Site, ...], found: float) -> Watched:
    """Stage 4: one cheat at the site that is watched least; false alarms at all of them."""
    alarm = -math.expm1(
        math.fsum(math.log1p(-site.coverage * design.false_alarm) for site in sites)
    )
    least = min(site.coverage for site in sites) * found
    return Watched(
        temptation=design.temptation,
        cooperation=design.cooperation,
        punishment=design.punishment,
        detection=min(1.0, alarm + least * (1.0 - alarm)),
        false_alarm=alarm,
    )


def _late(patience: float | Infeasible, delay: int) -> float | Infeasible:
    return patience if isinstance(patience, Infeasible) else patience ** (1.0 / (delay + 1))
