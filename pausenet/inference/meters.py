"""Meters, chips and the chain from the grid to the chip: every number with where it is from.

A figure is a *source* (somebody published it; the address is given), *derived* (arithmetic on
other figures, written out), or an *assumption* (general knowledge that nobody confirmed, or a
choice of this project). Reports print the standing beside the number. The addresses are those of
the design document's sections 6.3 to 6.7; a page may have changed since it was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pausenet.errors import Misuse


class Standing(StrEnum):
    """What a figure rests on."""

    SOURCE = "source"
    DERIVED = "derived"
    ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, the range it is given with (the number twice where none is), unit and basis."""

    value: float
    low: float
    high: float
    unit: str
    standing: Standing
    basis: str

    def __post_init__(self) -> None:
        if not (self.low <= self.value <= self.high and self.unit and self.basis):
            raise Misuse(f"Figure: expected low <= value <= high, a unit, a basis: {self.value}")

    def __str__(self) -> str:
        span = "" if self.low == self.high else f" ({self.low:g} to {self.high:g})"
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"{self.value:g}{span}{unit} [{self.standing}: {self.basis}]"


class ChipKind(StrEnum):
    """The kinds of accelerator that the design document lists."""

    A100 = "A100"
    H100_SXM = "H100 SXM"
    H200 = "H200"
    B200 = "B200"
    B300 = "B300"
    GB200 = "GB200"
    MI300X = "MI300X"
    MI355X = "MI355X"
    TPU_V5P = "TPU v5p"
    TPU_V6E = "TPU v6e"
    TPU_V7 = "TPU v7 Ironwood"
    TRAINIUM2 = "Trainium2"
    ASCEND_910B = "Ascend 910B"
    ASCEND_910C = "Ascend 910C"


_CHIP_PAGES: Final = "coreai-xeb.pages.dev, rooflinenotes.dev, itkb.uw.cz"
_UNCONFIRMED: Final = "general knowledge, unconfirmed"
_EPOCH_CHAIN: Final = "epoch.ai data insight, 18 Dec 2025"
_OWN: Final = "chosen for this project; edit it for yours"
_TFLOP: Final = 1e12


def _said(value: float, unit: str, page: str) -> Figure:
    return Figure(
        value=value, low=value, high=value, unit=unit, standing=Standing.SOURCE, basis=page
    )


def _taken(
    value: float, unit: str, reason: str = _UNCONFIRMED, *, low: float = 0.0, high: float = 0.0
) -> Figure:
    return Figure(
        value=value,
        low=low or value,
        high=high or value,
        unit=unit,
        standing=Standing.ASSUMPTION,
        basis=reason,
    )


def _peak(tflop: float) -> Figure:
    return _said(tflop * _TFLOP, "FLOP/s", _CHIP_PAGES)


def _peak_taken(tflop: float, reason: str = _UNCONFIRMED, *, to: float = 0.0) -> Figure:
    high = (to or tflop) * _TFLOP
    return _taken(tflop * _TFLOP, "FLOP/s", reason, low=tflop * _TFLOP, high=high)


def _watts(value: float) -> Figure:
    return _said(value, "W", _CHIP_PAGES)


PEAK: Final[Mapping[ChipKind, Figure]] = MappingProxyType(
    {
        ChipKind.A100: _peak_taken(312),
        ChipKind.H100_SXM: _peak(989),
        ChipKind.H200: _peak(989),
        ChipKind.B200: _peak(2_250),
        ChipKind.B300: _peak_taken(2_500, "sources disagree: one says 3,500", to=3_500),
        ChipKind.GB200: _peak_taken(2_500),
        ChipKind.MI300X: _peak(1_307),
        ChipKind.MI355X: _peak(2_500),
        ChipKind.TPU_V5P: _peak(459),
        ChipKind.TPU_V6E: _peak(918),
        ChipKind.TPU_V7: _peak_taken(2_307),
        ChipKind.TRAINIUM2: _peak(667),
        ChipKind.ASCEND_910B: _peak_taken(320, "published figures differ", to=376),
        ChipKind.ASCEND_910C: _peak_taken(750, _UNCONFIRMED, to=800),
    }
)
"""Dense BF16 FLOP/s of one chip. An H100e is 16-bit: caps in FP8 or FP4 need the larger count."""

POWER: Final[Mapping[ChipKind, Figure]] = MappingProxyType(
    {
        ChipKind.A100: _taken(400, "W"),
        ChipKind.H100_SXM: _watts(700),
        ChipKind.H200: _watts(700),
        ChipKind.B200: _watts(1_000),
        ChipKind.B300: _watts(1_400),
        ChipKind.GB200: _taken(1_200, "W"),
        ChipKind.MI300X: _watts(750),
        ChipKind.MI355X: _taken(1_400, "W"),
        ChipKind.TPU_V5P: _taken(450, "W"),
        ChipKind.TRAINIUM2: _taken(500, "W"),
        ChipKind.ASCEND_910B: _taken(310, "W", "published figures differ", low=310, high=400),
        ChipKind.ASCEND_910C: _taken(800, "W"),
    }
)
"""Thermal design power of one chip. TPU v6e and v7 are missing: nothing was found."""

