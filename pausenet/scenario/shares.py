"""Shares of a whole, as a scenario states them."""

from __future__ import annotations

from decimal import Decimal

from pausenet.statements.clauses import PPM


def share(ppm: int, name: str) -> None:
    """Raise `ValueError` unless this is a share of a whole."""
    check_share(0 <= ppm <= PPM, f"{name}: expected 0..100 %", ppm)


def check_share(holds: bool, problem: str, ppm: int) -> None:
    """Raise `ValueError` that tells the share in per cent, and the slip of a `%` left out."""
    if holds:
        return
    times, rest = divmod(ppm, PPM)
    slip = f": {times} is {times} times the whole, for so many per cent write `{times} %`"
    told = f"{Decimal(ppm).scaleb(-4).normalize():f} %"
    raise ValueError(f"{problem}, found {told}{'' if rest else slip}")
