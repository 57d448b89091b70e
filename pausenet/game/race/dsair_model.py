"""The race of safe and unsafe labs as one model: thresholds, the long run, sanctions, commitments.

The long run is that of `evolution.fixation`: a population of Z labs that imitate by the Fermi rule
of strength beta, mutants being rare. The share of a strategy is the share of time in which all
play it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Heat,
    Infeasible,
    Number,
    Series,
    Table,
    spelled,
)
from pausenet.game.evolution.fixation import FUDENBERG_IMHOF, TRAULSEN, long_run
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.race.dsair import (
    DSAIR,
    Matrix,
    Race,
    Risk,
    Threshold,
    collective_threshold,
    conditional_threshold,
    long_race,
    risk_dominance_threshold,
)
from pausenet.game.race.dsair_checks import CHECKS, MEANINGS, STRATEGIES
from pausenet.game.race.sanctions import (
    COMMITMENTS,
    SANCTIONS,
    Sanction,
    with_commitments,
    with_sanctions,
)

_SPEEDS: Final = tuple(Fraction(11 + 2 * step, 10) for step in range(20))
_RISKS: Final = tuple(Fraction(step, 25) for step in range(26))


def _race(chosen: Chosen, speed: Number) -> Race:
    return Race(
        benefit=chosen.exact("benefit"),
        cost=chosen.exact("cost"),
        speed=speed,
        prize=chosen.exact("prize"),
        rounds=chosen.exact("rounds"),
        found_out=chosen.exact("found_out"),
        risk=Risk(chosen.word("risk")),
    )


def _matrix(chosen: Chosen, race: Race, disaster: Number) -> Matrix:
    """The payoffs under the arrangement chosen."""
    sanction = Sanction(own=chosen.exact("own_loss"), other=chosen.exact("other_loss"))
    match chosen.word("arrangement"):
        case "sanctions":
            return with_sanctions(race, disaster, sanction)
        case "commitments":
            return with_commitments(race, disaster, sanction, chosen.exact("upkeep"))
        case _:
            return long_race(race, disaster)


def _shares(chosen: Chosen, race: Race, disaster: Number) -> list[float]:
    matrix = _matrix(chosen, race, disaster)
    found = long_run(matrix, chosen.whole("population"), chosen.real("strength"))
    return [float(share) for share in found]


def unsafe_share(names: tuple[str, ...], shares: list[float]) -> float:
    """The share of time in which all labs are unsafe."""
    return sum(share for name, share in zip(names, shares, strict=True) if name.startswith("AU"))


def _solve(chosen: Chosen) -> Answer:
    race, disaster = _race(chosen, chosen.exact("speed")), chosen.exact("disaster")
    names = STRATEGIES[chosen.word("arrangement")]
    shares = _shares(chosen, race, disaster)
    matrix = _matrix(chosen, race, disaster)
    collective, dominance = collective_threshold(race), risk_dominance_threshold(race)
    unsafe = unsafe_share(names, shares)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, share, *map(float, payoffs))
        for name, share, payoffs in zip(names, shares, matrix, strict=True)
    )
    zone = _zone(disaster, collective, dominance)
    return Answer(
        sentence=f"At a disaster risk of {float(disaster):.0%} {zone}; in the "
        f"long run labs are unsafe {unsafe:.1%} of the time.",
        not_shown="Labs that do not imitate each other, more than two in a race, and what a "
        "disaster costs those outside it; about five labs are no population of a hundred.",
        tables=(
            Table(
                title="Disaster risk above which",
                columns=(Column(name="what holds"), Column(name="risk", unit="1")),
                rows=(
                    ("a safe pair earns more than an unsafe pair", _decimal(collective)),
                    ("always safe (AS) risk-dominates always unsafe (AU)", _decimal(dominance)),
                    (
                        "conditionally safe (CS) risk-dominates AU",
                        _decimal(conditional_threshold(race)),
                    ),
                ),
            ),
            Table(
                title="The long run, and payoffs a round against each",
                columns=(
                    Column(name="strategy"),
                    Column(name="share of time", unit="1"),
                    *(Column(name=f"against {name}") for name in names),
                ),
                rows=rows,
            ),
            Table(
                title="The strategies",
                columns=(Column(name="strategy"), Column(name="what it does")),
                rows=tuple((name, MEANINGS[name]) for name in names),
            ),
        ),
        picture=_heat(chosen, names),
        hand_check=_hand_check(race, collective),
    )


def _decimal(threshold: Threshold) -> float | Infeasible:
    return threshold if isinstance(threshold, Infeasible) else float(threshold)


def _zone(disaster: Number, collective: Threshold, dominance: Threshold) -> str:
    """Where a risk lies between the two thresholds."""
    if isinstance(collective, Infeasible) or disaster < collective:
        return "two unsafe labs earn more than two safe ones, so that rules for all would harm them"
    if isinstance(dominance, Infeasible) or disaster < dominance:
        return "safety would be better for both and unsafe labs spread all the same, the dilemma"
    return "safety is better for both and is what spreads"


def _hand_check(race: Race, collective: Threshold) -> str:
    if race.risk is Risk.COLLECTIVE or race.found_out != 0:
        return ""
    return (
        f"collective = 1 - (b/2 - c + B/2W) / (b/2 + s B/2W) = {spelled(collective)}, "
        f"1 - 1/s = {spelled(1 - 1 / race.speed)} where the prize is all."
    )


def _heat(chosen: Chosen, names: tuple[str, ...]) -> Heat:
    """The unsafe share over speeds and risks, with the two thresholds."""
    speeds = [speed for speed in _SPEEDS if speed <= chosen.exact("rounds")]
    races = [_race(chosen, float(speed)) for speed in speeds]
    values = tuple(
        tuple(unsafe_share(names, _shares(chosen, race, float(risk))) for race in races)
        for risk in _RISKS
    )
    lines: tuple[Series, ...] = (
        _line("safety better for both above", speeds, races, collective_threshold),
        _line("safety spreads above", speeds, races, risk_dominance_threshold),
    )
    chosen_at = (chosen.real("speed"), chosen.real("disaster"))
    if speeds and chosen_at[0] <= speeds[-1]:
        lines += (Series(name="as chosen", points=(chosen_at,)),)
    return Heat(
        title="Between the two lines all would be better off safe, and unsafe labs spread."
        if chosen.word("arrangement") == "none"
        else "What the arrangement leaves of unsafety; the two lines are those without it.",
        subtitle="Share of time in which labs are unsafe, by what unsafety gains and risks.",
        x=Axis(title="speed of an unsafe lab (safe = 1)"),
        y=Axis(title="risk of a disaster", percent=True),
        colour=Axis(title="unsafe", low=0, high=1, percent=True),
        xs=tuple(speeds),
        ys=_RISKS,
        values=values,
        lines=tuple(line for line in lines if line.points),
    )


def _line(
    name: str, speeds: list[Fraction], races: list[Race], threshold: Callable[[Race], Threshold]
) -> Series:
    points = []
    for speed, race in zip(speeds, races, strict=True):
        found = threshold(race)
        if not isinstance(found, Infeasible):
            points.append((float(speed), float(found)))
    return Series(name=name, points=tuple(points))


_PARAMETERS: Final = (
    Parameter(
        name="arrangement",
        symbol="-",
        unit="word",
        default="none",
        meaning="Nothing, peers that sanction, or commitments that peers sanction.",
        choices=tuple(STRATEGIES),
    ),
    Parameter(
        name="risk",
        symbol="-",
        unit="word",
        default=Risk.PERSONAL.value,
        meaning="Whether a disaster takes what its maker has, or what both have.",
        choices=tuple(each.value for each in Risk),
    ),
    Parameter(
        name="disaster",
        symbol="p_r",
        unit="1",
        default=Fraction(3, 5),
        meaning="The chance that an unsafe lab ends in a disaster.",
        low=0,
        high=1,
    ),
    Parameter(
        name="speed",
        symbol="s",
        unit="1",
        default=Fraction(3, 2),
        meaning="How much faster an unsafe lab is than a safe one.",
        above=1,
    ),
    Parameter(
        name="benefit",
        symbol="b",
        unit="payoff a round",
        default=Fraction(4),
        meaning="What a round's products are worth, to both together.",
        above=0,
    ),
    Parameter(
        name="cost",
        symbol="c",
        unit="payoff a round",
        default=Fraction(1),
        meaning="What safety costs a round.",
        low=0,
    ),
    Parameter(
        name="prize",
        symbol="B",
        unit="payoff",
        default=Fraction(10_000),
        meaning="What being first is worth.",
        low=0,
    ),
    Parameter(
        name="rounds",
        symbol="W",
        unit="rounds",
        default=Fraction(100),
        meaning="How long a safe lab needs.",
        above=1,
    ),
    Parameter(
        name="found_out",
        symbol="p_fo",
        unit="1",
        default=Fraction(0),
        meaning="The chance a round that an unsafe lab is found out.",
        low=0,
        high=1,
    ),
    Parameter(
        name="own_loss",
        symbol="s_alpha",
        unit="1",
        default=Fraction(3, 10),
        meaning="Speed that a sanction costs who imposes it.",
        low=0,
    ),
    Parameter(
        name="other_loss",
        symbol="s_beta",
        unit="1",
        default=Fraction(1),
        meaning="Speed that it takes from an unsafe lab.",
        low=0,
    ),
    Parameter(
        name="upkeep",
        symbol="ε",
        unit="payoff a round",
        default=Fraction(1, 10),
        meaning="What a commitment costs each that has joined.",
        low=0,
    ),
    Parameter(
        name="population",
        symbol="Z",
        unit="labs",
        default=Fraction(100),
        meaning="How many imitate each other.",
        low=2,
        high=1_000,
        whole=True,
    ),
    Parameter(
        name="strength",
        symbol="β",
        unit="1 / payoff",
        default=Fraction(1, 100),
        meaning="How much a difference of payoffs matters to who imitates.",
        low=0,
    ),
)
DSAIR_MODEL: Final = Model(
    name="dsair",
    title="Safe and unsafe labs that imitate each other",
    question="Does safety spread by itself, and would rules for all help or harm?",
    validity="Two labs a race out of a large population that imitates what earns more; rare "
    "mutants.",
    papers=(DSAIR, SANCTIONS, COMMITMENTS, TRAULSEN, FUDENBERG_IMHOF),
    parameters=_PARAMETERS,
    solve=_solve,
    checks=CHECKS,
)
