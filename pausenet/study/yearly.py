"""What is borne in a year, in the words that the studies' tables share."""

from __future__ import annotations

from typing import Final

from pausenet.simulator.traces import Costs

_DEAR: Final = 0.05
"""Costs below it are not said in a sentence."""


def yearly_text(each: Costs) -> str:
    """The amounts in a row, in hours of accelerators, people, days and visits.

    Meters are left out, and so is what is too little to say.
    """
    parts = (
        (each.accelerator_hours, "hours"),
        (each.people, "full-time person" if each.people == 1.0 else "full-time people"),
        (each.inspector_days, "inspector-days"),
        (each.intrusions, "visits and queries"),
    )
    told = [f"{_amount(number)} {unit}" for number, unit in parts if number >= _DEAR]
    return ", ".join(told) or "nothing"


def _amount(number: float) -> str:
    return (
        f"{number:,.0f}" if number >= 10.0 else f"{number:.1g}" if number < 1.0 else f"{number:.2g}"
    )
