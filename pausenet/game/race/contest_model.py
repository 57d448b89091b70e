"""The race of chance as one model: no, private and public information side by side."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Final

from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Lines,
    NotFound,
    Series,
    Table,
)
from pausenet.game.checks import Check
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.race.contest import EMERY_XU, Contest, closeness, disaster
from pausenet.game.race.contest_known import private, public
from pausenet.game.race.precipice import ARMSTRONG

Found = float | NotFound
_NOISES: Final = (0.1, 0.2, 0.3, 0.45, 0.65, 0.9)


def _public(race: Contest) -> Found:
    """The most dangerous equilibrium with public information."""
    found = public(race)
    return found if isinstance(found, NotFound) else found.worst


_KINDS: Final[tuple[tuple[str, Callable[[Contest], Found]], ...]] = (
    ("none", disaster),
    ("private", private),
    ("public", _public),
)
_KNOWING: Final = (
    "when labs know no capabilities",
    "when each knows its own",
    "when both know both",
)


def _solve(chosen: Chosen) -> Answer:
    race = Contest(
        capability=chosen.real("capability"),
        enmity=chosen.real("enmity"),
        noise=chosen.real("noise"),
        loser=chosen.real("loser"),
    )
    known = public(race)
    found: tuple[Found, ...] = (
        disaster(race),
        private(race),
        known if isinstance(known, NotFound) else known.worst,
    )
    safest: Cell = known if isinstance(known, NotFound) else known.safest
    blind = (1.0 - race.loser * race.enmity) / (2.0 * closeness(race) * race.enmity)
    said = ", ".join(
        f"{_said(value)} {knowing}" for knowing, value in zip(_KNOWING, found, strict=True)
    )
    return Answer(
        sentence=f"The race ends in a disaster {said}.",
        not_shown="The paper's own contest function, which is not public: this is a reconstruction "
        "and replicates nothing. Mixed equilibria, more than two labs, and asymmetric equilibria "
        "without public information.",
        tables=(
            Table(
                title="Chance of a disaster",
                columns=(
                    Column(name="information"),
                    Column(name="chance", unit="1"),
                    Column(name="in the safest equilibrium found", unit="1"),
                ),
                rows=(
                    ("none", found[0], found[0]),
                    ("private", found[1], found[1]),
                    ("public", found[2], safest),
                ),
            ),
        ),
        picture=_lines(race),
        hand_check="without information s = (1 - eta e) / (2 g e) = "
        f"{blind:.6g}, at most 1; g = {closeness(race):.6g}.",
    )


def _said(value: Found) -> str:
    if isinstance(value, NotFound):
        return "with a chance that is not found (no pure equilibrium)"
    return f"with chance {value:.1%}"


def _lines(race: Contest) -> Lines:
    """The chance of a disaster by noise, as a share of the greatest capability."""
    series = []
    for name, function in _KINDS:
        points = []
        for share in _NOISES:
            found = function(
                Contest(
                    capability=race.capability,
                    enmity=race.enmity,
                    noise=share * race.capability,
                    loser=race.loser,
                )
            )
            if not isinstance(found, NotFound):
                points.append((share, found))
        if points:
            series.append(Series(name=f"{name}", points=tuple(points)))
    return Lines(
        title="The more a race is decided by chance, the safer it is run.",
        subtitle="Chance of a disaster by noise and information; gaps: no pure equilibrium found.",
        x=Axis(title="noise, in greatest capabilities (small: decisive)", low=0, high=1),
        y=Axis(title="chance of a disaster", low=0, high=1, percent=True),
        series=tuple(series),
    )


def _case(noise: float, loser: float, enmity: float = 0.75) -> Contest:
    return Contest(capability=1.0, enmity=enmity, noise=noise, loser=loser)


def _checks() -> tuple[Check, ...]:
    stated = (
        ("e = 0.75, tau = 0.1, eta = 0", disaster, _case(0.1, 0.0), "0.275529", 0.0),
        ("e = 0.75, tau = 0.2, eta = 0", disaster, _case(0.2, 0.0), "0.206749", 0.0),
        ("e = 0.75, tau = 0.5, eta = 0.25", disaster, _case(0.5, 0.25), "0.111364", 0.0),
        ("e = 0.75, tau = 0.5, eta = 0.5", disaster, _case(0.5, 0.5), "0.316434", 0.0),
        ("e = 1, tau = 0.2, eta = 0", disaster, _case(0.2, 0.0, 1.0), "0.405062", 0.0),
        ("private, e = 0.75, tau = 1, eta = 0", private, _case(1.0, 0.0), "0.000", 0.0),
        ("public, e = 0.75, tau = 1, eta = 0", _public, _case(1.0, 0.0), "0.000", 0.0),
        ("private, e = 0.75, tau = 0.5, eta = 0", private, _case(0.5, 0.0), "0.107", 0.001),
        ("public, e = 0.75, tau = 0.5, eta = 0", _public, _case(0.5, 0.0), "0.125", 0.001),
    )
    return tuple(
        Check(
            paper=EMERY_XU,
            where="our reconstruction and not the paper, mu = 1",
            what=f"P, {what}",
            stated=numeral,
            ours=partial(function, race),
            within=within,
        )
        for what, function, race, numeral, within in stated
    )


CONTEST: Final = Model(
    name="contest",
    title="A race that chance decides",
    question="How do decisiveness, information and the loser's share in safety change the danger?",
    validity="Two labs; a reconstruction in the paper's spirit and not its own contest function.",
    papers=(EMERY_XU, ARMSTRONG),
    parameters=(
        Parameter(
            name="enmity",
            symbol="e",
            unit="1",
            default=Fraction(3, 4),
            meaning="What a lab loses when the other wins safely.",
            above=0,
            high=1,
        ),
        Parameter(
            name="noise",
            symbol="tau",
            unit="safety given up",
            default=Fraction(1, 2),
            meaning="The chance in who wins; its inverse is decisiveness.",
            above=0,
        ),
        Parameter(
            name="loser",
            symbol="eta",
            unit="1",
            default=Fraction(0),
            meaning="The share of the outcome's safety that is the loser's.",
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
