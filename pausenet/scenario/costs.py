"""What a scenario says that things cost: prices, and amounts in the place of the book's.

An evasion and a channel take amounts of their own (hours of accelerators, people, inspectors'
days, instruments, visits), which nobody prices. A scenario may put other amounts in their place,
and may price all of them in a unit of account of its own. Then costs are money, and a lab's budget
binds what it may spend on evasion. There are no prices but those that a scenario states; `source`
says what they rest on. Money is in whole thousandths of the unit of account.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind, Setting
from pausenet.scenario.intervals import check_ends
from pausenet.scenario.mishaps import check
from pausenet.scenario.world import ASSUMPTION

MONEY_MAX: Final = 10**15
"""A million million units of account, in thousandths."""
AMOUNTS: Final = ("accelerator_hours", "people", "inspector_days", "meters", "intrusions")
"""What channels and evasions take, in the order of `simulator.traces.Costs`; all but `meters`,
which are bought once, in a year."""
OF_EVASIONS: Final = ("accelerator_hours", "people", "meters")
"""The amounts that an evader can be said to bear."""
UNIT: Final = re.compile(r"[A-Za-z]{1,16}\Z")
"""How a unit of account is spelled."""


class PriceKind(StrEnum):
    """What has a price, of one of it."""

    ACCELERATOR_HOUR = "accelerator_hour"
    PERSON_YEAR = "person_year"
    INSPECTOR_DAY = "inspector_day"
    INSTRUMENT = "instrument"
    INTRUSION = "intrusion"
    METER_PERIOD = "meter_period"
    VERIFIER_PERIOD = "verifier_period"
    SITE_VISIT = "site_visit"
    INSPECTION = "inspection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one of something costs: a `PriceKind`, or one unit of an evasion's setting."""

    name: str
    milli: int

    def __post_init__(self) -> None:
        check_ends(self)
        check_money(self.name, self.milli)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCost:
    """What one channel takes of a lab, or one evasion of its evader.

    `amounts` stand in the place of the book's, in a year. `once_milli` and `yearly_milli` are money
    on top of that; `each` prices an evasion's settings, once, for each unit that it has of them.
    """

    kind: ChannelKind | EvasionKind
    amounts: tuple[Setting, ...] = ()
    once_milli: int = 0
    yearly_milli: int = 0
    each: tuple[Price, ...] = ()

    def __post_init__(self) -> None:
        check_ends(self)
        check_money("once", self.once_milli)
        check_money("yearly", self.yearly_milli)
        allowed = OF_EVASIONS if isinstance(self.kind, EvasionKind) else AMOUNTS
        for amount in self.amounts:
            check(amount.name in allowed, f"{amount.name}: nothing that {self.kind} takes", "it")
        check(not self.each or self.kind in [*EvasionKind], "each: an evasion alone has it", "it")
        for names in ([each.name for each in self.amounts], [each.name for each in self.each]):
            check(len({*names}) == len(names), "amounts: one stated twice", sorted(names))

    @property
    def name(self) -> str:
        """Of what: numbers that are drawn for it are named so."""
        return str(self.kind)

    @property
    def has_money(self) -> bool:
        """Whether any of it is money."""
        return bool(self.once_milli or self.yearly_milli or self.each)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsPlan:
    """Everything that a scenario says of costs; without a unit of account nothing is money."""

    unit: str = ""
    source: str = ASSUMPTION
    prices: tuple[Price, ...] = ()
    channels: tuple[ItemCost, ...] = ()
    evasions: tuple[ItemCost, ...] = ()

    def __post_init__(self) -> None:
        check(not self.unit or bool(UNIT.match(self.unit)), "unit: expected letters", self.unit)
        money = bool(self.prices) or any(each.has_money for each in self.items)
        check(not money or bool(self.unit), "unit: mandatory, as prices are in it", "none")
        for price in self.prices:
            check(price.name in [*PriceKind], f"prices: nothing is called {price.name}", "it")
        for field in ("prices", "channels", "evasions"):
            names = [each.name for each in getattr(self, field)]
            check(len({*names}) == len(names), f"{field}: one stated twice", sorted(names))
        right = all(isinstance(each.kind, ChannelKind) for each in self.channels)
        check(right, "channels: one is none", "it")
        right = all(isinstance(each.kind, EvasionKind) for each in self.evasions)
        check(right, "evasions: one is none", "it")

    @property
    def items(self) -> tuple[ItemCost, ...]:
        """What it says of single channels and evasions."""
        return (*self.channels, *self.evasions)

    def of(self, kind: ChannelKind | EvasionKind) -> ItemCost:
        """What it says of this channel or evasion; nothing of most."""
        return next((each for each in self.items if each.kind is kind), ItemCost(kind=kind))


NO_COSTS: Final = CostsPlan()


def check_money(name: str, milli: int) -> None:
    """Raise `ValueError` unless this can be an amount of money."""
    fits = 0 <= milli <= MONEY_MAX
    check(fits, f"{name}: expected 0 to {MONEY_MAX // 1_000} units of account", milli / 1_000)
