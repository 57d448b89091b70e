"""How often the rules suspect labs that follow them: counted, beside the stated rate.

A *lab-year* is one series of 52 weekly balances of a lab that declares what it uses. `by_rules`
puts very many of them through the tests of the rules, vectorised; `by_protocol` puts a few
through everything: labs and meters that state them, a verifier (mode `single`) that stores, cuts
and appraises them; how many verifiers say the same changes no rate.
Fleets, use and errors are drawn from a seed; the errors follow the model that the agreement states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from pausenet.inference.balance import MeterError
from pausenet.inference.sequential.many import Wholes, first_alarms, values_of
from pausenet.protocol import rules
from pausenet.scenario.plan import LabPlan, MeterErrors, Scenario, VerifierPlan
from pausenet.simulator.outcome.intervals import share
from pausenet.simulator.randomness import seed_bytes
from pausenet.simulator.run import simulate
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId

WEEK_S: Final = 7 * 86_400
LABS_A_RUN: Final = 8
METERS: Final = (
    MeterErrors(random_ppm=10_000, systematic_ppm=3_000),
    MeterErrors(random_ppm=10_000, systematic_ppm=10_000, calibration_periods=4),
    MeterErrors(random_ppm=2_000, systematic_ppm=5_000, calibration_periods=13),
    MeterErrors(random_ppm=20_000, systematic_ppm=1_000, calibration_periods=26),
)
"""Kinds of meters that the lab-years are divided among: the rate must not depend on them."""
_CHUNK: Final = 10_000
_NOTICE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseAlarms:
    """How many of so many lab-years with one kind of meter alarmed."""

    meters: MeterErrors
    lab_years: int
    alarms: int

    def line(self) -> str:
        """The kind of meter and the count, for people."""
        every = self.meters.calibration_periods
        renewed = f"every {every} weeks" if every else "never"
        return (
            f"random {self.meters.random_ppm} ppm, systematic {self.meters.systematic_ppm} ppm, "
            f"recalibrated {renewed}: {counted(self.alarms, self.lab_years)}"
        )


def counted(alarms: int, lab_years: int) -> str:
    """A rate with its exact interval, and whether the stated rate lies in it."""
    interval = share(alarms, lab_years).interval
    stated = rules.ALPHA_PPM / 10**6
    word = "in it" if holds(alarms, lab_years) else "NOT in it"
    return (
        f"{alarms} false alarms in {lab_years} lab-years, {100 * alarms / lab_years:.2f} % "
        f"(95 % interval {100 * interval.low:.2f} % to {100 * interval.high:.2f} %; "
        f"stated {100 * stated:.2f} %, {word})"
    )


def holds(alarms: int, lab_years: int) -> bool:
    """Whether the stated rate lies in the 95 % interval of what was counted."""
    return share(alarms, lab_years).interval.covers(rules.ALPHA_PPM / 10**6)


def by_rules(lab_years: int, seed: int) -> tuple[FalseAlarms, ...]:
    """Lab-years through the tests of the rules, for each kind of meter."""
    share = -(-lab_years // len(METERS))
    return tuple(_kind(meters, share, seed) for meters in METERS)


def by_protocol(lab_years: int, seed: int) -> FalseAlarms:
    """Lab-years through the whole protocol, many labs a run: those with an F7 finding."""
    alarms = done = 0
    for scenario in _runs(lab_years, seed):
        result = simulate(scenario)
        done += len(scenario.labs)
        alarms += sum(
            any(finding.fault is Fault.F7 for finding in appraisal.findings)
            for appraisal in result.appraisals.values()
        )
    return FalseAlarms(meters=METERS[1], lab_years=done, alarms=alarms)


def balances(meters: MeterErrors, series: int, seed: int) -> tuple[Wholes, Wholes]:
    """Declared and metered energy of labs that hide nothing, shape (series, periods), in Wh."""
    name = f"{meters.random_ppm}/{meters.systematic_ppm}/{meters.calibration_periods}"
    source = seed_bytes(seed, "false-alarms", name)
    chance, periods = np.random.default_rng(int.from_bytes(source, "big")), rules.SERIES.periods
    fleets = 10.0 ** chance.uniform(6.0, 9.9, (series, 1))
    declared = np.ceil(fleets * chance.uniform(0.6, 1.0, (series, periods))).astype(np.int64)
    every = meters.calibration_periods or periods
    calibrations = chance.normal(0.0, meters.systematic_ppm, (series, -(-periods // every)))
    systematic = np.repeat(calibrations, every, axis=1)[:, :periods]
    error = systematic + chance.normal(0.0, meters.random_ppm, (series, periods))
    metered = np.ceil(declared * (1.0 + 1e-6 * error)).astype(np.int64)
    return declared, np.maximum(metered, 0)


def _kind(meters: MeterErrors, lab_years: int, seed: int) -> FalseAlarms:
    error = MeterError(random_ppm=meters.random_ppm, systematic_ppm=meters.systematic_ppm)
    alarms = 0
    for chunk, done in enumerate(range(0, lab_years, _CHUNK)):
        size = min(_CHUNK, lab_years - done)
        declared, metered = balances(meters, size, seed * 1_000_003 + chunk)
        values = values_of(declared, metered, error, meters.calibration_periods)
        alarms += int(np.count_nonzero(first_alarms(values, rules.SERIES) >= 0))
    return FalseAlarms(meters=meters, lab_years=lab_years, alarms=alarms)


def _runs(lab_years: int, seed: int) -> Iterator[Scenario]:
    """Runs of a year and the periods before it binds, until there are so many lab-years."""
    for run in range(-(-lab_years // LABS_A_RUN)):
        yield Scenario(
            question="How often is a lab that follows the rules suspected?",
            name="false-alarms",
            seed=seed * 1_000_003 + run,
            periods=_NOTICE + rules.SERIES.periods,
            speed=86_400,
            period_s=WEEK_S,
            deadline_s=86_400,
            grace_s=5 * 86_400,
            notice_periods=_NOTICE,
            verifiers=(VerifierPlan(name=ParticipantId("verifier-1"), bloc="one"),),
            labs=tuple(
                LabPlan(
                    name=ParticipantId(f"lab-{number}"),
                    accelerators=1_000 * number,
                    sites=1,
                    utilisation_ppm=600_000,
                    training_ppm=500_000,
                )
                for number in range(1, LABS_A_RUN + 1)
            ),
            meters=METERS[1],
        )
