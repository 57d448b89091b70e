"""A classifier at the accelerators: does work that is called otherwise look like training?

In each period it looks at windows of work that the lab does not declare as training, drawn at
random, and puts what it says of each to Wald's test (`inference.workload.windows`). Of training in
the best disguise that is known it recognises a smaller share; a disguise that nobody has thought
of may hide all of it. Windows are taken as independent: one kind of honest work that looks like
training in all its windows is not allowed for, and would be a false lead.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    YEAR_DAYS,
    ChannelModel,
    Magnitudes,
    Watched,
    assumed,
    each_period,
    sourced,
)
from pausenet.simulator.traces import Costs, Trace
from pausenet.statements.clauses import PPM

_PARAMETERS: Final = {
    "accuracy": sourced(
        0.982, "1", "arXiv 2606.19262 (domain.md 1.7), taken for both kinds of window"
    ),
    "disguised": assumed(
        0.65,
        "1",
        "training windows still recognised in disguise; domain.md 1.7 has accuracies of 43 to 87 %",
        low=0.43,
        high=0.87,
    ),
    "windows_a_day": assumed(20.0, "windows/day", "windows looked at", low=0.1, high=1_000.0),
    "sought": assumed(
        0.1, "1", "share of the windows that the test is made to find", low=0.01, high=0.5
    ),
    "delay_days": assumed(2.0, "days", "from the period's end to the lead", low=0.1, high=14.0),
}
_MISSED: Final = 0.05
_WINDOWS_MAX: Final = 5_000


def _chances(watched: Watched, relabelled: Magnitudes) -> tuple[float, ...]:
    # The package of this test needs numpy, which help must not load.
    from pausenet.inference.workload.windows import OperatingPoint, window_operation, window_test

    values = watched.values
    windows = min(_WINDOWS_MAX, int(values["windows_a_day"] * watched.period_days))
    clean = OperatingPoint(false_alarm=1.0 - values["accuracy"], detection=values["accuracy"])
    recognised = values["disguised"] - clean.false_alarm
    if windows < 1 or recognised <= 0.0:
        return (watched.alpha,) * len(relabelled)
    point = OperatingPoint(
        false_alarm=clean.false_alarm,
        detection=clean.false_alarm + values["sought"] * recognised,
    )
    test = window_test(point, watched.alpha * (1.0 - _MISSED), _MISSED)

    def power(share: float) -> float:
        flagged = clean.false_alarm + among_others(share, watched) * recognised
        return window_operation(test, flagged, windows).alarm

    return each_period(power, watched, relabelled)


def among_others(relabelled: float, watched: Watched) -> float:
    """Of the windows that are not declared as training, the share that is training all the same."""
    training = watched.lab.training_ppm / PPM
    hidden = min(1.0, relabelled) * training
    declared_otherwise = 1.0 - training + hidden
    return hidden / declared_otherwise if declared_otherwise > 0.0 else 0.0


def _costs(watched: Watched) -> Costs:
    """Devices at the racks of a sample of 64 accelerators, and a person for half their time."""
    del watched
    return Costs(meters=64.0, people=0.5, intrusions=YEAR_DAYS)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.CLASSIFIER,
    title="a classifier of workloads",
    senses=Trace.RELABELLED,
    controls=frozenset({"taps"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="disguises that nobody has thought of, and accelerators without a device",
)
"""Looks at work that is not called training."""
