"""Races that end: punishment phases of the right length in a pause that is watched imperfectly.

Stage payoffs T > R > P; a defector is accused with chance d = 1 - beta a period, somebody who keeps
the pause with chance alpha. After an accusation all race for L periods, then the pause begins anew.

1. phi = (1 - delta^L) / (1 - delta) periods' worth of races; an accusation costs
   W = (R - P) phi / (1 + delta alpha phi).
2. One defection does not pay where delta (1 - alpha - beta) W >= T - R, that is where
   delta + delta^2 + ... + delta^L >= Q = (T - R) / ((1 - alpha - beta)(R - P) - alpha (T - R)).
3. The pause is worth R - delta alpha W a period, less the longer L is: the least L of step 2 is
   best. With a coin that all see, races need not be whole periods, and the worth comes up to
   R - alpha (T - R) / (1 - alpha - beta).
4. For L without end the least delta is grim's; L = 1 needs delta >= Q.
5. Accusations that come tau periods late are answered in turns: the periods t, t + tau + 1, ... are
   a pause of their own, with the discount factor delta^(tau + 1). So delay needs more patience, and
   costs nothing else.
6. A pause that all keep is raced in a share alpha L / (1 + alpha L) of its periods, and stands for
   1 / alpha periods on average (hazard alpha).

Green and Porter 1984 with two actions; step 5 is the device of Ellison 1994.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    Mark,
    Number,
    Series,
    Table,
    spelled,
)
from pausenet.game.checks import Check, Paper
from pausenet.game.deterrence.grim import Watched, least_patience
from pausenet.game.model import Chosen, Model, Parameter

GREEN_PORTER: Final = Paper(
    key="green-porter-1984",
    cite="E. J. Green and R. H. Porter, Noncooperative Collusion under Imperfect Price "
    "Information, Econometrica 52 (1984) 87-100",
)
ELLISON: Final = Paper(
    key="ellison-1994",
    cite="G. Ellison, Cooperation in the Prisoner's Dilemma with Anonymous Random Matching, Review "
    "of Economic Studies 61 (1994) 567-588",
)
LONGEST: Final = 10**7
"""Races of so many periods stand for races without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A length of races, what the pause is then worth a period, and what an accusation costs."""

    length: int
    value: float
    cost: float


def needed_races(game: Watched) -> Number | Infeasible:
    """Q of step 2: how many periods' worth of races, from the next on, an accusation must cost."""
    net = game.power * game.sorrow - game.false_alarm * game.gain
    if game.gain == 0:
        return Fraction(0)
    if net <= 0:
        return Infeasible("false alarms cost as much as accusations deter")
    return game.gain / net


def cost_of_races(game: Watched, discount: float, length: int) -> float:
    """W of step 1 for races of `length` periods."""
    phi = -math.expm1(length * math.log(discount)) / (1.0 - discount)
    return float(game.sorrow) * phi / (1.0 + discount * float(game.false_alarm) * phi)


def value_with_races(game: Watched, discount: float, length: int) -> float:
    """What the pause is worth a period to one that keeps it (step 3)."""
    lost = discount * float(game.false_alarm) * cost_of_races(game, discount, length)
    return float(game.cooperation) - lost


def deters(game: Watched, discount: float, length: int) -> bool:
    """Whether one defection does not pay, to 1e-12 of what it gains (step 2)."""
    cost = discount * float(game.power) * cost_of_races(game, discount, length)
    return cost >= float(game.gain) * (1.0 - 1e-12)


def best_regime(game: Watched, discount: float) -> Regime | Infeasible:
    """The shortest races that deter, and so the most valuable pause.

    Raises `Misuse` unless the discount factor lies above 0 and below 1, or where a penalty is set:
    races are the only punishment here.
    """
    if not 0.0 < discount < 1.0:
        raise Misuse("best_regime: expected a discount factor above 0 and below 1")
    if game.loss:
        raise Misuse("best_regime: races are the only punishment here")
    if game.gain == 0:
        return Regime(length=0, value=float(game.cooperation), cost=0.0)
    needed = needed_races(game)
    if isinstance(needed, Infeasible):
        return needed
    if not deters(game, discount, LONGEST):
        return Infeasible("even races without end would not cost enough")
    low, high = 0, LONGEST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if deters(game, discount, middle) else (middle, high)
    length = high
    return Regime(
        length=length,
        value=value_with_races(game, discount, length),
        cost=cost_of_races(game, discount, length),
    )


