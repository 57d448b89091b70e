"""Assertions on what evidence is worth: base rates, estimates of stocks, leaks."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pausenet.inference.fusion.leaks import GIVEN, LeakModel, through
from pausenet.inference.fusion.odds import Alarm
from pausenet.inference.fusion.quantity import CHIP_STOCK_MEDIAN, QuantityChannel
from pausenet.study.assertions import Assertion, Inputs, Numbers

_MEANS: Final = {
    "few": 100,
    "years_of_few": 6.95,
    "many": 1_000,
    "years_of_many": 3.42,
    "dispersion": GIVEN.dispersion,
}
_LEAKS: Final = "pausenet.inference.fusion.leaks"


def _worth(inputs: Inputs) -> Numbers:
    return tuple(
        float(
            100
            * Alarm(
                candidates=int(inputs["candidates"]),
                real=Fraction(int(inputs["real"])),
                detection=Fraction(inputs["detection_percent"]) / 100,
                false_alarm=Fraction(inputs[name]) / 100,
            ).positive_predictive_value
        )
        for name in ("false_alarm_percent", "fewer_percent")
    )


def _ratios(inputs: Inputs) -> Numbers:
    median = 0.01 * inputs["median_percent"]
    shares = (inputs["small_percent"], inputs["middle_percent"], inputs["large_percent"])
    return tuple(QuantityChannel(median=median, share=0.01 * s).max_ratio for s in shares)


def _model(inputs: Inputs) -> LeakModel:
    return through(
        (inputs["few"], inputs["years_of_few"]),
        (inputs["many"], inputs["years_of_many"]),
        dispersion=inputs["dispersion"],
    )


def _fit(inputs: Inputs) -> Numbers:
    model = _model(inputs)
    return model.scale, model.exponent


def _means(inputs: Inputs) -> Numbers:
    model = _model(inputs)
    return model.mean_years(inputs["some"]), model.mean_years(inputs["more"])


def _within(inputs: Inputs) -> Numbers:
    model = _model(inputs)
    people = (inputs["few"], inputs["many"], inputs["more"])
    return tuple(100.0 * model.found_by(inputs["years"], each) for each in people)


def _without_dispersion() -> dict[str, float]:
    return {name: value for name, value in _MEANS.items() if name != "dispersion"}


ASSERTIONS: Final = (
    Assertion(
        number="2.1.18",
        says="of 500 candidates one is real, 90 % detection: so many alarms are true at 5 % and at "
        "0.1 % false alarms",
        inputs={
            "candidates": 500,
            "real": 1,
            "detection_percent": 90.0,
            "false_alarm_percent": 5.0,
            "fewer_percent": 0.1,
        },
        stated=("3.5", "64"),
        unit="%",
        compute=_worth,
        how=("pausenet.inference.fusion.odds.Alarm",),
        source="design document 2.1 [D], the base-rate trap; Bayes' rule",
    ),
    Assertion(
        number="2.2.1",
        says="largest likelihood ratio of any estimate with a median error of 7 %, against 5, 10 "
        "and 20 % diverted",
        inputs={
            "median_percent": 100.0 * CHIP_STOCK_MEDIAN.value,
            "small_percent": 5.0,
            "middle_percent": 10.0,
            "large_percent": 20.0,
        },
        stated=("1.64", "2.7", "7.2"),
        unit="ratio",
        compute=_ratios,
        how=("pausenet.inference.fusion.quantity.QuantityChannel",),
        source="design document 2.2 [D]; errors exponential in size, as in the simulator it names",
    ),
    Assertion(
        number="2.2.2",
        says="a mean of 6.95 years for 100 people and of 3.42 for 1,000 gives A and B",
        inputs=_without_dispersion(),
        stated=("23.36", "1.749"),
        unit="years, 1",
        compute=lambda inputs: _fit({**inputs, "dispersion": GIVEN.dispersion}),
        how=(f"{_LEAKS}.through",),
        source="design document 2.2 [D]",
    ),
    Assertion(
        number="2.2.3",
        says="mean years until 500 and 5,000 people are found",
        inputs={**_without_dispersion(), "some": 500, "more": 5_000},
        stated=("4.1", "2.4"),
        unit="years",
        compute=lambda inputs: _means({**inputs, "dispersion": GIVEN.dispersion}),
        how=(f"{_LEAKS}.LeakModel",),
        source="design document 2.2 [D]",
    ),
    Assertion(
        number="2.2.4",
        says="found within three months where 100, 1,000 and 5,000 people know",
        inputs={**_MEANS, "more": 5_000, "years": 0.25},
        stated=("0.4", "9", "20"),
        unit="%",
        compute=_within,
        how=(f"{_LEAKS}.LeakModel",),
        source="design document 2.2 [D]; a selected sample: see the interval in the reference",
    ),
)
