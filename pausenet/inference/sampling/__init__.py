"""Samples: of items, of readings, of work, of snapshots and of moments to inspect.

`hypergeometric` counts exactly; `measured` allows for instruments that err; `recompute` and
`snapshots` challenge work and chips; `timing` chooses when to inspect unannounced; `allocation`
divides a budget and takes the diverter's side.
"""

from pausenet.inference.sampling.allocation import (
    Stratum,
    diverter_spread,
    even_allocation,
    least_detection,
    least_variance_allocation,
)
from pausenet.inference.sampling.hypergeometric import (
    approximate_size,
    defects_needed,
    detection,
    miss,
    sample_size,
)
from pausenet.inference.sampling.measured import MeasuredSample, worst_defects
from pausenet.inference.sampling.recompute import (
    ChallengePlan,
    challenge_plan,
    challenges_needed,
    share_refuted,
)
from pausenet.inference.sampling.snapshots import inspections_needed, snapshot_miss
from pausenet.inference.sampling.timing import found_in_window, next_time, single_time

__all__ = [
    "ChallengePlan",
    "MeasuredSample",
    "Stratum",
    "approximate_size",
    "challenge_plan",
    "challenges_needed",
    "defects_needed",
    "detection",
    "diverter_spread",
    "even_allocation",
    "found_in_window",
    "inspections_needed",
    "least_detection",
    "least_variance_allocation",
    "miss",
    "next_time",
    "sample_size",
    "share_refuted",
    "single_time",
    "snapshot_miss",
    "worst_defects",
]
