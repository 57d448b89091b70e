"""Pauses played out: what a lab that keeps one earns, and what a lab that cheats, by simulation.

The kernels play the same runs twice, once with all labs keeping the pause and once with the first
lab cheating, with the same draws (common random numbers). The closed forms are for races without
end and for labs that are watched alone; here all labs are, and an accusation of any ends the pause.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Bar, Bars, Cell, Column, Table
from pausenet.game.checks import Check
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.repeated.green_porter import GREEN_PORTER, case, value_with_races
from pausenet.game.repeated.kernels import UNIT, Lab, PausePlan, best, keys_of

_SIGMAS: Final = 1.959964
"""Half the width of a 95 % interval, in standard errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over runs and the half width of its 95 % interval."""

    mean: float
    half: float

    @property
    def words(self) -> str:
        """As it stands beside a bar."""
        return f"{self.mean:.4g} ± {self.half:.2g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the first lab earns a period if it keeps the pause, if it cheats, and the difference."""

    keeps: Estimate
    cheats: Estimate
    advantage: Estimate
    races: float


def compared(plan: PausePlan, *, seed: int, runs: int) -> Compared:
    """Play `runs` pauses twice: as planned, and with no lab cheating. Raises `Misuse`."""
    if runs < 2:
        raise Misuse("compared: expected 2 runs or more")
    kernel, keys = best(), keys_of(seed, runs)
    honest = replace(plan, labs=tuple(replace(lab, since=0, until=0) for lab in plan.labs))
    kept, cheated = kernel.play(honest, keys), kernel.play(plan, keys)
    first = kept.payoffs[:, 0] / UNIT
    other = cheated.payoffs[:, 0] / UNIT
    return Compared(
        keeps=_mean(first),
        cheats=_mean(other),
        advantage=_mean(first - other),
        races=float(np.mean(kept.races)),
    )


