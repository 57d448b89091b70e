"""The results of a run's directory for whoever reckons with them: tables, provenance, the outcome.

    from pausenet import results
    loaded = results.load(Path("pausenet-runs/small-diversion-5-x100"))
    loaded.table("results").filter(...)      # a polars data frame
    results.outcome(loaded.directory)        # shares, curves and rates with their intervals

Nothing is run again, and nothing is taken from a file that is not as `run.json` says.
"""

from pausenet.results.compared import Compared, compare
from pausenet.results.loaded import Results, load
from pausenet.results.outcomes import outcome
from pausenet.simulator.outcome import (
    Cost,
    EvaderOutcome,
    Fidelity,
    FollowerOutcome,
    MeasuredOutcome,
    ToResponse,
)

__all__ = [
    "Compared",
    "Cost",
    "EvaderOutcome",
    "Fidelity",
    "FollowerOutcome",
    "MeasuredOutcome",
    "Results",
    "ToResponse",
    "compare",
    "load",
    "outcome",
]
