"""The tables of a measurement: their files, the columns of each with what they say, their types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pausenet.report.tables import Type
from pausenet.simulator.outcome import PARTY_COLUMNS, RUN_COLUMNS
from pausenet.simulator.outcome.concluded import RESPONSE_COLUMNS
from pausenet.simulator.outcome.cost import COST_COLUMNS
from pausenet.simulator.outcome.influences import INFLUENCE_COLUMNS
from pausenet.simulator.outcome.kernel_rows import KERNEL_COLUMNS

RESULTS_CSV: Final = "results.csv"
RESULTS_PARQUET: Final = "results.parquet"
DELAYS_CSV: Final = "delays.csv"
RESPONSES_CSV: Final = "responses.csv"
SWINGS_CSV: Final = "swings.csv"
INFLUENCES_CSV: Final = "influences.csv"
COSTS_CSV: Final = "costs.csv"
REPLICATIONS_CSV: Final = "replications.csv"
REPLICATIONS: Final = "replications.jsonl"
"""Every replication as a line of JSON: all other files of a measurement follow from it."""
KERNEL: Final = "kernel"
"""Where the kernels' files stand, when a measurement was made by runs and by kernels."""

DELAY_COLUMNS: Final[Mapping[str, str]] = {
    "party": "who evades",
    "event": "what is waited for: a `finding`, or a `detection`, which a lead is as well",
    "day": "days since the evasion began, at which some runs have their first one",
    "at_risk": "runs without one, and still watched, just before",
    "events": "first ones on that day",
    "without": "Kaplan-Meier: the share without one from that day on",
    "standard_error": "Greenwood's",
    "low": "lower limit of `without`",
    "high": "upper limit of `without`",
}
"""The columns of `delays.csv`, and what each says."""
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    REPLICATIONS_CSV: RUN_COLUMNS,
    RESULTS_CSV: PARTY_COLUMNS,
    DELAYS_CSV: DELAY_COLUMNS,
    RESPONSES_CSV: RESPONSE_COLUMNS,
    INFLUENCES_CSV: INFLUENCE_COLUMNS,
    COSTS_CSV: COST_COLUMNS,
}
"""The columns of every table of replications, and what each says."""
OF_KERNELS: Final[Mapping[str, Mapping[str, str]]] = {
    RESULTS_CSV: KERNEL_COLUMNS,
    DELAYS_CSV: DELAY_COLUMNS,
    RESPONSES_CSV: RESPONSE_COLUMNS,
}
"""The columns of the kernels' tables."""
_TYPES: Final[Mapping[Type, tuple[str, ...]]] = {
    Type.TEXT: (
        *("scenario", "drawn", "network_id", "trace", "party", "evades"),
        *(
            "fault",
            "grade",
            "early_fault",
            "lead",
            "event",
            "first",
            "bearer",
            "item",
            "cost_unit",
            "parameter",
            "outcome",
            "places",
            "unit",
        ),
    ),
    Type.WHOLE: (
        *("replication", "seed", "evaders", "evaders_found", "false_findings", "false_proofs"),
        *("promises_broken", "accelerators", "utilisation_ppm", "training_ppm"),
        *("meter_random_ppm", "meter_systematic_ppm", "amount_ppm", "found", "cut", "proven"),
        *("stands", "at_risk", "events", "runs", "in_time", "by_end", "third"),
    ),
    Type.NUMBER: (
        *("begins_day", "watched_days", "delay_days", "proven_delay_days", "lead_delay_days"),
        *("gained_by_finding_flop", "gained_by_response_flop", "response_days", "lead_months"),
        *("day", "without", "standard_error", "low", "high", "goal_days", "level"),
        *(f"{name}_{end}" for name in ("in_time", "by_end") for end in ("share", "low", "high")),
        *("delay_days_median", "delay_days_low", "delay_days_high"),
        *("years", "accelerator_hours_yearly", "people", "inspector_days_yearly", "meters"),
        *("intrusions_yearly", "accelerator_hours", "person_years", "inspector_days"),
        *("intrusions", "cost", "budget", "gained_by_detection_flop"),
        *("lead_months_by_detection", "lead_months_by_response", "lead_months_by_finding"),
        *("value", "share", "share_at_low", "share_at_high", "false_at_low"),
        *("false_at_high", "swing", "correlation"),
        *(f"{name}{end}" for name in ("at_low", "at_high") for end in ("", "_from", "_to")),
        *("clarification_days", "inspection_days", "determination_days", "answer_days"),
    ),
}
TYPES: Final = {name: kind for kind, names in _TYPES.items() for name in names}
"""The type of every column; one that is not here has none, and is no column."""