def best_with_a_coin(game: Watched) -> Number | Infeasible:
    """The worth of the pause where a coin fits the races exactly (step 3), patience permitting."""
    if game.power == 0:
        return Infeasible("accusations tell nothing")
    return game.cooperation - game.false_alarm * game.gain / game.power


def critical_discount_for(game: Watched, length: int) -> float | Infeasible:
    """The least discount factor at which races of `length` periods deter (steps 2 and 4)."""
    needed = needed_races(game)
    if isinstance(needed, Infeasible):
        return needed
    if float(needed) > length:
        return Infeasible(f"{length} periods of races cost too little at any patience")
    low, high = 0.0, 1.0
    while high - low > 1e-13:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        worth = middle * -math.expm1(length * math.log(middle)) / (1.0 - middle)
        low, high = (low, middle) if worth >= float(needed) else (middle, high)
    return high


def raced_share(game: Watched, length: int) -> Number:
    """The share of periods that are raced although all keep the pause (step 6)."""
    return game.false_alarm * length / (1 + game.false_alarm * length)


def in_turns(discount: float, delay: int) -> float:
    """The discount factor of each of the pauses that are played in turns (step 5)."""
    return math.pow(discount, delay + 1)


def _solve(chosen: Chosen) -> Answer:
    game = Watched(
        **{name: chosen.exact(name) for name in ("temptation", "cooperation", "punishment")},
        detection=chosen.exact("detection"),
        false_alarm=chosen.exact("false_alarm"),
    )
    delay, discount = chosen.whole("delay"), chosen.real("discount")
    turns = in_turns(discount, delay)
    best = best_regime(game, turns)
    ever = _ever(game, turns)
    patience = least_patience(game)
    late = patience if isinstance(patience, Infeasible) else float(patience) ** (1.0 / (delay + 1))
    rows: tuple[tuple[Cell, ...], ...] = (
        ("discount factor of each turn", turns),
        ("best length of races (periods of a turn)", _of(best, "length")),
        ("payoff a period with it", _of(best, "value")),
        ("payoff a period, races without end", ever),
        ("payoff a period, length fitted by a coin", _coin(game, best)),
        ("share of periods raced although all keep the pause", _raced(game, best)),
        ("mean time until a false alarm (periods of a turn)", _hazard(game)),
        ("least discount factor, races without end", late),
    )
    if isinstance(best, Regime):
        sentence = (
            f"Races of {best.length} periods{_of_a_turn(delay)} after each accusation are enough: "
            "the pause is then "
            f"worth {best.value:.3g} of {float(game.cooperation):.3g} a period to a lab that keeps "
            f"it, and is raced in {float(raced_share(game, best.length)):.2%} of its periods by "
            "mistake."
        )
    else:
        sentence = f"No length of races keeps this pause: {best.why}."
    return Answer(
        sentence=sentence,
        not_shown="Equilibria that treat labs unequally (payoff-set), and penalties beside races.",
        tables=(
            Table(
                title="Races that end",
                columns=(Column(name="quantity"), Column(name="value", unit="1")),
                rows=rows,
            ),
        ),
        picture=_picture(game, turns, best),
        hand_check=""
        if isinstance(best, Infeasible)
        else "R - \u03b1 (T - R) / (1 - \u03b1 - β) = "
        f"{spelled(best_with_a_coin(game))} a period, at most.",
    )


def _of_a_turn(delay: int) -> str:
    return f" of a turn, each {delay + 1} periods long," if delay else ""


def _ever(game: Watched, discount: float) -> float | Infeasible:
    if isinstance(critical_discount_for(game, LONGEST), Infeasible):
        return Infeasible("even races without end would not cost enough")
    if not deters(game, discount, LONGEST):
        return Infeasible("even races without end would not cost enough")
    return value_with_races(game, discount, LONGEST)


def _coin(game: Watched, best: Regime | Infeasible) -> Cell:
    return best if isinstance(best, Infeasible) else best_with_a_coin(game)


def _raced(game: Watched, best: Regime | Infeasible) -> Cell:
    return best if isinstance(best, Infeasible) else raced_share(game, best.length)


def _hazard(game: Watched) -> Cell:
    return 1 / game.false_alarm if game.false_alarm else Infeasible("there is none")


