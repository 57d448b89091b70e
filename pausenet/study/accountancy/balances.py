"""Assertions on one balance, and on a year of them."""

from __future__ import annotations

from typing import Final

import numpy as np

from pausenet.inference.arrays import Floats
from pausenet.inference.balance import MeterError
from pausenet.inference.detection import sigmas_needed
from pausenet.inference.sequential.covariance import calibration_blocks, merged, use_covariance
from pausenet.inference.sequential.designs import cumuf_detection
from pausenet.inference.sequential.losses import best_detection, worst_case
from pausenet.study.assertions import Assertion, Inputs, Numbers

_YEAR: Final = {
    "weeks": 52,
    "random_ppm": 10_000,
    "systematic_ppm": 10_000,
    "diverted_percent": 1.0,
    "alpha": 0.05,
}
_EVERY: Final = (52, 13, 4)


def _covariance(inputs: Inputs, every: int) -> Floats:
    weeks = int(inputs["weeks"])
    meter = MeterError(
        random_ppm=int(inputs["random_ppm"]), systematic_ppm=int(inputs["systematic_ppm"])
    )
    return use_covariance(np.ones(weeks), meter, calibration_blocks(weeks, every))


def _needed(inputs: Inputs) -> Numbers:
    wanted = (inputs["low"], inputs["middle"], inputs["high"])
    return tuple(sigmas_needed(detection, inputs["alpha"]) for detection in wanted)


def _known_answer(inputs: Inputs) -> Numbers:
    loss = np.full(int(inputs["weeks"]), 0.01 * inputs["diverted_percent"])
    return tuple(
        cumuf_detection(loss, _covariance(inputs, int(inputs[f"every_{every}"])), inputs["alpha"])
        for every in _EVERY
    )


def _subdivided(inputs: Inputs) -> Numbers:
    """The best test against the diverter's best pattern, in one balance and in ever more."""
    weeks = int(inputs["weeks"])
    total = 0.01 * inputs["diverted_percent"] * weeks
    whole = _covariance(inputs, int(inputs["every"]))
    found = []
    for balances in (1, 4, 13, weeks):
        lengths = [len(part) for part in np.array_split(np.arange(weeks), balances)]
        covariance = merged(whole, lengths)
        found.append(best_detection(worst_case(total, covariance), covariance, inputs["alpha"]))
    return tuple(found)


ASSERTIONS: Final = (
    Assertion(
        number="2.1.1",
        says="at alpha 5 % a hidden quantity is found with 50, 90 and 95 % where it is so many "
        "sigmas of the balance",
        inputs={"low": 0.50, "middle": 0.90, "high": 0.95, "alpha": 0.05},
        stated=("1.645", "2.93", "3.29"),
        unit="sigma",
        compute=_needed,
        how=("pausenet.inference.detection.sigmas_needed",),
        source="design document 2.1 [D]; the normal distribution",
    ),
    Assertion(
        number="2.1.2",
        says="the use account over 52 weeks, random and systematic error 1 %, 1 % diverted all "
        "year, alpha 5 %: detection where the meter is calibrated every 52, 13 and 4 weeks",
        inputs={**_YEAR, **{f"every_{every}": every for every in _EVERY}},
        stated=("0.256", "0.611", "0.943"),
        unit="probability",
        compute=_known_answer,
        how=(
            "pausenet.inference.sequential.covariance.use_covariance",
            "pausenet.inference.sequential.designs.cumuf_detection",
        ),
        source="design document 2.1 [D]; covariance: sandialabs/MAPIT, theory guide",
    ),
    Assertion(
        number="2.1.3",
        says="dividing the year into 1, 4, 13 or 52 balances does not raise the detection of a "
        "protracted loss whose pattern the diverter chooses",
        inputs={**_YEAR, "every": 13},
        stated=(),
        unit="probability",
        compute=_subdivided,
        holds=lambda found: max(found) - min(found) < 1e-9,
        how=(
            "pausenet.inference.sequential.losses.worst_case",
            "pausenet.inference.sequential.losses.best_detection",
        ),
        source="design document 2.1, not marked [D]; Avenhaus and Jaech, JNMM 10 (1981)",
    ),
)
