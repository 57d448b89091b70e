"""Several channels together: how strongly they speak, and how little an alarm alone may mean.

`channels` and `fused` multiply likelihood ratios across independence groups only; `odds` sets
them beside the prior and the base rate; `quantity` and `leaks` are two channels of the design
document; `joint` needs a known covariance (and numpy); `ablation` says what a channel adds to a
plan, `weights` what it adds to evidence.
"""

from pausenet.inference.fusion.ablation import PlannedChannel, ablation, strength
from pausenet.inference.fusion.channels import Channel, Controls, Joint, groups_of
from pausenet.inference.fusion.fused import Fused, GroupWeight, fused
from pausenet.inference.fusion.leaks import LeakInterval, leak_interval
from pausenet.inference.fusion.odds import Alarm, posterior, posterior_of_log, ratio_needed
from pausenet.inference.fusion.quantity import QuantityChannel
from pausenet.inference.fusion.weights import Weight, weights

__all__ = [
    "Alarm",
    "Channel",
    "Controls",
    "Fused",
    "GroupWeight",
    "Joint",
    "LeakInterval",
    "PlannedChannel",
    "QuantityChannel",
    "Weight",
    "ablation",
    "fused",
    "groups_of",
    "leak_interval",
    "posterior",
    "posterior_of_log",
    "ratio_needed",
    "strength",
    "weights",
]
