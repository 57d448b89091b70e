"""Assertions on whole fleets: the Rokkasho problem of compute, misstated use, the power chain."""

from __future__ import annotations

from typing import Final

from pausenet.inference.accounts.measured import exact, product, quotient
from pausenet.inference.accounts.quantities import (
    hidden_by_utilisation,
    relative_sigma_needed,
    useful_flop,
)
from pausenet.inference.meters import FACILITY_OVER_IT_AT_PEAK, IT_OVER_SERVER, SERVER_OVER_CHIP
from pausenet.study.assertions import Assertion, Inputs, Numbers

_FLEET: Final = {"h100e": 500_000, "days": 30, "utilisation": 0.35}
_ASKED: Final = {**_FLEET, "detection": 0.95, "alpha": 0.05}
_QUANTITIES: Final = "pausenet.inference.accounts.quantities"
_EPOCH: Final = "989 TFLOP/s of an H100 in dense 16-bit as in inference/meters"


def _useful(inputs: Inputs) -> Numbers:
    whole = useful_flop(inputs["h100e"], inputs["days"], inputs["utilisation"])
    sigma = 0.01 * inputs["sigma_percent"] * whole
    return whole, sigma, sigma / inputs["quantity_flop"]


def _relative(inputs: Inputs, h100e: float, quantity: float) -> float:
    return 100.0 * relative_sigma_needed(
        quantity,
        h100e=h100e,
        days=inputs["days"],
        utilisation=inputs["utilisation"],
        detection=inputs["detection"],
        alpha=inputs["alpha"],
    )


def _fleets(inputs: Inputs) -> Numbers:
    fleets = (inputs["h100e"], inputs["fewer"], inputs["more"])
    return tuple(_relative(inputs, fleet, inputs["quantity_flop"]) for fleet in fleets)


def _one_fleet(inputs: Inputs) -> Numbers:
    return (_relative(inputs, inputs["h100e"], inputs["quantity_flop"]),)


def _misstated(inputs: Inputs) -> Numbers:
    return (hidden_by_utilisation(inputs["h100e"], inputs["days"], 0.01 * inputs["points"]),)


def _chain(inputs: Inputs) -> Numbers:
    """Facility watts for one watt at the chip, and the chip's share in percent."""
    server = product(exact(inputs["server_over_chip"]), exact(inputs["it_over_server"]))
    facility = product(server, exact(inputs["facility_over_it"]))
    return facility.value, quotient(exact(100.0), facility).value


ASSERTIONS: Final = (
    Assertion(
        number="2.1.8",
        says="500,000 H100e over 30 days at a utilisation of 0.35 do so many useful FLOP; a "
        "balance sigma of 1 % of them; that over a quantity of 10^24",
        inputs={**_FLEET, "sigma_percent": 1.0, "quantity_flop": 1e24},
        stated=("4.5e26", "4.5e24", "4.5"),
        unit="FLOP, FLOP, quantities",
        compute=_useful,
        how=(f"{_QUANTITIES}.useful_flop",),
        source=f"design document 2.1 [D], the Rokkasho problem of compute; {_EPOCH}",
    ),
    Assertion(
        number="2.1.9",
        says="to find 10^24 FLOP with 95 % at alpha 5 % a balance may err by at most so much for "
        "500,000, 100,000 and 1,000,000 H100e",
        inputs={**_ASKED, "fewer": 100_000, "more": 1_000_000, "quantity_flop": 1e24},
        stated=("0.068", "0.34", "0.034"),
        unit="%",
        compute=_fleets,
        how=(f"{_QUANTITIES}.relative_sigma_needed",),
        source=f"design document 2.1 [D], the Rokkasho problem of compute; {_EPOCH}",
    ),
    Assertion(
        number="2.1.10",
        says="to find 10^26 FLOP the fleet of 500,000 needs only so much",
        inputs={**_ASKED, "quantity_flop": 1e26},
        stated=("6.8",),
        unit="%",
        compute=_one_fleet,
        how=(f"{_QUANTITIES}.relative_sigma_needed",),
        source=f"design document 2.1 [D], the Rokkasho problem of compute; {_EPOCH}",
    ),
    Assertion(
        number="2.1.11",
        says="one point of misstated utilisation on 500,000 H100e over 30 days hides so many FLOP "
        "(E22)",
        inputs={"h100e": 500_000, "days": 30, "points": 1.0},
        stated=("1.28e25",),
        unit="FLOP",
        compute=_misstated,
        how=(f"{_QUANTITIES}.hidden_by_utilisation",),
        source=f"design document 2.1 [D]; {_EPOCH}",
    ),
    Assertion(
        number="2.1.12",
        says="a facility draws so many watts at peak for each watt of its chips; the chips' share",
        inputs={
            "server_over_chip": SERVER_OVER_CHIP.value,
            "it_over_server": IT_OVER_SERVER.value,
            "facility_over_it": FACILITY_OVER_IT_AT_PEAK.value,
        },
        stated=("2.44", "40"),
        unit="W/W, %",
        compute=_chain,
        how=(
            "pausenet.inference.accounts.measured.product",
            "pausenet.inference.accounts.measured.quotient",
        ),
        source="design document 2.1 [S, D]; epoch.ai data insight, 18 Dec 2025",
        remark="1 / 2.44 is 41 %; the document prints about 40 %",
    ),
)
