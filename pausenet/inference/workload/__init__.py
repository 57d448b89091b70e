"""Evidence from what machines do: windows, gaps, sizes, beats, steps, notices and repeats.

Each test keeps a false-alarm rate set beforehand, says its power against a stated alternative,
and what it cannot see (`evidence`). `windows`, `periodicity` and `changepoint` need numpy; the
others are exact.
"""

from pausenet.inference.workload.bunching import bunching_p_value, bunching_power, runs_beside
from pausenet.inference.workload.changepoint import (
    rank_sum_p_value,
    rank_sum_power,
    step_limit,
    step_p_value,
    step_power,
)
from pausenet.inference.workload.evidence import UNSEEN, Outcome, WorkloadTest
from pausenet.inference.workload.gaps import gaps_p_value, gaps_power, shifted_p_value
from pausenet.inference.workload.notice import (
    Direction,
    notice_p_value,
    notice_power,
    placebos_needed,
)
from pausenet.inference.workload.periodicity import (
    periodicity_p_value,
    periodicity_power,
    share_limit,
    shares,
)
from pausenet.inference.workload.replay import alike, repeats, replay_bound, replay_length
from pausenet.inference.workload.windows import OperatingPoint, Roc, window_operation, window_test

__all__ = [
    "UNSEEN",
    "Direction",
    "OperatingPoint",
    "Outcome",
    "Roc",
    "WorkloadTest",
    "alike",
    "bunching_p_value",
    "bunching_power",
    "gaps_p_value",
    "gaps_power",
    "notice_p_value",
    "notice_power",
    "periodicity_p_value",
    "periodicity_power",
    "placebos_needed",
    "rank_sum_p_value",
    "rank_sum_power",
    "repeats",
    "replay_bound",
    "replay_length",
    "runs_beside",
    "share_limit",
    "shares",
    "shifted_p_value",
    "step_limit",
    "step_p_value",
    "step_power",
    "window_operation",
    "window_test",
]
