"""One decision: does a lab that is inspected now and then gain by cheating once?

A lab that cheats gains g. It is looked at with chance c; a look finds it with chance d, takes back
all of the gain but a share k, and a penalty F is imposed with chance q. A lab that keeps its word
and is looked at is accused wrongly with chance alpha, which costs it f.

1. Cheating is worth (1 - c d) g + c d (k g - q F), keeping the pause -c alpha f.
2. So cheating does not pay where c (d ((1 - k) g + q F) - alpha f) >= g.
3. Each quantity solved for in turn gives the inverses below. All are exact for exact inputs.

Becker 1968 for steps 1 and 2 without false alarms; those are of Avenhaus and Canty's kind.
"""

from __future__ import annotations

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
    Series,
    Table,
    spelled,
)
from pausenet.game.checks import Check, Paper
from pausenet.game.model import Chosen, Model, Parameter

BECKER: Final = Paper(
    key="becker-1968",
    cite="G. S. Becker, Crime and Punishment: An Economic Approach, Journal of Political Economy "
    "76 (1968) 169-217",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What one cheat would gain a lab, and what finding it would cost.

    Chances lie in [0, 1]; gain, penalty and nuisance are amounts of the same unit, 0 or more.
    """

    gain: Fraction
    penalty: Fraction
    detection: Fraction
    coverage: Fraction = Fraction(1)
    imposed: Fraction = Fraction(1)
    kept: Fraction = Fraction(0)
    false_alarm: Fraction = Fraction(0)
    nuisance: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        chances = (self.detection, self.coverage, self.imposed, self.kept, self.false_alarm)
        if not all(0 <= chance <= 1 for chance in chances):
            raise Misuse("Stake: expected chances between 0 and 1")
        if min(self.gain, self.penalty, self.nuisance) < 0:
            raise Misuse("Stake: expected amounts of 0 or more")

    @property
    def loss(self) -> Fraction:
        """What being found costs, on average: the gain taken back and the penalty."""
        return (1 - self.kept) * self.gain + self.imposed * self.penalty

    @property
    def worry(self) -> Fraction:
        """What wrong accusations cost a lab that keeps its word, a look."""
        return self.false_alarm * self.nuisance

    @property
    def margin(self) -> Fraction:
        """How much better keeping the pause is than cheating (step 2)."""
        return self.coverage * (self.detection * self.loss - self.worry) - self.gain


def least_coverage(stake: Stake) -> Fraction | Infeasible:
    """The smallest chance of a look that deters.

    >>> least_coverage(Stake(gain=Fraction(1), penalty=Fraction(4), detection=Fraction(4, 5)))
    Fraction(1, 4)
    """
    if stake.gain == 0:
        return Fraction(0)
    a_look = stake.detection * stake.loss - stake.worry
    if a_look < stake.gain:
        return Infeasible("even a look each time would not deter")
    return stake.gain / a_look


def least_static_detection(stake: Stake) -> Fraction | Infeasible:
    """The smallest chance that a look finds the cheat, for which cheating does not pay."""
    if stake.gain == 0 and stake.worry == 0:
        return Fraction(0)
    if stake.coverage == 0:
        return Fraction(0) if stake.gain == 0 else Infeasible("nobody looks")
    needed = stake.gain / stake.coverage + stake.worry
    if needed > stake.loss:
        return Infeasible("even sure detection would not cost enough")
    return needed / stake.loss


def least_penalty(stake: Stake) -> Fraction | Infeasible:
    """The smallest penalty that deters."""
    if stake.coverage == 0 and stake.gain > 0:
        return Infeasible("nobody looks")
    if stake.gain == 0 and (stake.worry == 0 or stake.coverage == 0):
        return Fraction(0)
    if stake.detection == 0:
        return Infeasible("what is never found is never punished")
    needed = (stake.gain / stake.coverage + stake.worry) / stake.detection
    missing = needed - (1 - stake.kept) * stake.gain
    if missing <= 0:
        return Fraction(0)
    if stake.imposed == 0:
        return Infeasible("the penalty is never imposed")
    return missing / stake.imposed


def greatest_gain(stake: Stake) -> Fraction | Infeasible:
    """The largest gain that is deterred; `Infeasible` where none is, or where every one is."""
    fixed = stake.coverage * (stake.detection * stake.imposed * stake.penalty - stake.worry)
    if fixed < 0:
        return Infeasible("a lab is safer from accusations when it cheats: no gain is deterred")
    left = 1 - stake.coverage * stake.detection * (1 - stake.kept)
    if left == 0:
        return Infeasible("every cheat is found and its gain taken: no gain is too large")
    return fixed / left


def greatest_false_alarm(stake: Stake) -> Fraction | Infeasible:
    """The largest chance of a wrong accusation, a look, at which keeping one's word pays."""
    quiet = replace(stake, false_alarm=Fraction(0))
    if quiet.margin < 0:
        return Infeasible("cheating pays even without wrong accusations")
    if stake.coverage * stake.nuisance == 0:
        return Fraction(1)
    return min(Fraction(1), quiet.margin / (stake.coverage * stake.nuisance))


def least_imposed(stake: Stake) -> Fraction | Infeasible:
    """The smallest chance that the penalty is imposed, once a cheat is found."""
    needed = least_penalty(replace(stake, imposed=Fraction(1)))
    if isinstance(needed, Infeasible):
        return needed
    if needed > stake.penalty:
        return Infeasible("the penalty is too small even when it is always imposed")
    return needed / stake.penalty if needed else Fraction(0)


_FIELDS: Final = (
    *("gain", "penalty", "detection", "coverage", "imposed", "kept", "false_alarm", "nuisance"),
)


def _solve(chosen: Chosen) -> Answer:
    stake = Stake(**{name: chosen.exact(name) for name in _FIELDS})
    rows: tuple[tuple[Cell, ...], ...] = (
        ("advantage of keeping the pause", stake.margin),
        ("least penalty that deters", least_penalty(stake)),
        ("greatest gain that is deterred", greatest_gain(stake)),
        ("least chance that a look finds it", least_static_detection(stake)),
        ("least chance of a look", least_coverage(stake)),
        ("least chance that the penalty is imposed", least_imposed(stake)),
        ("greatest chance of a wrong accusation a look", greatest_false_alarm(stake)),
    )
    said = "does not pay" if stake.margin >= 0 else "pays"
    needed = least_penalty(stake)
    bound = (
        f"no penalty deters, because {needed.why}"
        if isinstance(needed, Infeasible)
        else f"a penalty of {spelled(float(needed))} or more deters"
    )
    return Answer(
        sentence=f"Found with chance {float(stake.coverage * stake.detection):.3g}, and punished "
        f"then with chance {float(stake.imposed):.3g}, a cheat that gains "
        f"{spelled(float(stake.gain))} {said}; {bound}.",
        not_shown="What comes after: a lab that may cheat again, and others that answer.",
        tables=(
            Table(
                title="One decision",
                columns=(Column(name="quantity"), Column(name="value", unit="1")),
                rows=rows,
            ),
        ),
        picture=_picture(stake),
        hand_check=f"c (d ((1 - k) g + q F) - alpha f) - g = {spelled(float(stake.margin))}.",
    )


def _picture(stake: Stake) -> Lines:
    """The least penalty by the chance of being found, for three chances that it is imposed."""
    series = []
    for imposed in sorted({stake.imposed, Fraction(1), Fraction(1, 5)}):
        points = []
        for percent in range(5, 101):
            each = replace(
                stake, coverage=Fraction(1), imposed=imposed, detection=Fraction(percent, 100)
            )
            least = least_penalty(each)
            if not isinstance(least, Infeasible) and stake.gain:
                points.append((Fraction(percent, 100), least / stake.gain))
        if points:
            series.append(Series(name=f"imposed {float(imposed):.0%}", points=tuple(points)))
    high = max((float(y) for each in series for _, y in each.points), default=1.0)
    found = stake.coverage * stake.detection
    marks = (Mark(x=found, y=stake.penalty / stake.gain, words="as chosen"),) if stake.gain else ()
    return Lines(
        title="Penalties that are seldom imposed must be many times the gain.",
        subtitle="The least penalty, in gains from cheating, by the chance that a cheat is found.",
        x=Axis(title="chance that a cheat is found", low=0, high=1, percent=True),
        y=Axis(title="least penalty (gains from cheating)", low=0, high=min(high, 40.0)),
        series=tuple(
            replace(each, points=tuple(p for p in each.points if float(p[1]) <= 40))
            for each in series
        ),
        marks=marks,
    )


def _check(what: str, stated: str, ours: Callable[[], Fraction | Infeasible]) -> Check:
    return Check(paper=BECKER, where="with a recovered gain", what=what, stated=stated, ours=ours)


def _case(detection: str) -> Stake:
    return Stake(gain=Fraction(1), penalty=Fraction(4), detection=Fraction(detection))


def _chance(name: str, symbol: str, default: str, meaning: str) -> Parameter:
    return Parameter(
        name=name,
        symbol=symbol,
        unit="1",
        default=Fraction(default),
        meaning=meaning,
        low=0,
        high=1,
    )


def _amount(name: str, symbol: str, default: str, meaning: str) -> Parameter:
    return Parameter(
        name=name, symbol=symbol, unit="payoff", default=Fraction(default), meaning=meaning, low=0
    )


PENALTY: Final = Model(
    name="penalty",
    title="One cheat and its penalty",
    question="How large must a penalty be, and how often imposed, that one cheat does not pay?",
    validity="One decision of a lab that weighs expected amounts; looks come at random.",
    papers=(BECKER,),
    parameters=(
        _amount("gain", "g", "1", "What the cheat gains if it is not found."),
        _amount("penalty", "F", "5", "What a lab loses when the penalty is imposed."),
        _chance("detection", "d", "4/5", "The chance that a look finds the cheat."),
        _chance("coverage", "c", "1/2", "The chance that somebody looks."),
        _chance("imposed", "q", "1/2", "The chance that the penalty is imposed after a finding."),
        _chance("kept", "k", "0", "The share of the gain that stays with a lab that is found."),
        _chance("false_alarm", "\u03b1", "1/20", "The chance that a look accuses wrongly."),
        _amount("nuisance", "f", "1/2", "What a wrong accusation costs a lab."),
    ),
    solve=_solve,
    checks=(
        _check(
            "looks that deter: gain 1, penalty 4, d = 1", "1/5", lambda: least_coverage(_case("1"))
        ),
        _check(
            "looks that deter: gain 1, penalty 4, d = 4/5",
            "1/4",
            lambda: least_coverage(_case("4/5")),
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (PENALTY,)
