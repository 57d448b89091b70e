"""Two models on `grim`: one defection answered late, and a pause that false alarms may end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

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
from pausenet.game.checks import Check
from pausenet.game.deterrence.grim import (
    Watched,
    best_false_alarm,
    critical_discount,
    greatest_false_alarm,
    greatest_lateness,
    late_margin,
    least_late_patience,
    least_loss,
    least_patience,
    least_power,
    margin,
    value,
    watched_by,
)
from pausenet.game.deterrence.lag import FRIEDMAN
from pausenet.game.model import Chosen, Model, Parameter

_QUANTITIES: Final = (Column(name="quantity"), Column(name="value", unit="1"))


def _game(chosen: Chosen, **others: Number) -> Watched:
    names = ("temptation", "cooperation", "punishment")
    loss = chosen.exact("penalty") * chosen.exact("imposed")
    return Watched(**{name: chosen.exact(name) for name in names}, loss=loss, **others)


def _one_shot(chosen: Chosen) -> Answer:
    game = _game(chosen, detection=chosen.exact("detection"))
    discount, delay = chosen.exact("discount"), chosen.exact("delay")
    found = late_margin(game, discount, delay)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("advantage of keeping the pause (payoffs of a period)", found),
        ("least detection a period", _late_detection(game, discount, delay)),
        ("greatest delay (periods)", greatest_lateness(game, discount)),
        ("least discount factor", least_late_patience(game, delay)),
        ("least expected penalty", _late_loss(game, discount, delay)),
    )
    said = "does not pay" if found >= 0 else "pays"
    return Answer(
        sentence=f"Defecting once and then keeping the pause {said}: it gains "
        f"{spelled(game.gain)} and is answered with chance {float(game.detection):.3g} after "
        f"{float(delay):g} periods.",
        not_shown="A lab that goes on until it is caught (deterrence), and false alarms "
        "(false-alarms).",
        tables=(Table(title="One defection", columns=_QUANTITIES, rows=rows),),
        picture=_patience_by_detection(game),
        hand_check="" if delay else _hand(game),
    )


def _hand(game: Watched) -> str:
    if game.loss:
        return ""
    return (
        f"(T - R) / ((T - R) + d (R - P)) = {spelled(game.gain)} / ({spelled(game.gain)} + "
        f"{spelled(game.detection)} x {spelled(game.sorrow)}) = "
        f"{spelled(game.gain / (game.gain + game.detection * game.sorrow))}."
        if game.gain
        else ""
    )


def _late_detection(game: Watched, discount: Fraction, delay: Fraction) -> float | Infeasible:
    """The least chance of detection for one defection answered late."""
    if game.gain == 0:
        return 0.0
    sure = late_margin(replace(game, detection=Fraction(1)), discount, delay) + float(game.gain)
    found = float(game.gain) / sure if sure else 2.0
    return found if found <= 1.0 else Infeasible("even sure detection would come too late")


def _late_loss(game: Watched, discount: Fraction, delay: Fraction) -> float | Infeasible:
    """The least expected penalty for one defection answered late."""
    short = -late_margin(replace(game, loss=Fraction(0)), discount, delay)
    if short <= 0.0:
        return 0.0
    late = float(discount) ** (float(delay) + 1.0) * float(game.detection)
    return short / late if late else Infeasible("what is never detected is never punished")


def _patience_by_detection(game: Watched) -> Lines:
    series = []
    for delay in (0, 3, 12):
        points = []
        for percent in range(2, 101):
            each = replace(game, detection=Fraction(percent, 100))
            least = least_late_patience(each, delay)
            if not isinstance(least, Infeasible):
                points.append((Fraction(percent, 100), least))
        series.append(Series(name=f"{delay} periods late", points=tuple(points)))
    return Lines(
        title="The later the answer, the more patient labs must be.",
        subtitle="The least discount factor at which one defection does not pay, by the chance "
        "that it is found.",
        x=Axis(title="chance of detection", low=0, high=1, percent=True),
        y=Axis(title="least discount factor", low=0, high=1),
        series=tuple(series),
    )


def _false_alarms(chosen: Chosen) -> Answer:
    alpha, discount = chosen.exact("false_alarm"), chosen.exact("discount")
    game = _game(chosen, detection=chosen.exact("detection"), false_alarm=alpha)
    found, separation = margin(game, discount), chosen.real("separation")
    best = best_false_alarm(game, separation)
    at_best = watched_by(replace(game, loss=0.0), separation, best)
    said = "is kept" if found >= 0 else "is not kept"
    rows: tuple[tuple[Cell, ...], ...] = (
        ("advantage of keeping the pause (payoffs of a period)", found),
        ("payoff a period while it is kept", value(game, discount)),
        ("least discount factor", least_patience(game)),
        ("least detection a period", least_power(game, discount)),
        ("greatest false alarms a period", greatest_false_alarm(game, discount)),
        ("least expected penalty", least_loss(game, discount)),
    )
    tests: tuple[tuple[Cell, ...], ...] = (
        ("false alarms a period", best),
        ("detection a period", at_best.detection),
        ("least discount factor", least_patience(at_best)),
    )
    return Answer(
        sentence=f"With detection {float(game.detection):.3g} and false alarms {float(alpha):.3g} "
        f"a period the pause {said}, and is worth {float(value(game, discount)):.3g} of "
        f"{float(game.cooperation):.3g} a period if every accusation ends it for ever; a test of "
        f"{separation:g} sigmas deters the least patient labs at {best:.2g} false alarms a period.",
        not_shown="Pauses that begin anew after an accusation (green-porter).",
        tables=(
            Table(title="Accusations end the pause", columns=_QUANTITIES, rows=rows),
            Table(
                title=f"The best test of {separation:g} sigmas (no penalty)",
                columns=_QUANTITIES,
                rows=tests,
            ),
        ),
        picture=_patience_by_alarms(game, separation, best),
        hand_check=f"z = ln(1 + (T - R) / (R - P)) / mu + mu / 2, alpha = 1 - Phi(z) = {best:.4g}.",
    )


def _patience_by_alarms(game: Watched, separation: float, best: float) -> Lines:
    series = []
    bare = replace(game, loss=0.0)
    for each in sorted({1.0, 2.0, 3.0, separation}):
        points = []
        for step in range(1, 101):
            alpha = 0.4 * step / 100
            least = least_patience(watched_by(bare, each, alpha))
            if not isinstance(least, Infeasible):
                points.append((alpha, float(least)))
        if points:
            series.append(Series(name=f"{each:g}-sigma test", points=tuple(points)))
    least = least_patience(watched_by(bare, separation, best))
    marks = () if isinstance(least, Infeasible) else (Mark(x=best, y=least, words="best"),)
    return Lines(
        title="A test that never errs against labs that pause finds too little; one that often "
        "does punishes too much.",
        subtitle="The least discount factor at which the pause is kept, by the rate of false "
        "alarms at which a test is set.",
        x=Axis(title="false alarms a period", low=0, high=0.4, percent=True),
        y=Axis(title="least discount factor", low=0, high=1),
        series=tuple(series),
        marks=marks,
    )


def _payoff(name: str, symbol: str, default: int, meaning: str) -> Parameter:
    return Parameter(
        name=name,
        symbol=symbol,
        unit="payoff a period",
        default=Fraction(default),
        meaning=meaning,
    )


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


_STAGE: Final = (
    _payoff("temptation", "T", 5, "What a lab earns that races while others pause."),
    _payoff("cooperation", "R", 3, "What a lab earns while all pause."),
    _payoff("punishment", "P", 1, "What a lab earns while all race."),
    Parameter(
        name="discount",
        symbol="δ",
        unit="1",
        default=Fraction(9, 10),
        meaning="What a payoff of the next period is worth in this one.",
        above=0,
        below=1,
    ),
    Parameter(
        name="penalty",
        symbol="F",
        unit="payoff",
        default=Fraction(0),
        meaning="What an accusation costs once, beside the end of the pause.",
        low=0,
    ),
    _chance("imposed", "q", "1/2", "The chance that the penalty is imposed."),
)


def _case(detection: str, false_alarm: str = "0") -> Watched:
    return Watched(
        temptation=Fraction(5),
        cooperation=Fraction(3),
        punishment=Fraction(1),
        detection=Fraction(detection),
        false_alarm=Fraction(false_alarm),
    )


def _check(what: str, stated: str, ours: Callable[[], Number | Infeasible]) -> Check:
    return Check(
        paper=FRIEDMAN, where="extended to imperfect tests", what=what, stated=stated, ours=ours
    )


ONE_SHOT: Final = Model(
    name="one-shot",
    title="One defection, answered late",
    question="Does it pay to defect once and then keep the pause?",
    validity="Grim answers, no false alarms; payoffs a period, one lab's choice.",
    papers=(FRIEDMAN,),
    parameters=(
        *_STAGE,
        _chance("detection", "d", "1/2", "The chance that the defection is found."),
        Parameter(
            name="delay",
            symbol="τ",
            unit="periods",
            default=Fraction(0),
            meaning="How long after that it is answered.",
            low=0,
        ),
    ),
    solve=_one_shot,
    checks=(
        _check("delta* for d = 1", "1/2", lambda: critical_discount(_case("1"))),
        _check("delta* for d = 0.5", "0.666667", lambda: critical_discount(_case("1/2"))),
        _check("delta* for d = 0.1", "0.909091", lambda: critical_discount(_case("1/10"))),
    ),
)


def _best(separation: float) -> Number | Infeasible:
    return least_patience(
        watched_by(_case("1"), separation, best_false_alarm(_case("1"), separation))
    )


FALSE_ALARMS: Final = Model(
    name="false-alarms",
    title="False alarms that end the pause",
    question="How sensitive should a test be that may end the pause by mistake?",
    validity="Every accusation ends the pause for ever; alarms of a period are independent.",
    papers=(FRIEDMAN,),
    parameters=(
        *_STAGE,
        _chance("detection", "1-β", "9/10", "The chance a period that a defection is found."),
        _chance("false_alarm", "\u03b1", "1/20", "The chance a period of a wrong accusation."),
        Parameter(
            name="separation",
            symbol="μ/\u03c3",
            unit="sigmas",
            default=Fraction(2),
            meaning="How far a defection moves the reading of the test to be set.",
            above=0,
            high=30,
        ),
    ),
    solve=_false_alarms,
    checks=(
        _check("delta*(0.05, 0.1)", "0.555556", lambda: critical_discount(_case("0.9", "0.05"))),
        _check("delta*(0.05, 0.5)", "0.714286", lambda: critical_discount(_case("0.5", "0.05"))),
        _check("delta*(0.1, 0.3)", "0.666667", lambda: critical_discount(_case("0.7", "0.1"))),
        _check(
            "delta*(0.25, 0.5), so no patience is enough",
            "1",
            lambda: critical_discount(_case("0.5", "0.25")),
        ),
        _check("best alpha, 1 sigma", "0.116", lambda: best_false_alarm(_case("1"), 1.0)),
        _check("its delta*", "0.840", lambda: _best(1.0)),
        _check("best alpha, 2 sigmas", "0.0891", lambda: best_false_alarm(_case("1"), 2.0)),
        _check("its delta*, 2 sigmas", "0.639", lambda: _best(2.0)),
        _check("best alpha, 3 sigmas", "0.0417", lambda: best_false_alarm(_case("1"), 3.0)),
        _check("its delta*, 3 sigmas", "0.551", lambda: _best(3.0)),
        _check("best alpha, 4 sigmas", "0.0149", lambda: best_false_alarm(_case("1"), 4.0)),
        _check("its delta*, 4 sigmas", "0.516", lambda: _best(4.0)),
        _check(
            "payoff of grim at delta = 0.9, (0.05, 0.1)",
            "2.379310",
            lambda: value(_case("0.9", "0.05"), Fraction(9, 10)),
        ),
        _check(
            "payoff at delta* = 5/9, (0.05, 0.1)",
            "2.8824",
            lambda: value(_case("0.9", "0.05"), Fraction(5, 9)),
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (FALSE_ALARMS, ONE_SHOT)
