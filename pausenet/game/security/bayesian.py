"""The model of inspections over sites where the inspector does not know the type of lab."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Bar, Bars, Cell, Column, Table, counted
from pausenet.game.checks import Check
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.security.origami import allocated, watched_site
from pausenet.game.security.papers import CONITZER, KIEKINTVELD
from pausenet.game.security.programmes import Announced, LabType, announced
from pausenet.game.security.sites import BUDGET, DETECTION, HARM, each_of, payoffs


def types_of(
    values: tuple[Fraction, ...],
    priors: tuple[Fraction, ...],
    penalty: tuple[Fraction, ...],
    detection: tuple[Fraction, ...],
    harm: tuple[Fraction, ...],
) -> tuple[LabType, ...]:
    """Types of labs from values row by row, one row a type; the rest one for all or one each.

    `penalty` goes with types, `detection` and `harm` go with sites.
    """
    kinds = len(priors)
    if len(values) % kinds:
        raise Misuse(f"values: expected the same number of sites for each of {kinds} types")
    count = len(values) // kinds
    detections, harms = each_of("detection", detection, count), each_of("harm", harm, count)
    return tuple(
        LabType(
            prior=prior,
            sites=tuple(
                watched_site(value, fine, found, per_gain * value)
                for value, found, per_gain in zip(
                    values[kind * count : (kind + 1) * count], detections, harms, strict=True
                )
            ),
        )
        for kind, (prior, fine) in enumerate(
            zip(priors, each_of("penalty", penalty, kinds), strict=True)
        )
    )


def known(types: tuple[LabType, ...], budget: Fraction) -> Fraction:
    """What the inspector would expect if it were told the type before it announces."""
    return sum(
        (each.prior * allocated(each.sites, budget).inspector for each in types), Fraction(0)
    )


def _solve(chosen: Chosen) -> Answer:
    types = types_of(
        *(chosen.numbers(name) for name in ("values", "priors", "penalty", "detection", "harm"))
    )
    budget = chosen.exact("budget")
    found, told = announced(types, budget), known(types, budget)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            str(kind + 1),
            each.prior,
            f"violates at site {answer[0] + 1}" if answer else "keeps the rule",
            float(gain),
        )
        for kind, (each, answer, gain) in enumerate(
            zip(types, found.violated, found.labs, strict=True)
        )
    )
    keeps = sum(
        (each.prior for each, answer in zip(types, found.violated, strict=True) if not answer),
        Fraction(0),
    )
    return Answer(
        sentence=f"With {_read(types)}, {float(budget):.4g} inspections make a lab keep the "
        f"rule with probability {float(keeps):.3f}; the inspector expects "
        f"{float(found.inspector):.4g}, and "
        f"{float(told):.4g} if it knew the type of lab beforehand.",
        not_shown="False alarms, labs that pretend to be of another type, and what the inspector "
        "learns from one time to the next.",
        tables=(
            Table(
                title="What each type of lab does",
                columns=(
                    Column(name="type"),
                    Column(name="prior", unit="1"),
                    Column(name="best answer"),
                    Column(name="expects", unit="payoff"),
                ),
                rows=rows,
            ),
            Table(
                title="How likely each site is inspected",
                columns=(Column(name="site"), Column(name="coverage", unit="1")),
                rows=tuple(
                    (str(place + 1), float(share)) for place, share in enumerate(found.coverage)
                ),
            ),
        ),
        picture=_picture(found),
    )


def _read(types: tuple[LabType, ...]) -> str:
    """How the values were read."""
    kinds, sites = counted(len(types), "type"), counted(len(types[0].sites), "site")
    return f"{kinds} of lab and {sites}"


def _picture(found: Announced) -> Bars:
    return Bars(
        title="One announcement has to serve against every type of lab.",
        subtitle="How likely each site is inspected, and which types would violate there.",
        x=Axis(title="coverage", low=0, percent=True),
        bars=tuple(
            Bar(name=f"site {place + 1}", value=share, words=_words(found, place, share))
            for place, share in enumerate(found.coverage)
        ),
    )


def _words(found: Announced, place: int, share: Fraction) -> str:
    here = [str(kind + 1) for kind, answer in enumerate(found.violated) if answer == (place,)]
    return f"{float(share):.1%}" + (f"; violated by type {', '.join(here)}" if here else "")


def _single(stated: str, what: str, place: int) -> Check:
    def ours() -> float:
        values = tuple(map(Fraction, (10, 8, 6, 4, 2)))
        one = (Fraction(1),)
        found = announced(types_of(values, one, (Fraction(5),), one, one), Fraction(1))
        return float(found.inspector if place < 0 else found.labs[place])

    return Check(
        paper=CONITZER,
        where="one type, values 10, 8, 6, 4, 2, penalty 5, m = 1",
        what=what,
        stated=stated,
        ours=ours,
    )


BAYESIAN: Final = Model(
    name="sites-bayesian",
    title="Inspections over sites, the lab's type unknown",
    question="Which sites should be inspected if labs may want different things?",
    validity="A few types with known chances; each knows the coverage and violates once or keeps "
    "the rule; where it is indifferent it does what is best for the inspector.",
    papers=(CONITZER, KIEKINTVELD),
    parameters=(
        payoffs(
            "values",
            "v",
            "10,8,6,4,2,1,1,2,3,4",
            "What an unfound violation gains: a row of sites for each type, row by row.",
        ),
        Parameter(
            name="priors",
            symbol="p",
            unit="1",
            default=(Fraction(3, 5), Fraction(2, 5)),
            meaning="How likely each type is; they sum to 1.",
            low=0,
            high=1,
        ),
        payoffs("penalty", "F", "5", "What a found violation costs: one number, or one a type."),
        DETECTION,
        HARM,
        replace(BUDGET, default=Fraction(5, 2)),
    ),
    solve=_solve,
    checks=(_single("3.680306", "lab", 0), _single("-3.857914", "inspector", -1)),
)
