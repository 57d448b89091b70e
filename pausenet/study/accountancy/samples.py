"""Assertions on samples: items that are inspected, work that is run again."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pausenet.inference.sampling.hypergeometric import approximate_size, sample_size
from pausenet.inference.sampling.recompute import challenges_needed
from pausenet.study.assertions import Assertion, Inputs, Numbers

_SERVERS: Final = {"items": 12_500, "defects": 125, "high": 0.9, "middle": 0.5, "low": 0.2}
_FEW: Final = {"items": 12_500, "defects": 2, "high": 0.9}
_HYPERGEOMETRIC: Final = "pausenet.inference.sampling.hypergeometric"
_FORMULA: Final = "design document 2.1 [D]; the formula of INMM Journal 44-3"
_COUNTED: Final = "design document 2.1 [D]; exact hypergeometric count"
_REMARK: Final = "the formula is approximate; these are the exact sizes, which are enough"


def _approximate(inputs: Inputs) -> Numbers:
    items, defects = int(inputs["items"]), int(inputs["defects"])
    return tuple(approximate_size(items, defects, inputs[name]) for name in _levels(inputs))


def _exact(inputs: Inputs) -> Numbers:
    items, defects = int(inputs["items"]), int(inputs["defects"])
    return tuple(sample_size(items, defects, _fraction(inputs[name])) for name in _levels(inputs))


def _levels(inputs: Inputs) -> tuple[str, ...]:
    return tuple(name for name in ("high", "middle", "low") if name in inputs)


def _challenges(inputs: Inputs) -> Numbers:
    wanted = _fraction(inputs["confidence"])
    shares = (inputs["percent"], inputs["per_thousand"] / 10, inputs["per_ten_thousand"] / 100)
    return tuple(challenges_needed(_fraction(share) / 100, wanted) for share in shares)


def _fraction(value: float) -> Fraction:
    """The short decimal that was meant, and not the float nearest to it."""
    return Fraction(value).limit_denominator(10**9)


ASSERTIONS: Final = (
    Assertion(
        number="2.1.13",
        says="of 12,500 servers 125 are not as declared: sample for 90, 50 and 20 %, by the "
        "safeguards formula",
        inputs=_SERVERS,
        stated=("229", "70", "23"),
        unit="items",
        compute=_approximate,
        how=(f"{_HYPERGEOMETRIC}.approximate_size",),
        source=_FORMULA,
    ),
    Assertion(
        number="2.1.14",
        says="the same, counted exactly",
        inputs=_SERVERS,
        stated=("229", "70", "23"),
        unit="items",
        compute=_exact,
        how=(f"{_HYPERGEOMETRIC}.sample_size",),
        source=_COUNTED,
        remark=_REMARK,
    ),
    Assertion(
        number="2.1.15",
        says="of 12,500 servers 2 are not as declared: sample for 90 %, by the formula",
        inputs=_FEW,
        stated=("8548",),
        unit="items",
        compute=_approximate,
        how=(f"{_HYPERGEOMETRIC}.approximate_size",),
        source=_FORMULA,
    ),
    Assertion(
        number="2.1.16",
        says="the same, counted exactly",
        inputs=_FEW,
        stated=("8548",),
        unit="items",
        compute=_exact,
        how=(f"{_HYPERGEOMETRIC}.sample_size",),
        source=_COUNTED,
        remark=_REMARK,
    ),
    Assertion(
        number="2.1.17",
        says="clean recompute challenges that refute a dirty share of 1, 0.1 and 0.01 % with 95 %",
        inputs={"confidence": 0.95, "percent": 1.0, "per_thousand": 1.0, "per_ten_thousand": 1.0},
        stated=("299", "2995", "29956"),
        unit="challenges",
        compute=_challenges,
        how=("pausenet.inference.sampling.recompute.challenges_needed",),
        source="design document 2.1 and 1.7 [D]; the binomial distribution",
    ),
)
