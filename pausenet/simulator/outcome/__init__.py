"""What many runs of one scenario show: how often, how late, at what price, and how falsely."""

from pausenet.simulator.outcome.concluded import (
    EvaderOutcome,
    Fidelity,
    FollowerOutcome,
    MeasuredOutcome,
    ToResponse,
    of_kernels,
    of_runs,
)
from pausenet.simulator.outcome.cost import Cost, bill
from pausenet.simulator.outcome.engine import Engine
from pausenet.simulator.outcome.intervals import Interval, Rate, Share, rate, share
from pausenet.simulator.outcome.lines import read_line, write_line
from pausenet.simulator.outcome.measured import (
    Evasion,
    Followers,
    Measured,
    measure,
    watched_days,
)
from pausenet.simulator.outcome.replication import (
    Detection,
    Gain,
    PartySeen,
    Replication,
    replicate,
    replication_seed,
)
from pausenet.simulator.outcome.rows import PARTY_COLUMNS, RUN_COLUMNS, party_rows, run_row
from pausenet.simulator.outcome.stopping import Stopped, StoppingRule
from pausenet.simulator.outcome.survival import Curve, Quantile, Spell, kaplan_meier

__all__ = [
    "PARTY_COLUMNS",
    "RUN_COLUMNS",
    "Cost",
    "Curve",
    "Detection",
    "Engine",
    "EvaderOutcome",
    "Evasion",
    "Fidelity",
    "FollowerOutcome",
    "Followers",
    "Gain",
    "Interval",
    "Measured",
    "MeasuredOutcome",
    "PartySeen",
    "Quantile",
    "Rate",
    "Replication",
    "Share",
    "Spell",
    "Stopped",
    "StoppingRule",
    "ToResponse",
    "bill",
    "kaplan_meier",
    "measure",
    "of_kernels",
    "of_runs",
    "party_rows",
    "rate",
    "read_line",
    "replicate",
    "replication_seed",
    "run_row",
    "share",
    "watched_days",
    "write_line",
]
