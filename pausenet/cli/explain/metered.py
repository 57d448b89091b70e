"""What an alarm of a meter's series says of when and how much, and what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pausenet.cli.explain.worth import Rates
from pausenet.protocol.evidence import Bundle, Signed
from pausenet.protocol.succession import open_envelope
from pausenet.statements.reading import Reading
from pausenet.values import PeriodIndex

_ROW: Final = re.compile(r"above declared energy in periods \d+ and \d+:")
_PAGE: Final = re.compile(r"over periods \d+ to \d+: Page's test for a (large|small) shift")


def when(text: str, periods: Sequence[PeriodIndex]) -> str:
    """Which periods an alarm came from: not in which of them anything was hidden."""
    first, last = periods[0], periods[-1]
    by = "a pair of periods that" if _ROW.search(text) else "a sum that"
    return (
        f"The alarm came with period {last}, by {by} began in period {first}; it does not say in "
        "which of them anything was hidden."
    )


def beyond(rates: Rates, bundle: Bundle) -> Iterator[str]:
    """A warning where the test's power is stated for more than the meter ever read here."""
    read = [
        body.energy_wh
        for each in bundle.materials
        if isinstance(each, Signed)
        and isinstance(body := open_envelope(each.entry)[1].body, Reading)
    ]
    if rates.at_once_wh and read and max(read) < rates.at_once_wh:
        yield (
            f"So much is more than this lab used in a period ({_mwh(max(read))} at most, by the "
            f"meter): {_mwh(rates.at_once_wh)} cannot have been hidden in one here, and that "
            "figure says how the test does in general."
        )


def counting(text: str, rates: Sequence[Rates]) -> tuple[Rates, str]:
    """The rates that the test which alarmed is for, and a sentence that says so."""
    page = _PAGE.search(text)
    if page is not None and page[1] == "small":
        kind, which, found = "little hidden in each of many periods", "second", rates[1]
        test = "the one for a small shift"
    else:
        kind, which, found = "much hidden within few periods", "first", rates[0]
        test = "the one for a large shift" if page else "the one of two periods in a row"
    return found, (
        f"The test that alarmed is {test}, which is there for {kind}: the {which} of these figures "
        "is the one to go by, if hiding of that kind is what one suspects."
    )


def _mwh(watt_hours: int) -> str:
    """Energy for reading: three digits.

    >>> _mwh(979_282_466), _mwh(60_000)
    ('979 MWh', '0.06 MWh')
    """
    value = watt_hours / 10**6
    return f"{value:,.0f} MWh" if value >= 100 else f"{value:.3g} MWh"