SERVER_OVER_CHIP: Final = _said(1.53, "W/W", _EPOCH_CHAIN)
IT_OVER_SERVER: Final = _said(1.14, "W/W", _EPOCH_CHAIN)
FACILITY_OVER_IT_AT_PEAK: Final = _said(1.4, "W/W", _EPOCH_CHAIN)
ANNUAL_PUE: Final = _taken(
    1.15, "Wh/Wh", "hyperscale range, partly unconfirmed; not the peak overhead", low=1.09, high=1.3
)
H100_AT_FACILITY: Final = Figure(
    value=700 * 1.53 * 1.14 * 1.4,
    low=700 * 1.53 * 1.14 * 1.4,
    high=700 * 1.53 * 1.14 * 1.4,
    unit="W",
    standing=Standing.DERIVED,
    basis="700 W x 1.53 x 1.14 x 1.4, at peak",
)
IDLE_SHARE: Final = _taken(0.125, "of design power", _UNCONFIRMED, low=0.10, high=0.15)
TRAINING_SHARE: Final = _taken(0.9, "of design power")
MFU: Final = _taken(0.40, "FLOP/FLOP", "default of this project for training", low=0.30, high=0.50)
MFU_LLAMA: Final = Figure(
    value=0.405,
    low=0.38,
    high=0.43,
    unit="FLOP/FLOP",
    standing=Standing.DERIVED,
    basis="middle of 38 to 43 %, Llama 3.1 405B: attribution-based-control.ai, aiportalx.com",
)
MFU_OF_THE_EXAMPLE: Final = _taken(
    0.35, "FLOP/FLOP", "example of domain.md 2.1", low=0.30, high=0.50
)
AVAILABILITY: Final = _taken(0.9, "of time", _OWN, low=0.85, high=0.98)

METER_RANDOM: Final = _taken(10_000, "ppm", f"example of domain.md 2.1; {_OWN}")
METER_SYSTEMATIC: Final = _taken(10_000, "ppm", f"example of domain.md 2.1; {_OWN}")
METER_CLASS_C: Final = _said(
    7_000,
    "ppm",
    "largest permissible error at rated load: 2014/32/EU, annex V, on legislation.gov.uk",
)
METER_CLASS_02S: Final = _taken(
    2_000, "ppm", "class 0,2 S of IEC 62053-22; that its limit is 0.2 % is unconfirmed"
)
CALIBRATION_PERIOD: Final = _taken(13, "weeks", _OWN, low=4, high=52)
BALANCE_PERIOD: Final = _taken(7, "days", "material balance period of domain.md 2.1")

FIGURES: Final[Mapping[str, Figure]] = MappingProxyType(
    {
        **{f"peak of {kind}": figure for kind, figure in PEAK.items()},
        **{f"power of {kind}": figure for kind, figure in POWER.items()},
        "server over chip power": SERVER_OVER_CHIP,
        "IT over server power": IT_OVER_SERVER,
        "facility over IT power at peak": FACILITY_OVER_IT_AT_PEAK,
        "H100 at the facility": H100_AT_FACILITY,
        "annual PUE": ANNUAL_PUE,
        "idle share": IDLE_SHARE,
        "training share": TRAINING_SHARE,
        "model FLOP utilisation": MFU,
        "model FLOP utilisation of Llama 3.1": MFU_LLAMA,
        "model FLOP utilisation of the example": MFU_OF_THE_EXAMPLE,
        "availability": AVAILABILITY,
        "meter, random error": METER_RANDOM,
        "meter, systematic error": METER_SYSTEMATIC,
        "meter of class C": METER_CLASS_C,
        "meter of class 0.2 S": METER_CLASS_02S,
        "calibration period": CALIBRATION_PERIOD,
        "balance period": BALANCE_PERIOD,
    }
)
"""Every figure of this module by its name, for reports."""


def h100_equivalents(kind: ChipKind, chips: float = 1.0) -> float:
    """How many H100 so many chips are, by dense 16-bit FLOP/s (Epoch's definition).

    >>> round(h100_equivalents(ChipKind.B200, 1_000))
    2275
    """
    return chips * PEAK[kind].value / PEAK[ChipKind.H100_SXM].value


def watts_at(kind: ChipKind) -> tuple[float, float, float]:
    """The power of one chip at peak as its server, its hall's IT and the facility draw it.

    >>> [round(watts) for watts in watts_at(ChipKind.H100_SXM)]
    [1071, 1221, 1709]
    """
    server = POWER[kind].value * SERVER_OVER_CHIP.value
    hall = server * IT_OVER_SERVER.value
    return server, hall, hall * FACILITY_OVER_IT_AT_PEAK.value
