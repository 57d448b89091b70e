"""How a person writes each quantity of an agreement: by the unit that ends the member's name.

The member `limit_pflop` is the key `limit` in a file, and `1e26` is its value there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Final

from pausenet.files import amounts
from pausenet.scenario.physics import energy_wh_of
from pausenet.values import INTEGER_MAX

_NUMBER: Final = re.compile(r"(?P<number>[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE]\+?[0-9]{1,2})?)")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A unit at the end of a member's name, and how its values are written in a file."""

    suffix: str
    read: Callable[[str, int], int]
    """The value of a text, given the length of a period in seconds."""
    example: str


def _scaled(units: dict[str, int | Fraction], example: str) -> Callable[[str, int], int]:
    """A parser of `NUMBER UNIT`, in whole base units, rounded up."""

    def read(text: str, period_s: int) -> int:
        del period_s
        match = _NUMBER.match(text) if len(text) <= amounts.TEXT_MAX else None
        unit = text[match.end() :].strip() if match else ""
        if match is None or unit not in units:
            raise ValueError(f'expected a value such as "{example}", found {text!r:.80}')
        found = Fraction(match["number"]) * units[unit]
        whole = -(-found.numerator // found.denominator)
        if whole > INTEGER_MAX:
            raise ValueError(f"expected at most 2^53-1 units, found {text!r:.80}")
        return whole

    return read


def _periods(text: str, period_s: int) -> int:
    if text.isascii() and text.isdigit():
        return amounts.integer(text)
    number, _, unit = text.partition(" ")
    if unit in ("period", "periods"):
        return amounts.integer(number)
    return -(-amounts.span_s(text) // period_s)


def _strategic(text: str, period_s: int) -> int:
    if text.endswith("Wh"):
        return _ENERGY(text, period_s)
    return energy_wh_of(amounts.pflop(text))


_ENERGY: Final = _scaled({"Wh": 1, "kWh": 10**3, "MWh": 10**6, "GWh": 10**9}, "980 MWh")
_DECIMAL: Final[dict[str, int | Fraction]] = {"": 1_000}

QUANTITIES: Final = (
    Quantity(
        suffix="_pflop_per_s",
        read=_scaled({"FLOP/s": Fraction(1, 10**15), "": Fraction(1, 10**15)}, "1e20 FLOP/s"),
        example="1e20 FLOP/s",
    ),
    Quantity(
        suffix="_mbit_per_s",
        read=_scaled({"Mbit/s": 1, "Gbit/s": 10**3, "Tbit/s": 10**6, "": 1}, "25 Gbit/s"),
        example="25 Gbit/s",
    ),
    Quantity(
        suffix="_bytes_per_s",
        read=_scaled({"B/s": 1, "KB/s": 10**3, "MB/s": 10**6, "": 1}, "100 KB/s"),
        example="100 KB/s",
    ),
    Quantity(suffix="_pflop", read=lambda text, _period: amounts.pflop(text), example="1e26 FLOP"),
    Quantity(suffix="_ppm", read=lambda text, _period: amounts.share_ppm(text), example="20 %"),
    Quantity(suffix="_milli", read=_scaled(_DECIMAL, "1.5"), example="1.5"),
    Quantity(suffix="_periods", read=_periods, example="90 days"),
    Quantity(
        suffix="_usd",
        read=_scaled({"USD": 1, "": 1, "million USD": 10**6}, "5 USD"),
        example="5 USD",
    ),
    Quantity(
        suffix="_kw",
        read=_scaled({"kW": 1, "MW": 10**3, "GW": 10**6, "": 1}, "500 MW"),
        example="500 MW",
    ),
    Quantity(
        suffix="_gb", read=_scaled({"GB": 1, "TB": 10**3, "": 1}, "1280 GB"), example="1280 GB"
    ),
    Quantity(suffix="_wh", read=_strategic, example="980 MWh"),
    Quantity(suffix="_s", read=lambda text, _period: amounts.span_s(text), example="30 days"),
)
_NAMED_PERIODS: Final = ("periods", "periods_max")


def key_of(member: str) -> str:
    """The key in a file of a member: its name without the unit at its end.

    >>> key_of("limit_pflop"), key_of("notice_periods"), key_of("title")
    ('limit', 'notice', 'title')
    """
    found = quantity_of(member)
    if found is None or not member.endswith(found.suffix):
        return member
    return member.removesuffix(found.suffix)


def quantity_of(member: str) -> Quantity | None:
    """How the values of a member are written; None where they are plain whole numbers."""
    if member in _NAMED_PERIODS:
        return next(each for each in QUANTITIES if each.suffix == "_periods")
    return next((each for each in QUANTITIES if member.endswith(each.suffix)), None)


def date_s(text: str) -> int:
    """The first second of a day in UTC, or a whole number of Unix seconds.

    >>> date_s("2026-01-01")
    1767225600
    """
    if text.isascii() and text.isdigit():
        return amounts.integer(text)
    try:
        if not _DATE.match(text):
            raise ValueError(text)
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError as error:
        raise ValueError(f"expected a date such as 2027-06-01, found {text!r:.80}") from error


def share_of_all(text: str) -> int:
    """A share in parts per million that says `%`, so that nobody takes it for a number."""
    if "%" not in text:
        raise ValueError(f'expected a share such as "60 %", found {text!r:.80}')
    return amounts.share_ppm(text)


def indicator_value(text: str, unit: str) -> int:
    """An indicator's value in its unit, as a person writes it: `80 %`, `12 hours`, `52`."""
    if unit == "ppm":
        return amounts.share_ppm(text)
    if unit == "seconds":
        return amounts.span_s(text)
    return _scaled(_DECIMAL, "1.5")(text, 1)