def _mean(found: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Estimate:
    return Estimate(
        mean=float(np.mean(found)),
        half=_SIGMAS * float(np.std(found, ddof=1)) / math.sqrt(len(found)),
    )


_REST: Final = 0.01


def _plan(chosen: Chosen) -> PausePlan:
    periods = chosen.whole("periods")
    lab = Lab(
        temptation=chosen.real("temptation"),
        cooperation=chosen.real("cooperation"),
        punishment=chosen.real("punishment"),
        betrayed=chosen.real("betrayed"),
        discount=chosen.real("discount"),
        detection=chosen.real("detection"),
        false_alarm=chosen.real("false_alarm"),
    )
    cheater = replace(lab, until=min(periods, chosen.whole("cheats")))
    length = chosen.whole("length")
    return PausePlan(
        labs=(cheater, *(lab for _ in range(chosen.whole("labs") - 1))),
        periods=periods,
        delay=chosen.whole("delay"),
        length=length or periods,
    )


def _solve(chosen: Chosen) -> Answer:
    plan, runs = _plan(chosen), chosen.whole("runs")
    found = compared(plan, seed=chosen.whole("seed"), runs=runs)
    low = found.advantage.mean - found.advantage.half
    high = found.advantage.mean + found.advantage.half
    said = "does not pay" if low > 0 else "pays" if high < 0 else "may or may not pay"
    if not chosen.whole("cheats"):
        said = "is not tried"
    rest = math.pow(chosen.real("discount"), plan.periods)
    beyond = f" (what comes later, {rest:.0%} of all, is left out)" if rest > _REST else ""
    rows: tuple[tuple[Cell, ...], ...] = (
        ("keeps the pause", found.keeps.mean, found.keeps.half),
        ("cheats", found.cheats.mean, found.cheats.half),
        ("advantage of keeping it", found.advantage.mean, found.advantage.half),
    )
    return Answer(
        sentence=f"Played {runs} times over {plan.periods} periods{beyond}, cheating {said}: "
        f"keeping the pause earns {found.advantage.mean:.3g} ± {found.advantage.half:.2g} a "
        f"period more; false alarms begin {found.races:.3g} races a run although all keep it.",
        not_shown="What follows the last period, and labs that answer to what they privately see.",
        tables=(
            Table(
                title="What the first lab earns a period (discounted; 95 % intervals)",
                columns=(Column(name="the lab"), Column(name="mean"), Column(name="±")),
                rows=rows,
            ),
        ),
        picture=Bars(
            title=f"Cheating {said}, as these pauses are watched.",
            subtitle=f"Payoff a period of the first of {len(plan.labs)} labs, {runs} runs.",
            x=Axis(title="payoff a period", low=0),
            bars=(
                Bar(name="keeps the pause", value=found.keeps.mean, words=found.keeps.words),
                Bar(name="cheats", value=found.cheats.mean, words=found.cheats.words),
            ),
        ),
        hand_check="" if rest > _REST else _by_hand(plan),
    )


def _by_hand(plan: PausePlan) -> str:
    """The closed form for what a lab earns that keeps the pause, where answers come at once."""
    lab = plan.labs[-1]
    if plan.delay or not lab.temptation > lab.cooperation > lab.punishment:
        return ""
    any_alarm = 1.0 - math.pow(1.0 - lab.false_alarm, len(plan.labs))
    game = replace(case("1", "0"), false_alarm=any_alarm)
    game = replace(
        game,
        temptation=lab.temptation,
        cooperation=lab.cooperation,
        punishment=lab.punishment,
    )
    worth = value_with_races(game, lab.discount, plan.length)
    return f"R - delta A W with A = 1 - (1 - alpha)^n = {any_alarm:.4g}: {worth:.4g} a period."


def _number(
    name: str, symbol: str, unit: str, default: str, meaning: str, *, low: int = 0, high: int = 1
) -> Parameter:
    payoff = unit == "payoff a period"
    return Parameter(
        name=name,
        symbol=symbol,
        unit=unit,
        default=Fraction(default),
        meaning=meaning,
        low=-(10**6) if payoff else low,
        high=10**6 if payoff else high,
        whole=not payoff and unit != "1",
    )


MODEL: Final = Model(
    name="watched-pause",
    title="Pauses played out",
    question="What does a lab earn that keeps a pause watched imperfectly, and one that cheats?",
    validity="Accusations are public and independent; equal labs, of which the first may cheat.",
    papers=(GREEN_PORTER,),
    parameters=(
        _number("labs", "n", "labs", "5", "How many labs there are.", low=1, high=100),
        _number("temptation", "T", "payoff a period", "5", "What a lab earns that races alone."),
        _number("cooperation", "R", "payoff a period", "3", "What a lab earns while all pause."),
        _number("punishment", "P", "payoff a period", "1", "What a lab earns while all race."),
        _number(
            "betrayed",
            "S",
            "payoff a period",
            "0",
            "What a lab earns that pauses beside one that races.",
        ),
        Parameter(
            name="discount",
            symbol="δ",
            unit="1",
            default=Fraction(97, 100),
            meaning="What a payoff of the next period is worth in this one.",
            above=0,
            below=1,
        ),
        _number("detection", "1-β", "1", "1/4", "The chance a period that a cheat is accused."),
        _number(
            "false_alarm",
            "\u03b1",
            "1",
            "1/500",
            "The chance a period and lab of a wrong accusation.",
        ),
        _number("delay", "τ", "periods", "0", "How late an accusation is answered.", high=10**4),
        _number("length", "L", "periods", "26", "How long all race then; 0 for ever.", high=10**4),
        _number(
            "cheats",
            "k",
            "periods",
            "520",
            "For how many periods the first lab cheats, while the pause stands.",
            high=10**4,
        ),
        _number(
            "periods", "H", "periods", "520", "How many periods are played.", low=1, high=10**4
        ),
        _number("runs", "N", "runs", "4000", "How many pauses are played.", low=2, high=10**6),
        _number("seed", "s", "seed", "1", "What all draws follow from.", high=2**63),
    ),
    solve=_solve,
    checks=(
        Check(
            paper=GREEN_PORTER,
            where="with two actions, by simulation",
            what="payoff of keeping the pause, delta 5/9, detection 0.9, false alarms 0.05",
            stated="2.8830",
            within=0.006,
            ours=lambda: _simulated(cheats=0).keeps.mean,
        ),
        Check(
            paper=GREEN_PORTER,
            where="with two actions, by simulation",
            what="payoff of defecting once, delta 5/9, detection 0.9, false alarms 0.05",
            stated="2.8821",
            within=0.006,
            ours=lambda: _simulated(cheats=1).cheats.mean,
        ),
    ),
)


def _simulated(cheats: int) -> Compared:
    """One lab that is watched, at the discount factor where one defection just does not pay."""
    lab = Lab(
        temptation=5.0,
        cooperation=3.0,
        punishment=1.0,
        betrayed=0.0,
        discount=5 / 9,
        detection=0.9,
        false_alarm=0.05,
        until=cheats,
    )
    plan = PausePlan(labs=(lab,), periods=60, delay=0, length=60)
    return compared(plan, seed=1, runs=100_000)
