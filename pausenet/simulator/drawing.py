"""Draws a number for everything that a scenario gives as an interval, by the run's seed.

Each number has its own stream, named by where it stands (`labs`, `aurora`, `accelerators`), so
that one more interval changes no other draw. Intervals of one word have one stream and one draw, a
standard normal that each of them turns into its own number. Logarithms, roots and exponentials are
those of `decimal`, which are correctly rounded everywhere: no platform's C library draws another
number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Context, Decimal, localcontext
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

from pausenet.errors import Misuse
from pausenet.scenario.intervals import Z_95, Spread, named, spreads_in
from pausenet.scenario.plan import Scenario
from pausenet.simulator.paid import affordable
from pausenet.simulator.randomness import stream

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Plan = TypeVar("Plan", bound="DataclassInstance")

_CONTEXT: Final = Context(prec=34)
_BITS: Final = 64
ATTEMPTS_MAX: Final = 1_000
"""How often all numbers are drawn for one run until every lab can pay for its evasions."""
UNITS: Final = ("_ppm", "_s", "_pflop", "_micro", "_milli")
"""What ends the name of a number that has a base unit; `micro` or `milli` may be all of it."""


def drawn(scenario: Scenario, seed: int) -> Scenario:
    """The scenario of one run: a whole number in the place of every spread.

    A number that its plan refuses is drawn again: the distribution is truncated to what is
    allowed. Where one of several that are drawn together is refused, all of them are drawn again.
    So are all numbers where a lab could not pay for its evasions with these: it evades, so it can.
    A scenario without spreads comes back as it is.
    """
    found = _attempt(scenario, seed, ())
    if found is scenario or all(lab.budget_milli is None for lab in scenario.labs):
        return found
    for attempt in range(1, ATTEMPTS_MAX):
        if affordable(found):
            return found
        found = _attempt(scenario, seed, (f"attempt-{attempt}",))
    raise Misuse(f"{scenario.name}: none of {ATTEMPTS_MAX} draws leaves every lab in its budget")


def medians(plan: Plan) -> Plan:
    """The plan with the median in the place of every spread; itself where it has none."""
    for field in fields(plan):
        value: object = getattr(plan, field.name)
        if isinstance(value, tuple):
            items = tuple(_median(item) for item in value)
            if any(new is not old for new, old in zip(items, value, strict=True)):
                plan = replace(plan, **{field.name: items})
        elif (new := _median(value)) is not value:
            plan = replace(plan, **{field.name: new})
    return plan


def _median(value: object) -> object:
    if isinstance(value, Spread):
        return int(value)
    if is_dataclass(value) and not isinstance(value, type):
        return medians(value)
    return value


def _attempt(scenario: Scenario, seed: int, path: tuple[str, ...]) -> Scenario:
    """All numbers drawn once; `path` names the attempt."""
    words = dict.fromkeys(each.together for _, each in spreads_of(scenario) if each.together)
    common = {word: _common(scenario, word, seed, path) for word in words}
    return _drawn(scenario, seed, path, common)


def spreads_of(scenario: Scenario) -> tuple[tuple[tuple[str, ...], Spread], ...]:
    """Every spread of a scenario with the names of its place, in the scenario's order."""
    return tuple(spreads_in(scenario))


def inputs_of(scenario: Scenario) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """Every draw that a run makes: its name, and the places whose numbers it decides."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for path, each in spreads_of(scenario):
        found.setdefault(each.together or place_of(path), []).append(path)
    return tuple((name, tuple(paths)) for name, paths in found.items())


def place_of(path: tuple[str, ...]) -> str:
    """A place as a file's reader knows it, without the base unit that ends its name.

    >>> place_of(("labs", "birch", "utilisation_ppm")), place_of(("meters", "random_ppm"))
    ('labs.birch.utilisation', 'meters.random')
    """
    *above, name = path
    if name in ("micro", "milli"):
        return ".".join(above)
    for unit in UNITS:
        name = name.removesuffix(unit)
    return ".".join((*above, name))


def number_at(scenario: Scenario, path: tuple[str, ...]) -> int:
    """The number at a place that `spreads_of` names."""
    found: object = scenario
    for name in path:
        found = dict(named(found))[name] if isinstance(found, tuple) else getattr(found, name)
    assert isinstance(found, int), "a spread's place holds a number"
    return found


def draw(spread: Spread, chance: Random) -> int:
    """One number of a spread: the nearest whole one, 1 at least, of a log-normal."""
    with localcontext(_CONTEXT):
        return _number(spread, _normal(chance))


def _number(spread: Spread, normal: Decimal) -> int:
    """The number of a spread that a standard normal one gives, within the context."""
    low, high = Decimal(spread.low).ln(), Decimal(spread.high).ln()
    deviation = (high - low) / (2 * Decimal(Z_95))
    found = ((low + high) / 2 + deviation * normal).exp()
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


def _common(scenario: Scenario, word: str, seed: int, path: tuple[str, ...]) -> Decimal:
    """The one normal number of a word: the first with which every plan is allowed.

    What lies between the ends of all of its intervals is, so that it takes nine draws in ten.
    """
    chance = stream(seed, "drawn", *path, "together", word)
    owners = [*_owners(scenario, word)]
    with localcontext(_CONTEXT):
        while True:
            normal = _normal(chance)
            if all(_allowed(owner, word, normal) for owner in owners):
                return normal


def _owners(plan: object, word: str) -> Iterator[DataclassInstance]:
    """Every plan that has an interval of this word in a field of its own."""
    if not is_dataclass(plan) or isinstance(plan, type):
        return
    values = [getattr(plan, field.name) for field in fields(plan)]
    if any(isinstance(value, Spread) and value.together == word for value in values):
        yield plan
    for value in values:
        for item in value if isinstance(value, tuple) else (value,):
            yield from _owners(item, word)


def _allowed(owner: DataclassInstance, word: str, normal: Decimal) -> bool:
    """Whether a plan takes the numbers of all its intervals of this word."""
    values = ((field.name, getattr(owner, field.name)) for field in fields(owner))
    numbers = {
        name: _number(value, normal)
        for name, value in values
        if isinstance(value, Spread) and value.together == word
    }
    try:
        replace(owner, **numbers)
    except ValueError:
        return False
    return True


def _drawn(plan: Plan, seed: int, path: tuple[str, ...], common: Mapping[str, Decimal]) -> Plan:
    for field in fields(plan):
        value, here = getattr(plan, field.name), (*path, field.name)
        if isinstance(value, Spread) and value.together:
            with localcontext(_CONTEXT):
                number = _number(value, common[value.together])
            plan = replace(plan, **{field.name: number})
        elif isinstance(value, Spread):
            plan = _with_draw(plan, field.name, value, stream(seed, "drawn", *here))
        elif isinstance(value, tuple):
            items = tuple(_item(item, seed, (*here, name), common) for name, item in named(value))
            if any(new is not old for new, old in zip(items, value, strict=True)):
                plan = replace(plan, **{field.name: items})
        elif (new := _item(value, seed, here, common)) is not value:
            plan = replace(plan, **{field.name: new})
    return plan


def _item(value: object, seed: int, path: tuple[str, ...], common: Mapping[str, Decimal]) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return _drawn(value, seed, path, common)
    return value


def _with_draw(plan: Plan, name: str, spread: Spread, chance: Random) -> Plan:
    """The plan with a number that it allows; it allows nine draws in ten, or more."""
    while True:
        try:
            return replace(plan, **{name: draw(spread, chance)})
        except ValueError:
            continue
