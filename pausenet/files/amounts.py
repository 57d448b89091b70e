"""Amounts as people write them, read exactly: no float stands between the text and the value.

Each parser takes the text of one YAML scalar, as it stands in the file, and raises `ValueError`
with what was expected and found.

>>> pflop("1e26")
100000000000
>>> share_ppm("20 %"), share_ppm("0.2")
(200000, 200000)
>>> span_s("2 days"), span_s("90 s")
(172800, 90)
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from pausenet.values import INTEGER_MAX, Pflop

TEXT_MAX: Final = 64
FLOP_PER_PFLOP: Final = 10**15
PPM: Final = 1_000_000
MILLI: Final = 1_000

_NUMBER: Final = r"(?P<number>[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE]\+?[0-9]{1,2})?)"
_SHARE: Final = re.compile(rf"{_NUMBER}(?: ?(?P<unit>%|ppm))?\Z")
_SPAN: Final = re.compile(rf"{_NUMBER} ?(?P<unit>[a-z]+)\Z")
_FLOP: Final = re.compile(rf"{_NUMBER}(?: ?FLOP)?\Z")
_SETTING: Final = re.compile(rf"{_NUMBER}(?: ?(?P<unit>%|[A-Za-z/]+))?\Z")
_INTERVAL: Final = re.compile(r"\S+( ?\S+)? to \S+")
_INTEGER: Final = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")
_UNITS_S: Final = {
    "s": 1,
    "second": 1,
    "seconds": 1,
    "min": 60,
    "minute": 60,
    "minutes": 60,
    "h": 3_600,
    "hour": 3_600,
    "hours": 3_600,
    "day": 86_400,
    "days": 86_400,
    "week": 604_800,
    "weeks": 604_800,
    "month": 2_628_000,
    "months": 2_628_000,
    "year": 31_536_000,
    "years": 31_536_000,
}


def integer(text: str) -> int:
    """A whole number in its one decimal spelling; no sign, no underscore, no leading zero."""
    _refuse_interval(text, "a whole number")
    if not _INTEGER.match(text):
        raise ValueError(f"expected a whole number such as 12, found {text!r:.80}")
    return int(text)


def share_ppm(text: str) -> int:
    """A share, in parts per million: `20 %`, `0.2` or `200000 ppm`; none finer than 1 ppm."""
    _refuse_interval(text, "a share")
    match = _SHARE.match(text) if len(text) <= TEXT_MAX else None
    if match is None:
        raise ValueError(f'expected a share such as "20 %" or 0.2, found {text!r:.80}')
    parts = {"%": PPM // 100, "ppm": 1, None: PPM}[match["unit"]]
    found = Fraction(match["number"]) * parts
    if found.denominator != 1:
        raise ValueError(f"expected a share no finer than one in a million, found {text!r:.80}")
    return _bounded(int(found), text)


def span_s(text: str) -> int:
    """A span of network time, in whole seconds: `2 days`, `6 hours`, `90 s`.

    A year is 365 days and a month the twelfth part of it.
    """
    _refuse_interval(text, "a span of time")
    match = _SPAN.match(text) if len(text) <= TEXT_MAX else None
    if match is None or match["unit"] not in _UNITS_S:
        raise ValueError(f'expected a span such as "2 days" or "6 hours", found {text!r:.80}')
    found = Fraction(match["number"]) * _UNITS_S[match["unit"]]
    if found.denominator != 1:
        raise ValueError(f"expected whole seconds, found {text!r:.80}")
    return _bounded(int(found), text)


def pflop(text: str) -> Pflop:
    """A number of operations in FLOP, such as `1e26`; in whole petaFLOP, rounded up."""
    _refuse_interval(text, "a number of operations")
    match = _FLOP.match(text) if len(text) <= TEXT_MAX else None
    if match is None:
        raise ValueError(f"expected a number of FLOP such as 1e26, found {text!r:.80}")
    found = Fraction(match["number"]) / FLOP_PER_PFLOP
    return Pflop(_bounded(-(-found.numerator // found.denominator), text))


def setting_micro(text: str, unit: str | None = None) -> int:
    """A setting, in whole millionths of its unit: `400`, `5 %`, `3 MW`.

    `unit` is the one that may stand behind the number; `1` is none, and None is any.

    >>> setting_micro("5 %"), setting_micro("3 MW", "MW"), setting_micro("0.25")
    (50000, 3000000, 250000)
    """
    _refuse_interval(text, "a setting")
    match = _SETTING.match(text) if len(text) <= TEXT_MAX else None
    said = match["unit"] if match else None
    wrong = unit is not None and said not in (None, unit) and not (unit == "1" and said == "%")
    if match is None or wrong:
        like = "a number" if unit in (None, "1") else f"a number of {unit}"
        raise ValueError(f"expected {like}, found {text!r:.80}")
    found = Fraction(match["number"]) * (PPM // 100 if said == "%" else PPM)
    if found.denominator != 1:
        raise ValueError(f"expected a number no finer than a millionth, found {text!r:.80}")
    return _bounded(int(found), text)


def money_milli(text: str, unit: str) -> int:
    """An amount of money, in whole thousandths of the unit of account: `300000`, `2.5 USD`.

    >>> money_milli("2.5 USD", "USD"), money_milli("50e6", "USD")
    (2500, 50000000000)
    """
    _refuse_interval(text, "an amount of money")
    match = _SETTING.match(text) if len(text) <= TEXT_MAX else None
    if match is None or match["unit"] not in (None, unit):
        raise ValueError(f"expected an amount of {unit} such as 300000, found {text!r:.80}")
    found = Fraction(match["number"]) * MILLI
    if found.denominator != 1:
        raise ValueError(f"expected money no finer than a thousandth, found {text!r:.80}")
    return _bounded(int(found), text)


def write_money(milli: int) -> str:
    """The money as `money_milli` reads it back.

    >>> write_money(2_500), write_money(50_000_000_000)
    ('2.5', '50000000')
    """
    whole, rest = divmod(int(milli), MILLI)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)


def write_micro(micro: int) -> str:
    """The setting as `setting_micro` reads it back.

    >>> write_micro(250_000), write_micro(400_000_000)
    ('0.25', '400')
    """
    whole, rest = divmod(int(micro), PPM)
    return f"{whole}.{rest:06d}".rstrip("0") if rest else str(whole)


def write_share(ppm: int) -> str:
    """The share as `share_ppm` reads it back."""
    return f"{ppm} ppm"


def write_percent(ppm: int) -> str:
    """The share in per cent, as `share_ppm` reads it back.

    >>> write_percent(3_000), write_percent(1_000_000)
    ('0.3 %', '100 %')
    """
    return f"{write_micro(ppm * 100)} %"


def write_span(seconds: int) -> str:
    """The span as `span_s` reads it back, in the largest unit that divides it."""
    for unit in ("days", "hours"):
        if seconds and seconds % _UNITS_S[unit] == 0:
            return f"{seconds // _UNITS_S[unit]} {unit}"
    return f"{seconds} s"


def write_pflop(value: Pflop) -> str:
    """The operations in FLOP, as `pflop` reads them back."""
    return f"{int(value)}e15"


def _refuse_interval(text: str, wanted: str) -> None:
    """An interval stands only where the world is uncertain; `files.spreads` reads it there."""
    if _INTERVAL.match(text):
        raise ValueError(
            f"expected {wanted}, found the interval {text!r:.80}: this takes a single value"
        )


def _bounded(value: int, text: str) -> int:
    if value > INTEGER_MAX:
        raise ValueError(f"expected at most 2^53-1 units, found {text!r:.80}")
    return value
