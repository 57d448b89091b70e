"""The evasions of the design document's table (domain.md 3), one module each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pausenet.errors import Misuse
from pausenet.scenario.evasions import EvasionKind
from pausenet.simulator.adversary.evasions import (
    e01_under_declaration,
    e02_label_swap,
    e03_rl_split,
    e04_structuring,
    e05_distributed_training,
    e06_undeclared_site,
    e07_chip_diversion,
    e08_chip_swap,
    e09_meter_tamper,
    e10_idle_cover,
    e11_forked_log,
    e12_outage,
    e13_backdating,
    e14_sanitisation,
    e15_cloud_laundering,
    e16_transfer,
    e17_precision,
    e18_insider_silence,
    e19_captured_verifiers,
    e20_breakout,
    e21_dilution,
    e22_mfu_shading,
    e23_indicator_gaming,
)
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel

EVASIONS: Final[Mapping[EvasionKind, EvasionModel]] = MappingProxyType(
    {
        module.EVASION.kind: module.EVASION
        for module in (
            e01_under_declaration,
            e02_label_swap,
            e03_rl_split,
            e04_structuring,
            e05_distributed_training,
            e06_undeclared_site,
            e07_chip_diversion,
            e08_chip_swap,
            e09_meter_tamper,
            e10_idle_cover,
            e11_forked_log,
            e12_outage,
            e13_backdating,
            e14_sanitisation,
            e15_cloud_laundering,
            e16_transfer,
            e17_precision,
            e18_insider_silence,
            e19_captured_verifiers,
            e20_breakout,
            e21_dilution,
            e22_mfu_shading,
            e23_indicator_gaming,
        )
    }
)
"""Every evasion that is modelled."""


def evasion(kind: EvasionKind) -> EvasionModel:
    """The model of this kind; raises `Misuse` for one that is not modelled."""
    if kind not in EVASIONS:
        raise Misuse(f"evasion {kind}: not modelled")
    return EVASIONS[kind]


__all__ = ["EVASIONS", "Evader", "EvasionModel", "evasion"]
