"""The safety-performance trade-off as one model: labs alike, or each with numbers of its own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Column, Lines, Mark, NotFound, Series, Table
from pausenet.game.checks import Basis, Check, Paper
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.race.effort import Effort, Lab, equilibrium

SPT: Final = Paper(
    key="aiincentives",
    cite="quevivasbien, AIIncentives.jl: a safety-performance trade-off model, public repository",
    address="https://github.com/quevivasbien/AIIncentives.jl",
)
_FIELDS: Final = {
    "safety_skill": "A",
    "safety_elasticity": "a",
    "performance_skill": "B",
    "performance_elasticity": "b",
    "tension": "theta",
    "loss": "d",
    "price": "r",
}
_PRICES: Final = (0.01, 0.02, 0.04, 0.07, 0.12, 0.2)


def _labs(chosen: Chosen) -> tuple[Lab, ...]:
    """Each list holds one number for all labs, or one a lab. Raises `Misuse`."""
    count = chosen.whole("labs")
    values: dict[str, list[float]] = {}
    for name in _FIELDS:
        numbers = [float(number) for number in chosen.numbers(name)]
        if len(numbers) not in (1, count):
            raise Misuse(f"{name}: expected 1 or {count} numbers, found {len(numbers)}")
        values[name] = numbers * count if len(numbers) == 1 else numbers
    return tuple(Lab(**{name: values[name][i] for name in _FIELDS}) for i in range(count))


def _solve(chosen: Chosen) -> Answer:
    labs = _labs(chosen)
    found = equilibrium(labs)
    if isinstance(found, NotFound):
        sentence = f"No pure equilibrium is found: {found.why}."
    else:
        sentence = (
            f"{len(labs)} labs race to a disaster with chance {found.disaster:.1%}; no lab "
            f"spends more than {max(map(_share, found.safety_input, found.performance_input)):.0%} "
            "of its effort on safety."
        )
    return Answer(
        sentence=sentence,
        not_shown="Mixed equilibria, other equilibria than the one that best responses reach, labs "
        "that believe different things, and money that buys effort in advance.",
        tables=(_table(found),),
        picture=_lines(labs, found),
        hand_check=_hand_check(labs[0], found),
    )


def _hand_check(lab: Lab, found: Effort | NotFound) -> str:
    if isinstance(found, NotFound):
        return ""
    s, q = found.safety[0], found.performance[0] / sum(found.performance)
    gain = (1.0 + lab.loss) * q * lab.safety_elasticity * s / (1.0 + s) ** 2
    return (
        f"for lab 1 the last unit of safety is worth its price: (1 + d) q a s / (1 + s)^2 = "
        f"{gain:.6g}, r X_s = {lab.price * found.safety_input[0]:.6g}."
    )


def _share(safe: float, performing: float) -> float:
    return safe / (safe + performing)


def _table(found: Effort | NotFound) -> Table:
    columns = (
        Column(name="lab"),
        Column(name="effort on safety", unit="units"),
        Column(name="effort on performance", unit="units"),
        Column(name="safety s", unit="odds"),
        Column(name="performance p", unit="1"),
        Column(name="payoff", unit="prizes"),
    )
    if isinstance(found, NotFound):
        return Table(title="Equilibrium", columns=columns[:1], rows=((found,),))
    rows = tuple(
        (number, *row)
        for number, row in enumerate(
            zip(
                found.safety_input,
                found.performance_input,
                found.safety,
                found.performance,
                found.payoffs,
                strict=True,
            ),
            start=1,
        )
    )
    title = (
        f"Equilibrium: disaster {found.disaster:.6g}, the best deviation gains {found.regret:.1g}"
    )
    return Table(title=title, columns=columns, rows=rows)


def _lines(labs: tuple[Lab, ...], found: Effort | NotFound) -> Lines:
    """The chance of a disaster by the price of effort, all labs alike, for some numbers of labs."""
    series = []
    for count in sorted({2, 5, len(labs)}):
        points = []
        for price in _PRICES:
            each = equilibrium((replace(labs[0], price=price),) * count)
            if not isinstance(each, NotFound):
                points.append((price, each.disaster))
        if points:
            series.append(Series(name=f"{count} labs as the first", points=tuple(points)))
    marks = (
        ()
        if isinstance(found, NotFound)
        else (Mark(x=labs[0].price, y=found.disaster, words="as chosen"),)
    )
    return Lines(
        title="Cheaper effort makes each system safer; more labs make it less safe.",
        subtitle="Chance of a disaster by the price of effort, labs being alike.",
        x=Axis(title="price of a unit of effort, in prizes", low=0),
        y=Axis(title="chance of a disaster", low=0, percent=True),
        series=tuple(series),
        marks=marks,
    )


def _value(labs: int, lab: Lab, kind: str) -> float | NotFound:
    found = equilibrium((lab,) * labs)
    if isinstance(found, NotFound):
        return found
    return {"s": found.safety[0], "p": found.performance[0], "disaster": found.disaster}[kind]


def _checks() -> tuple[Check, ...]:
    stated = (
        ("n = 2, r = 0.1, d = 1", 2, Lab(), "s", "4.831294"),
        ("n = 2, r = 0.1, d = 1", 2, Lab(), "p", "9.263040"),
        ("n = 2, r = 0.1, d = 1", 2, Lab(), "disaster", "0.171489"),
        ("n = 2, r = 0.05, d = 1", 2, Lab(price=0.05), "disaster", "0.146373"),
        ("n = 2, r = 0.01, d = 1", 2, Lab(price=0.01), "disaster", "0.100483"),
        ("n = 3, r = 0.05, d = 1", 3, Lab(price=0.05), "disaster", "0.164780"),
        ("n = 5, r = 0.05, d = 1", 5, Lab(price=0.05), "disaster", "0.187983"),
        ("n = 2, r = 0.05, d = 0", 2, Lab(price=0.05, loss=0.0), "disaster", "0.182112"),
    )
    return tuple(
        Check(
            paper=SPT,
            where=f"A = B = 10, a = b = 0.5, theta = 0.25, {where}",
            what=kind,
            stated=numeral,
            ours=partial(_value, count, lab, kind),
            basis=Basis.DERIVED,
        )
        for where, count, lab, kind, numeral in stated
    )


def _list(name: str, default: Fraction, unit: str, meaning: str, **bounds: int) -> Parameter:
    return Parameter(
        name=name,
        symbol=_FIELDS[name],
        unit=unit,
        default=(default,),
        meaning=f"{meaning}; one for all labs, or one each.",
        low=bounds.get("low"),
        above=bounds.get("above"),
        below=bounds.get("below"),
        high=bounds.get("high"),
    )


EFFORT: Final = Model(
    name="effort",
    title="Safety against performance, with effort that is chosen",
    question="How much safety do racing labs buy when they choose how hard to race?",
    validity="One shot, pure strategies, everybody knows everybody's costs; odds of safety s.",
    papers=(SPT,),
    parameters=(
        Parameter(
            name="labs",
            symbol="n",
            unit="labs",
            default=Fraction(2),
            meaning="How many race.",
            low=2,
            high=20,
            whole=True,
        ),
        _list("price", Fraction(1, 10), "prizes a unit", "What effort costs", above=0),
        _list("loss", Fraction(1), "prizes", "What a disaster costs a lab", low=0),
        _list("tension", Fraction(1, 4), "1", "How much performance hurts safety", low=0),
        _list("safety_skill", Fraction(10), "1", "Skill in safety", above=0),
        _list("safety_elasticity", Fraction(1, 2), "1", "Returns to safety", above=0, below=1),
        _list("performance_skill", Fraction(10), "1", "Skill in performance", above=0),
        _list("performance_elasticity", Fraction(1, 2), "1", "Its returns", above=0, high=1),
    ),
    solve=_solve,
    checks=_checks(),
)
