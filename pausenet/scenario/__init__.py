"""What a scenario is: plain values that files are read into and that every shell starts from.

It stands below `files`, `simulator` and `node`, so that none of them has to know another.
"""

from pausenet.scenario.expect import Expectation
from pausenet.scenario.mishaps import PartitionPlan, RestorePlan, RotationPlan
from pausenet.scenario.plan import CheatKind, CheatPlan, LabPlan, Scenario
from pausenet.scenario.terms import agreement_of

__all__ = [
    "CheatKind",
    "CheatPlan",
    "Expectation",
    "LabPlan",
    "PartitionPlan",
    "RestorePlan",
    "RotationPlan",
    "Scenario",
    "agreement_of",
]
