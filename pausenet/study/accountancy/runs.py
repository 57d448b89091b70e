"""Assertions on how long Page's test runs."""

from __future__ import annotations

from typing import Final

from pausenet.inference.sequential.runlength import average_run_length, siegmund_run_length
from pausenet.study.assertions import Assertion, Inputs, Numbers

_THRESHOLDS: Final = {"lowest": 4.0, "middle": 5.0, "highest": 6.0}
_SIEGMUND: Final = "Siegmund, Sequential Analysis (1985)"
_EXACT: Final = "Page, Biometrika 41 (1954); Goel and Wu, Technometrics 13 (1971)"
_TOO_LONG: Final = "Siegmund's approximation is up to 1 % too long; these are the exact values"
_TOO_SHORT: Final = "Siegmund's approximation is up to 0.05 too short; these are the exact values"


def _siegmund(inputs: Inputs) -> Numbers:
    return tuple(
        siegmund_run_length(inputs["reference"], inputs[name], inputs["hidden"])
        for name in _THRESHOLDS
    )


def _exact(inputs: Inputs) -> Numbers:
    return tuple(
        average_run_length(inputs["reference"], inputs[name], inputs["hidden"])
        for name in _THRESHOLDS
    )


def _assertion(
    number: str, *, exact: bool, hidden: float, stated: tuple[str, ...], remark: str = ""
) -> Assertion:
    what = f"{hidden:g} sigma hidden in each balance" if hidden else "nothing hidden"
    way = "exactly" if exact else "by Siegmund's approximation"
    name = "average_run_length" if exact else "siegmund_run_length"
    return Assertion(
        number=number,
        says=f"one-sided Page with k = 0.5, {what}: balances until the alarm for h = 4, 5 and 6, "
        f"{way}",
        inputs={"reference": 0.5, **_THRESHOLDS, "hidden": hidden},
        stated=stated,
        unit="balances",
        compute=_exact if exact else _siegmund,
        how=(f"pausenet.inference.sequential.runlength.{name}",),
        source=f"design document 2.1 [D]; {_EXACT if exact else _SIEGMUND}",
        remark=remark,
    )


_STILL: Final = ("338", "938", "2573")
_SHIFTED: Final = ("8.3", "10.3", "12.3")

ASSERTIONS: Final = (
    _assertion("2.1.4", exact=False, hidden=0.0, stated=_STILL),
    _assertion("2.1.5", exact=True, hidden=0.0, stated=_STILL, remark=_TOO_LONG),
    _assertion("2.1.6", exact=False, hidden=1.0, stated=_SHIFTED),
    _assertion("2.1.7", exact=True, hidden=1.0, stated=_SHIFTED, remark=_TOO_SHORT),
)
