"""Labs under states: a lone cheat, and a cheat that its state shelters.

A bloc is the labs under one state. Lab i gains v_i by cheating. The verification of others finds a
cheat with chance d over the pause, the bloc's own with chance e. Being found costs a lab F and,
where its own state finds it, the fine W beside.

1. A lone lab cheats against its own state: it is found with chance D = 1 - (1 - d)(1 - e), found
   at home with chance e. It does so where (1 - D) v_i > D F + e W.
2. A state may shelter cheats: it finds nothing itself, and hides from the others the share s of
   what they would see, so that each cheat is found with chance b = d (1 - s). If one is found, all
   gains are lost and the bloc pays F once: a bloc is held to answer as one.
3. With m labs that cheat the bloc is found with chance 1 - (1 - b)^m, and it gains the sum of their
   v_i times the synergy y of a joint run. It picks the m labs that gain most.
4. It does so where (1 - b)^m y (v_1 + ... + v_m) > (1 - (1 - b)^m) F for some m.

So a bloc that others watch as well as they watch its labs tempts where its labs do not: it adds
gains up and takes its own watch away. The least F that keeps each in is the inverse of steps 1 and
4. Derived here; on states as players of verification regimes see Wasil and others 2024.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from pausenet.game.checks import Basis, Check, Paper
from pausenet.game.model import Chosen, Model, Parameter

WASIL: Final = Paper(
    key="wasil-2024",
    cite="A. Wasil, T. Reed, J. Miller and P. Barnett, Verification Methods for International AI "
    "Agreements (2024)",
    address="arXiv 2408.16074",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc:
    """A bloc's labs and how they are watched; gains and fines in one unit, chances exact.

    `gains` holds what each lab gains by cheating, in any order.
    """

    gains: tuple[Fraction, ...]
    outside: Fraction
    inside: Fraction
    fine: Fraction
    shelter: Fraction
    synergy: Fraction

    def __post_init__(self) -> None:
        if not self.gains or min(self.gains) < 0:
            raise Misuse("gains: expected one lab or more, and no gain below 0")
        for name in ("outside", "inside", "shelter"):
            if not 0 <= getattr(self, name) <= 1:
                raise Misuse(f"{name}: expected 0 to 1")

    @property
    def found_alone(self) -> Fraction:
        """D of step 1."""
        return 1 - (1 - self.outside) * (1 - self.inside)

    @property
    def found_sheltered(self) -> Fraction:
        """b of step 2, for one cheat."""
        return self.outside * (1 - self.shelter)

    def lone_margin(self, penalty: Fraction) -> Fraction:
        """What the most tempted lab gains by cheating alone; below 0 where it keeps the pause."""
        found = self.found_alone
        return (1 - found) * max(self.gains) - found * penalty - self.inside * self.fine

    def joint(self, penalty: Fraction) -> tuple[int, Fraction]:
        """How many labs a sheltering state lets cheat at best, and what that gains (step 4)."""
        margins = [
            (missed * value - (1 - missed) * penalty, -count)
            for count, missed, value in self._choices()
        ]
        margin, count = max(margins)
        return -count, margin

    def lone_penalty(self) -> Number | Infeasible:
        """The least F that keeps every lab from cheating alone."""
        found = self.found_alone
        tempting = (1 - found) * max(self.gains) - self.inside * self.fine
        if tempting <= 0:
            return Fraction(0)
        if found == 0:
            return Infeasible("nobody looks")
        return tempting / found

    def joint_penalty(self) -> Number | Infeasible:
        """The least F that keeps the state from sheltering any number of cheats."""
        least = Fraction(0)
        for _, missed, value in self._choices():
            if value == 0:
                continue
            if missed == 1:
                return Infeasible("a sheltered cheat is never found")
            least = max(least, missed * value / (1 - missed))
        return least

    def _choices(self) -> list[tuple[int, Fraction, Fraction]]:
        """For each number of cheats: the chance that none is found, and what all gain together."""
        ordered = sorted(self.gains, reverse=True)
        missed = 1 - self.found_sheltered
        return [
            (count, missed**count, self.synergy * sum(ordered[:count], Fraction(0)))
            for count in range(1, len(ordered) + 1)
        ]


def _solve(chosen: Chosen) -> Answer:
    bloc = Bloc(
        gains=chosen.numbers("gains"),
        **{n: chosen.exact(n) for n in ("outside", "inside", "fine", "shelter", "synergy")},
    )
    penalty = chosen.exact("penalty")
    count, joint = bloc.joint(penalty)
    alone = bloc.lone_margin(penalty)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("a lone lab", 1, bloc.found_alone, alone, bloc.lone_penalty()),
        (
            *("a sheltering state", count, 1 - (1 - bloc.found_sheltered) ** count),
            *(joint, bloc.joint_penalty()),
        ),
    )
    return Answer(
        sentence=_sentence(alone, count, joint),
        not_shown="Why a state would want its labs to keep a pause, and what one state does to "
        "another that shelters cheats, but for the penalty.",
        tables=(
            Table(
                title="Who is tempted",
                columns=(
                    *(Column(name="who cheats"), Column(name="labs", unit="1")),
                    Column(name="chance to be found", unit="1"),
                    Column(name="gain left by cheating", unit="payoff"),
                    Column(name="least penalty that deters", unit="payoff"),
                ),
                rows=rows,
            ),
        ),
        picture=_picture(bloc, penalty),
        hand_check=f"one sheltered cheat of gain {spelled(max(bloc.gains))}: (1 - b) y v - b F = "
        f"{spelled(_one(bloc, penalty))} with b = {spelled(bloc.found_sheltered)}.",
    )


def _one(bloc: Bloc, penalty: Fraction) -> Fraction:
    found = bloc.found_sheltered
    return (1 - found) * bloc.synergy * max(bloc.gains) - found * penalty


def _sentence(alone: Fraction, count: int, joint: Fraction) -> str:
    lone = "tempts a lone lab" if alone > 0 else "keeps every lone lab in"
    labs = "lab" if count == 1 else "labs"
    if joint > 0:
        bloc = f"tempts a state to shelter the cheating of {count} {labs}"
    else:
        bloc = "keeps a state from sheltering any"
    link = "and" if (alone > 0) is (joint > 0) else "but"
    return f"This verification {lone}, {link} {bloc}."


def _title(bloc: Bloc) -> str:
    """Who needs the larger penalty, as chosen."""
    alone, joint = bloc.lone_penalty(), bloc.joint_penalty()
    if isinstance(joint, Infeasible):
        return "A sheltered cheat that is never found: no penalty deters a state."
    if isinstance(alone, Infeasible) or joint < alone:
        return "A lone lab needs a larger penalty than a state that would shelter it."
    if joint == alone:
        return "A state that shelters cheats needs the same penalty as a lone lab."
    return "A state that shelters cheats needs a larger penalty than a lone lab."


def _picture(bloc: Bloc, penalty: Fraction) -> Lines:
    """The least penalty that deters, by how well others look."""
    chances = [Fraction(step, 40) for step in range(2, 40)]

    def line(name: str, least: Sequence[Number | Infeasible]) -> Series:
        points = tuple(
            (float(chance), float(value))
            for chance, value in zip(chances, least, strict=True)
            if not isinstance(value, Infeasible)
        )
        return Series(name=name, points=points)

    seen = [
        Bloc(
            gains=bloc.gains,
            outside=chance,
            inside=bloc.inside,
            fine=bloc.fine,
            shelter=bloc.shelter,
            synergy=bloc.synergy,
        )
        for chance in chances
    ]
    lines = [line("a lone lab", [each.lone_penalty() for each in seen])]
    sheltered = line("a sheltering state", [each.joint_penalty() for each in seen])
    lines += [sheltered] if sheltered.points else []
    return Lines(
        title=_title(bloc),
        subtitle="The least penalty that deters, by the chance that others find a cheat.",
        x=Axis(title="chance that others find a cheat", low=0, high=1, percent=True),
        y=Axis(title="least penalty (payoff)"),
        series=tuple(lines),
        marks=(Mark(x=bloc.outside, y=penalty, words="as chosen"),),
    )


def _share(name: str, symbol: str, default: Fraction, meaning: str) -> Parameter:
    return Parameter(
        name=name, symbol=symbol, unit="1", default=default, meaning=meaning, low=0, high=1
    )


_EXAMPLE: Final = Bloc(
    gains=(Fraction(3), Fraction(2), Fraction(1)),
    outside=Fraction(1, 2),
    inside=Fraction(1, 2),
    fine=Fraction(0),
    shelter=Fraction(1, 2),
    synergy=Fraction(1),
)
BLOCS: Final = Model(
    name="blocs",
    title="Labs under a state",
    question="Does a verification that keeps every lab in also keep its state from sheltering one?",
    validity="Cheats are found independently of one another; found once, a bloc loses all it "
    "gained and pays once.",
    papers=(WASIL,),
    parameters=(
        Parameter(
            name="gains",
            symbol="v",
            unit="payoff",
            default=(Fraction(3), Fraction(2), Fraction(1)),
            meaning="What each lab of the bloc gains by cheating.",
            low=0,
        ),
        _share("outside", "d", Fraction(1, 2), "The chance that others find a cheat."),
        _share("inside", "e", Fraction(1, 2), "The chance that its own state finds it."),
        Parameter(
            name="penalty",
            symbol="F",
            unit="payoff",
            default=Fraction(4),
            meaning="What being found costs a lab, or the bloc that sheltered it.",
            low=0,
        ),
        Parameter(
            name="fine",
            symbol="W",
            unit="payoff",
            default=Fraction(1),
            meaning="What its own state takes beside where it finds a lab.",
            low=0,
        ),
        _share("shelter", "s", Fraction(1, 2), "The share of what others see that a state hides."),
        Parameter(
            name="synergy",
            symbol="y",
            unit="1",
            default=Fraction(1),
            meaning="How much more labs gain together than each alone.",
            above=0,
        ),
    ),
    solve=_solve,
    checks=(
        Check(
            paper=WASIL,
            where="step 1",
            what="least penalty for a lone lab, gains 3, 2, 1 and chances 1/2, no fine",
            stated="1",
            basis=Basis.HAND,
            ours=_EXAMPLE.lone_penalty,
        ),
        Check(
            paper=WASIL,
            where="step 4",
            what="least penalty for its sheltering state",
            stated="9",
            basis=Basis.HAND,
            ours=_EXAMPLE.joint_penalty,
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (BLOCS,)
