"""When the network came to each finding: an observer of the simulated world with ground truth.

What counts is what honest verifiers agree on: a finding in the network's appraisal of a lab. Of
verifiers and meters there are no appraisals; a proof against one of them counts from when an
honest verifier first held it. A warrant that was answered before it ever stood in an appraisal is
no finding here, and neither is a proof against a key that its owner had revoked: it accuses no
participant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pausenet.protocol.messages import Report, Told, UsageSample
from pausenet.protocol.verifier import VerifierMachine
from pausenet.simulator.node import Node
from pausenet.simulator.observer import Observer
from pausenet.simulator.world import World
from pausenet.statements.finding import Fault, Finding, Grade
from pausenet.values import ParticipantId, PeriodIndex, Role

_Key: TypeAlias = tuple[ParticipantId, Fault, Grade, tuple[PeriodIndex, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding when it first stood in a network appraisal: the moment, and its cut's period.

    Of a verifier or a meter `cut` is the period that had ended last when the proof was found.
    `moment_s` counts from the start of the first period, in seconds of true network time.
    """

    accused: ParticipantId
    fault: Fault
    grade: Grade
    periods: tuple[PeriodIndex, ...]
    moment_s: int
    cut: PeriodIndex


class Watch(Observer):
    """Notes each finding once, the true samples, and when the run ended."""

    def __init__(self) -> None:
        self._found: dict[_Key, Found] = {}
        self.true: dict[ParticipantId, tuple[UsageSample, ...]] = {}
        self.end_s = 0

    @property
    def found(self) -> tuple[Found, ...]:
        """Every finding, in the order in which the network came to them."""
        return tuple(
            sorted(self._found.values(), key=lambda each: (each.moment_s, each.accused, each.fault))
        )

    def reported(self, world: World, node: Node, report: Report) -> None:
        """Look at the network's appraisals whenever an honest verifier has appraised."""
        if not node.honest:
            return
        if report.told is Told.APPRAISED:
            self._look(world, node)
        if report.told is Told.FAULT and self._role(world, report.about) is not Role.LAB:
            ended = world.schedule.last_ended(world.now_shown)
            self._note(
                Found(
                    accused=ParticipantId(report.about),
                    fault=Fault(str(dict(report.facts)["fault"])),
                    grade=Grade.CONFIRMED,
                    periods=(),
                    moment_s=world.now - world.start,
                    cut=PeriodIndex(max(0, ended)),
                )
            )

    @staticmethod
    def _role(world: World, about: str) -> Role | None:
        """What the participant is; the registrar runs no machine, and others may join later."""
        node = world.nodes.get(ParticipantId(about))
        return None if node is None else node.role

    def finished(self, world: World) -> None:
        """Look once more, and keep what the labs' own instruments had said."""
        for node in world.honest():
            self._look(world, node)
        for name, node in world.nodes.items():
            samples = tuple(each for each in node.samples if isinstance(each, UsageSample))
            if samples:
                self.true[name] = samples
        self.end_s = world.now - world.start

    def _look(self, world: World, node: Node) -> None:
        if not isinstance(node.machine, VerifierMachine):
            return
        for appraisal in node.machine.view.appraisals():
            for finding in appraisal.findings:
                if counts(finding):
                    self._note(
                        Found(
                            accused=finding.accused,
                            fault=finding.fault,
                            grade=finding.grade,
                            periods=finding.periods,
                            moment_s=world.now - world.start,
                            cut=appraisal.period,
                        )
                    )

    def _note(self, found: Found) -> None:
        """Keep the first of its sort."""
        self._found.setdefault((found.accused, found.fault, found.grade, found.periods), found)


def counts(finding: Finding) -> bool:
    """Whether it speaks against its accused: not withdrawn, and not against a revoked key."""
    return finding.grade is not Grade.UNSUPPORTED and not finding.against_a_revoked_key
