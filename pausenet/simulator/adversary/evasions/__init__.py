"""The evasions of the design document's table (domain.md 3), one module each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pausenet.errors import Misuse
from pausenet.scenario.evasions import EvasionKind
from pausenet.simulator.adversary.evasions import e01_under_declaration, e06_undeclared_site
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel

EVASIONS: Final[Mapping[EvasionKind, EvasionModel]] = MappingProxyType(
    {module.EVASION.kind: module.EVASION for module in (e01_under_declaration, e06_undeclared_site)}
)
"""Every evasion that is modelled."""


def evasion(kind: EvasionKind) -> EvasionModel:
    """The model of this kind; raises `Misuse` for one that is not modelled."""
    if kind not in EVASIONS:
        raise Misuse(f"evasion {kind}: not modelled")
    return EVASIONS[kind]


__all__ = ["EVASIONS", "Evader", "EvasionModel", "evasion"]
