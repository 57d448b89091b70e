"""Draws a number for everything that a scenario gives as an interval, by the run's seed.

Each number has its own stream, named by where it stands (`labs`, `aurora`, `accelerators`), so
that one more interval changes no other draw. Logarithms, roots and exponentials are those of
`decimal`, which are correctly rounded everywhere: no platform's C library draws another number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Context, Decimal, localcontext
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

from pausenet.scenario.intervals import Z_95, Spread
from pausenet.scenario.plan import Scenario
from pausenet.simulator.randomness import stream

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Plan = TypeVar("Plan", bound="DataclassInstance")

_CONTEXT: Final = Context(prec=34)
_BITS: Final = 64
UNITS: Final = ("_ppm", "_s", "_pflop", "_micro")
"""What ends the name of a number that has a base unit; `micro` alone ends a setting's."""


def drawn(scenario: Scenario, seed: int) -> Scenario:
    """The scenario of one run: a whole number in the place of every spread.

    A number that its plan refuses is drawn again: the distribution is truncated to what is
    allowed. A scenario without spreads comes back as it is.
    """
    return _drawn(scenario, seed, ())


def spreads_of(scenario: Scenario) -> tuple[tuple[tuple[str, ...], Spread], ...]:
    """Every spread of a scenario with the names of its place, in the scenario's order."""
    return tuple(_spreads(scenario, ()))


def inputs_of(scenario: Scenario) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """Every draw that a run makes: its name, and the places whose numbers it decides."""
    return tuple((place_of(path), (path,)) for path, _ in spreads_of(scenario))


def place_of(path: tuple[str, ...]) -> str:
    """A place as a file's reader knows it, without the base unit that ends its name.

    >>> place_of(("labs", "birch", "utilisation_ppm")), place_of(("meters", "random_ppm"))
    ('labs.birch.utilisation', 'meters.random')
    """
    *above, name = path
    if name == "micro":
        return ".".join(above)
    for unit in UNITS:
        name = name.removesuffix(unit)
    return ".".join((*above, name))


def number_at(scenario: Scenario, path: tuple[str, ...]) -> int:
    """The number at a place that `spreads_of` names."""
    found: object = scenario
    for name in path:
        found = dict(_named(found))[name] if isinstance(found, tuple) else getattr(found, name)
    assert isinstance(found, int), "a spread's place holds a number"
    return found


def draw(spread: Spread, chance: Random) -> int:
    """One number of a spread: the nearest whole one, 1 at least, of a log-normal."""
    with localcontext(_CONTEXT):
        low, high = Decimal(spread.low).ln(), Decimal(spread.high).ln()
        deviation = (high - low) / (2 * Decimal(Z_95))
        found = ((low + high) / 2 + deviation * _normal(chance)).exp()
        return max(1, int(found.to_integral_value()))


def _normal(chance: Random) -> Decimal:
    """A standard normal number, by Marsaglia's polar method (SIAM Review 6, 1964).

    1. Draw a point of the square until it lies in the unit disk. 2. Stretch its first coordinate.
    """
    while True:
        x, y = _symmetric(chance), _symmetric(chance)
        square = x * x + y * y
        if square < 1:
            return x * (-2 * square.ln() / square).sqrt()


def _symmetric(chance: Random) -> Decimal:
    """A number between -1 and 1, never 0."""
    side = 1 << _BITS
    return Decimal(2 * chance.getrandbits(_BITS) + 1 - side) / side


def _drawn(plan: Plan, seed: int, path: tuple[str, ...]) -> Plan:
    for field in fields(plan):
        value, here = getattr(plan, field.name), (*path, field.name)
        if isinstance(value, Spread):
            plan = _with_draw(plan, field.name, value, stream(seed, "drawn", *here))
        elif isinstance(value, tuple):
            items = tuple(_item(item, seed, (*here, name)) for name, item in _named(value))
            if any(new is not old for new, old in zip(items, value, strict=True)):
                plan = replace(plan, **{field.name: items})
        elif (new := _item(value, seed, here)) is not value:
            plan = replace(plan, **{field.name: new})
    return plan


def _item(value: object, seed: int, path: tuple[str, ...]) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return _drawn(value, seed, path)
    return value


def _with_draw(plan: Plan, name: str, spread: Spread, chance: Random) -> Plan:
    """The plan with a number that it allows; it allows nine draws in ten, or more."""
    while True:
        try:
            return replace(plan, **{name: draw(spread, chance)})
        except ValueError:
            continue


def _spreads(plan: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Spread]]:
    if not is_dataclass(plan):
        return
    for field in fields(plan):
        value, here = getattr(plan, field.name), (*path, field.name)
        if isinstance(value, Spread):
            yield here, value
        for name, item in _named(value) if isinstance(value, tuple) else ():
            yield from _spreads(item, (*here, name))
        yield from _spreads(value, here)


def _named(items: tuple[object, ...]) -> Iterator[tuple[str, object]]:
    """Each item with its own name, or else its number, from 0."""
    for number, item in enumerate(items):
        yield str(getattr(item, "name", number)), item
