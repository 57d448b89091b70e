"""Armstrong, Bostrom and Shulman: a race to the precipice, exact.

n teams have capabilities c_i, independent and uniform on [0, mu]. Each chooses a safety s_i in
[0, 1]; the highest c_i - s_i wins, and its system is safe with chance s of the winner. A team has 1
if it wins safely, 1 - e if another does (e is the enmity), 0 after a disaster.

1. No information (not even one's own capability): all choose s = min(1, mu / (n e)), where the gain
   in safety, 1/n, equals the loss of the lead, e s / mu. P = 1 - s.
2. Private information (one's own): s(c) = min(1, c / T) with T = e (n - 1) + 1, the solution of
   s' + e (n - 1) s / c = 1. The winner is the most capable; its capability has the density
   n c^(n-1) / mu^n, so that P = 1 - mu n / ((n + 1) T) if mu <= T, and (T / mu)^n / (n + 1) if not.
3. Public information (everybody's): only the two best matter. The leader is as safe as it can be
   without being overtaken, s = min(1, Delta / e), Delta its lead. With a = min(1, e / mu),
   P = 1 - (1 - a)^n - (mu / e) ((1 - (1 - a)^(n+1)) / (n + 1) - a (1 - a)^n).
4. e = 0 is a limit: nothing is lost when another wins, so that s = 1 without or with public
   information; with private information s(c) = min(1, c), the limit of step 2.

P is the chance of a disaster. Exact fractions for exact parameters. Mind that no information is
not always safest, nor public information always worst.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Column, Lines, Mark, Series, Table, spelled
from pausenet.game.checks import Check, Paper
from pausenet.game.model import Chosen, Model, Parameter

ARMSTRONG: Final = Paper(
    key="armstrong-2016",
    cite="S. Armstrong, N. Bostrom and C. Shulman, Racing to the precipice: a model of artificial "
    "intelligence development, AI & Society 31 (2016) 201-206",
    address="https://doi.org/10.1007/s00146-015-0590-y",
)


class Information(StrEnum):
    """What a team knows of capabilities."""

    NONE = "none"
    PRIVATE = "private"
    PUBLIC = "public"


_KNOWING: Final = {
    Information.NONE: "to know nothing",
    Information.PRIVATE: "to know one's own alone",
    Information.PUBLIC: "to know all",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Precipice:
    """n teams, capability up to mu, enmity e. Raises `Misuse` where it is none."""

    teams: int
    capability: Fraction
    enmity: Fraction

    def __post_init__(self) -> None:
        if self.teams < 2 or not self.capability > 0 or not 0 <= self.enmity <= 1:
            raise Misuse(
                "Precipice: expected two teams or more, capability above 0, enmity 0 to 1, found "
                f"{self.teams}, {self.capability}, {self.enmity}"
            )

    @property
    def slope(self) -> Fraction:
        """T = e (n - 1) + 1: the capability from which a team is wholly safe (step 2)."""
        return self.enmity * (self.teams - 1) + 1


def blind_safety(race: Precipice) -> Fraction:
    """s of every team without information (step 1)."""
    if race.enmity == 0:
        return Fraction(1)
    return min(Fraction(1), race.capability / (race.teams * race.enmity))


def private_safety(race: Precipice, capability: Fraction) -> Fraction:
    """s(c) (step 2)."""
    return min(Fraction(1), capability / race.slope)


def public_safety(race: Precipice, lead: Fraction) -> Fraction:
    """s of the leader by its lead (step 3); the others' does not matter, as they lose."""
    return Fraction(1) if race.enmity == 0 else min(Fraction(1), lead / race.enmity)


def disaster(race: Precipice, information: Information) -> Fraction:
    """P, exactly (steps 1 to 4).

    >>> race = Precipice(teams=2, capability=Fraction(1), enmity=Fraction(1))
    >>> [str(disaster(race, information)) for information in Information]
    ['1/2', '2/3', '2/3']
    """
    n, mu, e = race.teams, race.capability, race.enmity
    match information:
        case Information.NONE:
            return 1 - blind_safety(race)
        case Information.PRIVATE:
            if mu <= race.slope:
                return 1 - mu * n / ((n + 1) * race.slope)
            return (race.slope / mu) ** n / (n + 1)
        case Information.PUBLIC:
            if e == 0:
                return Fraction(0)
            a = min(Fraction(1), e / mu)
            rest = 1 - a
            return 1 - rest**n - mu / e * ((1 - rest ** (n + 1)) / (n + 1) - a * rest**n)


def simulated(
    race: Precipice, information: Information, chance: np.random.Generator, runs: int
) -> tuple[float, float]:
    """The chance of a disaster in so many simulated races, and its standard error."""
    mu, e, slope = float(race.capability), float(race.enmity), float(race.slope)
    c = np.sort(chance.uniform(0.0, mu, size=(runs, race.teams)), axis=1)
    match information:
        case Information.NONE:
            s = np.full(runs, float(blind_safety(race)))
        case Information.PRIVATE:
            s = np.minimum(1.0, c[:, -1] / slope)
        case Information.PUBLIC:
            lead = c[:, -1] - c[:, -2]
            s = np.minimum(1.0, lead / e) if e > 0.0 else np.ones(runs)
    struck = chance.uniform(size=runs) >= s
    share = float(np.mean(struck))
    return share, float(np.sqrt(share * (1.0 - share) / runs))


