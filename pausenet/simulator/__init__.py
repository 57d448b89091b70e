"""The deterministic world: a heap, a seed, and the same machines that real nodes run."""

from pausenet.simulator.adversary import adversary_for, adversary_of
from pausenet.simulator.fleet import samples
from pausenet.simulator.run import RunResult, simulate
from pausenet.simulator.setting import Setting, setting_of
from pausenet.simulator.swarm import SwarmOptions, draw

__all__ = [
    "RunResult",
    "Setting",
    "SwarmOptions",
    "adversary_for",
    "adversary_of",
    "draw",
    "samples",
    "setting_of",
    "simulate",
]
