"""Sequences of balances: what hangs together, what alarms, how often, and how soon.

`covariance` says which account a sequence belongs to; `statistics` transforms it; `designs`,
`page`, `watched` and `sprt` test it with a false-alarm rate set beforehand; `runlength` says how
long a test runs; `differences` asks whether figures were falsified; `losses` takes the diverter's
side.
"""

from pausenet.inference.sequential.covariance import (
    StockErrors,
    calibration_blocks,
    chip_covariance,
    merged,
    use_covariance,
)
from pausenet.inference.sequential.differences import PairedStratum, PairedVariances
from pausenet.inference.sequential.orthant import Estimate
from pausenet.inference.sequential.page import PageTest, designed
from pausenet.inference.sequential.runlength import (
    alarm_by,
    average_run_length,
    markov_run_length,
    siegmund_run_length,
)
from pausenet.inference.sequential.sprt import Operation, Sprt, SprtAnswer
from pausenet.inference.sequential.statistics import chip_muf, cumuf, gemuf, sitmuf
from pausenet.inference.sequential.watched import designed_pair, either_detection

__all__ = [
    "Estimate",
    "Operation",
    "PageTest",
    "PairedStratum",
    "PairedVariances",
    "Sprt",
    "SprtAnswer",
    "StockErrors",
    "alarm_by",
    "average_run_length",
    "calibration_blocks",
    "chip_covariance",
    "chip_muf",
    "cumuf",
    "designed",
    "designed_pair",
    "either_detection",
    "gemuf",
    "markov_run_length",
    "merged",
    "siegmund_run_length",
    "sitmuf",
    "use_covariance",
]
