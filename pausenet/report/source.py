"""What made a result, as every picture, table and page says it; nothing of a clock or a machine."""

from __future__ import annotations

from dataclasses import dataclass

from pausenet import __version__
from pausenet.files.resolved import scenario_digest
from pausenet.scenario.plan import Scenario
from pausenet.values import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The scenario by name and digest, its seed, and this program's version."""

    scenario: str
    scenario_digest: Digest
    seed: int
    version: str = __version__

    @property
    def line(self) -> str:
        """The footer of every picture."""
        digest = self.scenario_digest.hex()[:16]
        return (
            f"Source: pausenet {self.version}; scenario {self.scenario}, digest {digest}; "
            f"seed {self.seed}"
        )

    def to_dict(self) -> dict[str, str]:
        """The same for a file's metadata."""
        return {
            "scenario": self.scenario,
            "scenario_digest": self.scenario_digest.hex(),
            "seed": str(self.seed),
            "version": self.version,
        }


def source_of(scenario: Scenario) -> Source:
    """The source of a scenario's results."""
    return Source(
        scenario=scenario.name, scenario_digest=scenario_digest(scenario), seed=scenario.seed
    )