def _picture(game: Watched, discount: float, best: Regime | Infeasible) -> Lines:
    """The worth of the pause by false alarms, at the best length and for ever."""
    fitted, ever = [], []
    most = float(game.detection)
    for step in range(101):
        alpha = min(most, most * step / 100)
        each = replace(game, detection=most, false_alarm=alpha)
        found = best_regime(each, discount)
        if isinstance(found, Regime):
            fitted.append((alpha, found.value))
            ever.append((alpha, value_with_races(each, discount, LONGEST)))
    lines = [
        Series(name=name, points=tuple(points))
        for name, points in (("shortest races", fitted), ("races without end", ever))
        if points
    ]
    lines.append(
        Series(
            name="no pause",
            points=((0.0, game.punishment), (most, game.punishment)),
            dashed=True,
        )
    )
    marks = (
        (Mark(x=game.false_alarm, y=best.value, words="as chosen"),)
        if isinstance(best, Regime)
        else ()
    )
    return Lines(
        title="Races that end forgive false alarms; races without end do not.",
        subtitle="What the pause is worth a period to a lab that keeps it, by false alarms.",
        x=Axis(title="false alarms a period", low=0, high=most, percent=True),
        y=Axis(title="payoff a period", low=min(0.0, float(game.punishment))),
        series=tuple(lines),
        marks=marks,
    )


def _number(name: str, symbol: str, unit: str, default: str, meaning: str) -> Parameter:
    return Parameter(
        name=name,
        symbol=symbol,
        unit=unit,
        default=Fraction(default),
        meaning=meaning,
        low=0 if unit in ("1", "periods") else None,
        high=1 if unit == "1" else None,
        whole=unit == "periods",
    )


def case(detection: str, false_alarm: str) -> Watched:
    """The stage game 5, 3, 1 watched so."""
    return Watched(
        temptation=Fraction(5),
        cooperation=Fraction(3),
        punishment=Fraction(1),
        detection=Fraction(detection),
        false_alarm=Fraction(false_alarm),
    )


def _of(found: Regime | Infeasible, what: str) -> int | float | Infeasible:
    match found:
        case Infeasible():
            return found
        case Regime():
            return found.length if what == "length" else found.value


def _regime(detection: str, alarm: str, what: str) -> Callable[[], Number | Infeasible]:
    return lambda: _of(best_regime(case(detection, alarm), 0.9), what)


def _checks() -> tuple[Check, ...]:
    made = []
    for detection, alarm, length, value in (
        ("0.9", "0.05", "2", "2.842469"),
        ("0.5", "0.05", "4", "2.731969"),
    ):
        for what, stated in (("length", length), ("value", value)):
            made.append(
                Check(
                    paper=GREEN_PORTER,
                    where="with two actions",
                    what=f"{what} of the best regime, delta 0.9, detection {detection}, "
                    f"false alarms {alarm}",
                    stated=stated,
                    ours=_regime(detection, alarm, what),
                )
            )
    made.append(
        Check(
            paper=GREEN_PORTER,
            where="with two actions",
            what="value of races without end, delta 0.9, detection 0.9, false alarms 0.05",
            stated="2.379310",
            ours=lambda: value_with_races(case("0.9", "0.05"), 0.9, LONGEST),
        )
    )
    return tuple(made)


MODEL: Final = Model(
    name="green-porter",
    title="Races that end",
    question="How long should all race after an accusation, when accusations may be wrong?",
    validity="Two actions, public accusations, equal labs; races are the only punishment.",
    papers=(GREEN_PORTER, ELLISON),
    parameters=(
        _number("temptation", "T", "payoff a period", "5", "What a lab earns that races alone."),
        _number("cooperation", "R", "payoff a period", "3", "What a lab earns while all pause."),
        _number("punishment", "P", "payoff a period", "1", "What a lab earns while all race."),
        Parameter(
            name="discount",
            symbol="δ",
            unit="1",
            default=Fraction(9, 10),
            meaning="What a payoff of the next period is worth in this one.",
            above=0,
            below=1,
        ),
        _number("detection", "1-β", "1", "9/10", "The chance a period that a defector is accused."),
        _number("false_alarm", "\u03b1", "1", "1/20", "The chance a period of a wrong accusation."),
        _number("delay", "τ", "periods", "0", "How late accusations are known."),
    ),
    solve=_solve,
    checks=_checks(),
)