def _race(chosen: Chosen) -> Precipice:
    return Precipice(
        teams=chosen.whole("teams"),
        capability=chosen.exact("capability"),
        enmity=chosen.exact("enmity"),
    )


def _solve(chosen: Chosen) -> Answer:
    race = _race(chosen)
    found = {information: disaster(race, information) for information in Information}
    worst = max(found.values())
    where = " or ".join(_KNOWING[each] for each, value in found.items() if value == worst)
    blind, own, every = (f"{float(value):.1%}" for value in found.values())
    more = Precipice(teams=race.teams + 1, capability=race.capability, enmity=race.enmity)
    return Answer(
        sentence=f"{race.teams} teams race to a disaster with chance {blind} knowing nothing of "
        f"capabilities, {own} knowing their own and {every} knowing everybody's; most "
        f"dangerous is {where}.",
        not_shown="Effort and cost, teams that differ in more than capability, and losers whose "
        "safety matters too.",
        tables=(
            Table(
                title="Chance of a disaster",
                columns=(
                    Column(name="information"),
                    Column(name="chance", unit="1"),
                    Column(name="with one team more", unit="1"),
                ),
                rows=tuple(
                    (each.value, value, disaster(more, each)) for each, value in found.items()
                ),
            ),
        ),
        picture=_lines(race),
        hand_check=f"no information: 1 - min(1, mu/(n e)) = {spelled(found[Information.NONE])}.",
    )


def _lines(race: Precipice) -> Lines:
    """The chance of a disaster by enmity, for few and many teams."""
    series = []
    counts = sorted({race.teams, 2 if race.teams > 2 else 5})
    for teams in counts:
        for information in Information:
            points = []
            for step in range(51):
                each = Precipice(teams=teams, capability=race.capability, enmity=Fraction(step, 50))
                points.append((Fraction(step, 50), disaster(each, information)))
            series.append(
                Series(
                    name=f"{teams} teams, {information.value}",
                    points=tuple(points),
                    dashed=teams != race.teams,
                )
            )
    chosen = disaster(race, Information.PRIVATE)
    return Lines(
        title="Enmity makes the race dangerous; what teams know decides how fast.",
        subtitle="Chance of a disaster by enmity, number of teams and information.",
        x=Axis(title="enmity", low=0, high=1),
        y=Axis(title="chance of a disaster", low=0, high=1, percent=True),
        series=tuple(series),
        marks=(Mark(x=race.enmity, y=chosen, words="as chosen, private"),),
    )


_STATED: Final = (
    (2, "1", "1", ("0.500000", "0.666667", "0.666667")),
    (2, "1/2", "1", ("0", "0.555556", "0.416667")),
    (5, "1", "1", ("0.800000", "0.833333", "0.833333")),
    (5, "1/2", "1", ("0.600000", "0.722222", "0.671875")),
    (2, "1/2", "3", ("0", "0.083333", "0.157407")),
    (5, "1/2", "3", ("0", "0.166667", "0.334898")),
    (5, "1", "10", ("0", "0.005208", "0.219068")),
    (10, "1", "4", ("0.600000", "0.636364", "0.651722")),
)
"""n, e, mu, and P without, with private and with public information."""


def _checks() -> tuple[Check, ...]:
    crossing = tuple(
        Check(
            paper=ARMSTRONG,
            where="more teams can be safer: private information, e = 1/11, mu = 1/2",
            what=f"P of {teams} teams",
            stated="25/36",
            ours=partial(
                disaster,
                Precipice(teams=teams, capability=Fraction(1, 2), enmity=Fraction(1, 11)),
                Information.PRIVATE,
            ),
        )
        for teams in (2, 5)
    )
    table = tuple(
        Check(
            paper=ARMSTRONG,
            where=f"n = {n}, e = {e}, mu = {mu}",
            what=f"P, information {each.value}",
            stated=numeral,
            ours=partial(
                disaster, Precipice(teams=n, capability=Fraction(mu), enmity=Fraction(e)), each
            ),
        )
        for n, e, mu, numerals in _STATED
        for each, numeral in zip(Information, numerals, strict=True)
    )
    return (*table, *crossing)


PRECIPICE: Final = Model(
    name="precipice",
    title="Racing to the precipice",
    question="How dangerous is a race, by the number of teams, their enmity and what they know?",
    validity="Teams alike but for luck in capability; only the winner's safety matters; one shot.",
    papers=(ARMSTRONG,),
    parameters=(
        Parameter(
            name="teams",
            symbol="n",
            unit="teams",
            default=Fraction(5),
            meaning="How many race.",
            low=2,
            high=1_000,
            whole=True,
        ),
        Parameter(
            name="enmity",
            symbol="e",
            unit="1",
            default=Fraction(1, 2),
            meaning="What a team loses when another wins safely.",
            low=0,
            high=1,
        ),
        Parameter(
            name="capability",
            symbol="mu",
            unit="safety given up",
            default=Fraction(1),
            meaning="The greatest capability, by the safety that it outweighs.",
            above=0,
        ),
    ),
    solve=_solve,
    checks=_checks(),
)
