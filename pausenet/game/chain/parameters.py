"""The parameters of the chain, with the reference scenario as their defaults."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pausenet.game.chain.stages import Design
from pausenet.game.model import Chosen, Parameter

_WHOLE: Final = ("records", "falsified", "sampled", "delay", "breakout", "response")


def design_of(chosen: Chosen) -> Design:
    """The design that was chosen."""
    reals = ("recognised", "separation", "false_alarm", "common", "penalty", "imposed", "nuisance")
    more = ("alarm_price", "discount", "bound", "temptation", "cooperation", "punishment", "prior")
    numbers = {name: chosen.real(name) for name in (*reals, *more, "looks")}
    wholes = {name: chosen.whole(name) for name in _WHOLE}
    values = tuple(float(value) for value in chosen.numbers("values"))
    return Design(values=values, **numbers, **wholes)  # type: ignore[arg-type]


def _number(
    name: str, symbol: str, unit: str, default: str, meaning: str, **bounds: int
) -> Parameter:
    limits = {"low": 0, "high": 1} if unit == "1" and not bounds else bounds
    return Parameter(
        name=name,
        symbol=symbol,
        unit=unit,
        default=Fraction(default),
        meaning=meaning,
        low=limits.get("low"),
        high=limits.get("high"),
        above=limits.get("above"),
        below=limits.get("below"),
        whole=name in _WHOLE,
    )


PARAMETERS: Final[tuple[Parameter, ...]] = (
    _number("records", "N", "records", "1000", "How many records a site keeps.", low=1, high=10**6),
    _number(
        "falsified",
        "r",
        "records",
        "10",
        "How many of them a cheat makes false.",
        low=0,
        high=10**6,
    ),
    _number("sampled", "n", "records", "100", "How many of them a look checks.", low=0, high=10**6),
    _number("recognised", "w", "1", "9/10", "The chance that a false record is recognised."),
    _number(
        "separation",
        "μ/\u03c3",
        "sigmas",
        "2",
        "How far a cheat moves the meter.",
        low=0,
        high=30,
    ),
    _number(
        "false_alarm",
        "\u03b1",
        "1",
        "1/50",
        "False alarms of the meter, a look.",
        above=0,
        below=1,
    ),
    _number("common", "\u03c1", "1", "0", "The share of failures common to records and meter."),
    Parameter(
        name="values",
        symbol="v",
        unit="payoff",
        default=tuple(Fraction(value) for value in (10, 8, 6, 4, 2)),
        meaning="What one cheat gains, by site.",
        above=0,
        high=10**9,
    ),
    _number("penalty", "F", "payoff", "5", "What a lab loses when the penalty is imposed.", low=0),
    _number("imposed", "q", "1", "1", "The chance that it is imposed after a finding."),
    _number("nuisance", "f", "payoff", "1/2", "What a false alarm costs a lab.", low=0),
    _number("alarm_price", "a", "looks", "3", "What a false alarm costs the inspectors.", low=0),
    _number(
        "discount",
        "δ",
        "1",
        "97/100",
        "What the next period is worth in this one.",
        above=0,
        below=1,
    ),
    _number("delay", "τ", "periods", "2", "How late a finding is reported.", low=0, high=10**4),
    _number("breakout", "T_b", "periods", "12", "How long a sprint takes.", low=0, high=10**6),
    _number(
        "response",
        "T_r",
        "periods",
        "3",
        "How long an answer takes after a report.",
        low=0,
        high=10**6,
    ),
    _number("bound", "b", "1", "1/20", "The chance of escape that is accepted.", above=0, high=1),
    _number(
        "temptation",
        "T",
        "payoff a period",
        "5",
        "What a lab earns that races alone.",
        low=-(10**6),
    ),
    _number(
        "cooperation",
        "R",
        "payoff a period",
        "3",
        "What a lab earns while all pause.",
        low=-(10**6),
    ),
    _number(
        "punishment",
        "P",
        "payoff a period",
        "1",
        "What a lab earns while all race.",
        low=-(10**6),
    ),
    _number("prior", "π", "1", "1/20", "The chance that a lab cheats, before anything is seen."),
    _number(
        "looks",
        "m",
        "looks a period",
        "0",
        "Looks there are; 0 for what deters one cheat everywhere.",
        low=0,
    ),
)
