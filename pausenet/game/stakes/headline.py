"""The inverse headline: how many times the gain from cheating being caught must cost.

A lab that cheats is found with chance d before it is answered too late; found, it keeps the share k
of its gain G. A lab that keeps the rules is found falsely with chance a. Being found costs F.

1. Cheating pays G (1 - d (1 - k)) - d F, keeping the rules -a F.
2. So the pause holds for a lab where F (d - a) >= G (1 - d (1 - k)), that is where F is at least
   X = (1 - d (1 - k)) / (d - a) times G; where d <= a no penalty deters.
3. F is the sum of the named penalties, each times the chance that it is imposed given a finding;
   and the others resume, which costs what the pause was worth, if it was worth anything.
4. Over the terms' and penalties' ranges and the detection's interval: the share of payoff space in
   which step 2 holds, of that in which the pause is worth anything to the lab.

The threshold with k = 0 is that of inspection games (R. Avenhaus, B. von Stengel and S. Zamir,
Inspection Games, Handbook of Game Theory III, 2002, ch. 51); what a finding costs and how often it
is imposed are assumptions, each printed with its range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Lines,
    Mark,
    Series,
    Table,
)
from pausenet.game.checks import Check
from pausenet.game.inspection.papers import HANDBOOK
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.stakes.terms import (
    PENALTIES,
    RANGES,
    TERMS,
    Array,
    Size,
    Stakes,
    Term,
    spread,
)
from pausenet.inference.arrays import lattice

POINTS: Final = 4096
_OTHERS: Final = "others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How well a pause is watched: chances over the pause, each an interval from low to high.

    `detection` is the chance that a cheat is found in time, `false` that a lab is found which keeps
    the rules, `kept` the share of the gain that remains to one that was found.
    """

    detection: tuple[float, float]
    false: tuple[float, float]
    kept: tuple[float, float]

    def __post_init__(self) -> None:
        for name in ("detection", "false", "kept"):
            low, high = getattr(self, name)
            if not 0.0 <= low <= high <= 1.0:
                raise Misuse(f"{name}: expected an interval within 0 and 1, found {low} to {high}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """The classes of all terms and penalties, and the chance that a penalty is imposed."""

    terms: Mapping[str, Size]
    penalties: Mapping[str, Size]
    imposed: tuple[float, float]
    resume: bool = True

    def without(self, name: str) -> Beliefs:
        """The same with one term, one penalty or `others` set to nothing."""
        if name == _OTHERS:
            return replace(self, resume=False)
        if name in self.terms:
            return replace(self, terms={**self.terms, name: Size.NOTHING})
        return replace(self, penalties={**self.penalties, name: Size.NOTHING})


def multiple(detection: Array, false: Array, kept: Array) -> Array:
    """X of step 2, infinite where no penalty deters; arrays of one shape.

    >>> multiple(np.array([0.5, 0.1]), np.array([0.0, 0.2]), np.array([0.0, 0.0]))
    array([ 1., inf])
    """
    margin = detection - false
    found = np.full(margin.shape, np.inf)
    with np.errstate(over="ignore"):  # a margin next to nothing: no penalty is as large as that
        np.divide(1.0 - detection * (1.0 - kept), margin, out=found, where=margin > 0.0)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What comes out: the multiple at three quantiles, and shares of payoff space.

    `wanted` is the share of points at which the pause is worth something to the lab; of these,
    `tempted` is the share at which cheating gains anything, `holds` that at which the pause holds.
    """

    low: float
    median: float
    high: float
    wanted: float
    tempted: float
    holds: float


def headline(beliefs: Beliefs, watch: Watch, *, points: int = POINTS) -> Headline:
    """Steps 1 to 4 over evenly placed points of payoff space."""
    columns = iter(lattice(points, len(TERMS) + len(PENALTIES) + 4).T)
    stakes = Stakes(
        **{term.name: spread(beliefs.terms[term.name], next(columns)) for term in TERMS}
    )
    costs = [spread(beliefs.penalties[term.name], next(columns)) for term in PENALTIES]
    imposed, detection, false, kept = (
        low + (high - low) * next(columns)
        for low, high in (beliefs.imposed, watch.detection, watch.false, watch.kept)
    )
    worth = stakes.worth
    resumed = np.maximum(worth, 0.0) if beliefs.resume else np.zeros(points)
    penalty = imposed * (sum(costs) + resumed)
    gain = stakes.gain
    held = penalty * (detection - false) >= gain * (1.0 - detection * (1.0 - kept))
    wanted = worth > 0.0
    low, median, high = np.quantile(
        multiple(detection, false, kept), (0.05, 0.5, 0.95), method="inverted_cdf"
    )
    return Headline(
        low=float(low),
        median=float(median),
        high=float(high),
        wanted=float(np.mean(wanted)),
        tempted=float(np.mean(gain[wanted] > 0.0)) if wanted.any() else 0.0,
        holds=float(np.mean(held[wanted])) if wanted.any() else 0.0,
    )


def _solve(chosen: Chosen) -> Answer:
    watch = Watch(
        detection=_interval(chosen, "detection"),
        false=_interval(chosen, "false"),
        kept=_interval(chosen, "kept"),
    )
    beliefs = Beliefs(
        terms={term.name: Size(chosen.word(term.name)) for term in TERMS},
        penalties={term.name: Size(chosen.word(term.name)) for term in PENALTIES},
        imposed=_interval(chosen, "imposed"),
    )
    left_out = chosen.word("without")
    if left_out != "none":
        beliefs = beliefs.without(left_out)
    found = headline(beliefs, watch)
    return Answer(
        sentence=_sentence(found),
        not_shown="What a term is truly worth to a lab: every class is an assumption, and all "
        "values within it are held equally likely; labs that cheat together; states.",
        tables=(_terms(beliefs), _flips(beliefs, watch, found)),
        picture=_picture(beliefs, watch),
        hand_check=_hand_check(watch),
    )


def _interval(chosen: Chosen, name: str) -> tuple[float, float]:
    values = chosen.numbers(name)
    if len(values) not in (1, 2):
        raise Misuse(f"{name}: expected a number, or a low and a high one")
    return float(values[0]), float(values[-1])


def _sentence(found: Headline) -> str:
    if found.wanted == 0.0:
        return "With these classes the pause is worth nothing to a lab, so there is none to hold."
    where = "the payoff space"
    if found.wanted < 1.0:
        where = f"the {found.wanted:.0%} of the payoff space in which a lab wants the pause"
    share = f"with these classes it does in {found.holds:.0%} of {where}"
    if np.isinf(found.median):
        never = "No penalty deters" if np.isinf(found.low) else "Mostly no penalty deters"
        return (
            f"{never}, as honest labs are found about as often as cheats; with these classes the "
            f"pause holds in {found.holds:.0%} of {where}."
        )
    top = "no penalty" if np.isinf(found.high) else f"{found.high:.2g}"
    return (
        f"The pause holds if being caught costs a lab at least {found.median:.2g} times the gain "
        f"from cheating (90 % interval {found.low:.2g} to {top}); {share}."
    )


def _terms(beliefs: Beliefs) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for term, size in (
        *((term, beliefs.terms[term.name]) for term in TERMS),
        *((term, beliefs.penalties[term.name]) for term in PENALTIES),
    ):
        low, high = RANGES[size]
        rows.append((term.name, term.symbol, str(size), float(low), float(high), "assumption"))
    resume = "worth of the pause" if beliefs.resume else str(Size.NOTHING)
    rows.append(("others resume", "R - P", resume, "", "", "computed"))
    return Table(
        title="What is at stake, in months of lead",
        columns=(
            *(Column(name="term"), Column(name="symbol"), Column(name="class")),
            *(Column(name="from", unit="months"), Column(name="to", unit="months")),
            Column(name="basis"),
        ),
        rows=tuple(rows),
    )


def _flips(beliefs: Beliefs, watch: Watch, found: Headline) -> Table:
    """The conclusion with one term after the other set to nothing."""
    rows: list[tuple[Cell, ...]] = [("as chosen", found.wanted, found.tempted, found.holds, "")]
    for name in (*(term.name for term in TERMS), *(term.name for term in PENALTIES), _OTHERS):
        other = headline(beliefs.without(name), watch)
        flipped = (other.holds >= 0.5) is not (found.holds >= 0.5)
        rows.append(
            (
                *(f"without {name}", other.wanted, other.tempted, other.holds),
                "flips" if flipped else "",
            )
        )
    return Table(
        title="Shares of payoff space, and which conclusions flip (holds in more than half of it)",
        columns=(
            Column(name="payoffs"),
            Column(name="pause wanted", unit="1"),
            Column(name="of it: tempted", unit="1"),
            Column(name="of it: holds", unit="1"),
            Column(name="conclusion"),
        ),
        rows=tuple(rows),
    )


def _picture(beliefs: Beliefs, watch: Watch) -> Lines:
    """The share of payoff space in which the pause holds, by the chance of detection."""
    series = []
    for words, each in (
        ("all penalties", beliefs),
        ("others resume only", beliefs.without("licence").without("supply")),
    ):
        points = []
        for percent in range(0, 101, 5):
            certain = replace(watch, detection=(percent / 100, percent / 100))
            points.append((percent / 100, headline(each, certain, points=1024).holds))
        series.append(Series(name=words, points=tuple(points)))
    centre = sum(watch.detection) / 2
    return Lines(
        title="Detection decides only where being found costs something.",
        subtitle="Share of the payoff space in which the pause holds, of that in which a lab wants "
        "it, by the chance that a cheat is found in time.",
        x=Axis(title="chance that a cheat is found in time", low=0, high=1, percent=True),
        y=Axis(title="share of payoff space", low=0, high=1, percent=True),
        series=tuple(series),
        marks=(Mark(x=centre, y=headline(beliefs, watch, points=1024).holds, words="as chosen"),),
    )


def _hand_check(watch: Watch) -> str:
    d, a, k = (sum(each) / 2 for each in (watch.detection, watch.false, watch.kept))
    if d <= a:
        return f"d = {d:g} is not above a = {a:g}: no penalty deters."
    said = f"{(1 - d * (1 - k)) / (d - a):.3g}"
    return (
        f"X = (1 - d (1 - k)) / (d - a) = (1 - {d:g} x {1 - k:g}) / ({d:g} - {a:g}) = {said}; the "
        "median above is over the intervals instead of at their middles."
    )


def _word(term: Term) -> Parameter:
    return Parameter(
        name=term.name,
        symbol=term.symbol,
        unit="months of lead",
        default=str(term.default),
        meaning=term.meaning,
        choices=tuple(str(size) for size in Size),
    )


def _between(name: str, symbol: str, low: Fraction, high: Fraction, meaning: str) -> Parameter:
    return Parameter(
        name=name, symbol=symbol, unit="1", default=(low, high), meaning=meaning, low=0, high=1
    )


def _required(detection: float, false: float, kept: float) -> float:
    return float(multiple(np.array(detection), np.array(false), np.array(kept)))


STAKES: Final = Model(
    name="stakes",
    title="What is at stake",
    question="How much must being caught cost a lab, and does it cost that much?",
    validity="One lab's choice over one pause; terms add up; classes and their ranges, and the "
    "chance that a penalty is imposed, are assumptions.",
    papers=(HANDBOOK,),
    parameters=(
        *(_word(term) for term in (*TERMS, *PENALTIES)),
        _between(
            *("imposed", "q", Fraction(1, 5), Fraction(4, 5)),
            "The chance that a penalty is imposed given a finding: low and high.",
        ),
        _between(
            *("detection", "d", Fraction(2, 5), Fraction(3, 5)),
            "The chance that a cheat is found in time: low and high.",
        ),
        _between(
            *("false", "a", Fraction(0), Fraction(1, 20)),
            "The chance that a lab is found which keeps the rules: low and high.",
        ),
        _between(
            *("kept", "k", Fraction(0), Fraction(1, 2)),
            "The share of its gain that remains to a cheat that was found: low and high.",
        ),
        Parameter(
            name="without",
            symbol="-",
            unit="term",
            default="none",
            meaning="A term or a penalty to be set to nothing.",
            choices=("none", *(term.name for term in (*TERMS, *PENALTIES)), _OTHERS),
        ),
    ),
    solve=_solve,
    checks=(
        Check(
            paper=HANDBOOK,
            where="threshold d >= G / (G + F) at k = a = 0",
            what="X at d = 1/2",
            stated="1",
            ours=lambda: _required(0.5, 0.0, 0.0),
        ),
        Check(
            paper=HANDBOOK,
            where="threshold d >= G / (G + F) at k = a = 0",
            what="X at d = 1/5",
            stated="4",
            ours=lambda: _required(0.2, 0.0, 0.0),
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (STAKES,)
