"""What the scenario's world makes people say: shipments to fleets that grow.

A scenario says how its world goes on, and the acts follow: the lab that receives accelerators and
the vendor that ships them each say so, as the chip account asks of both sides of a transfer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pausenet.scenario.acts import ActPlan
from pausenet.scenario.growth import accelerators_in
from pausenet.scenario.physics import ACCELERATOR
from pausenet.scenario.plan import LabPlan, Scenario
from pausenet.simulator.randomness import seed_bytes
from pausenet.statements.codec import Kind
from pausenet.statements.movement import Direction, Transfer
from pausenet.values import Digest, ParticipantId, PeriodIndex


def unfolded(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with what its world makes people say, as acts; another time it adds nothing."""
    world = scenario.world
    if not world.fleets.vendor:
        return scenario
    acts = [act for lab in scenario.labs for act in _deliveries(scenario, lab, seed)]
    done = replace(world, fleets=replace(world.fleets, vendor=""))
    return replace(scenario, acts=(*scenario.acts, *acts), world=done)


def _deliveries(scenario: Scenario, lab: LabPlan, seed: int) -> Iterator[ActPlan]:
    """Both sides of each transfer to a lab, said at the start of its period."""
    vendor = ParticipantId(scenario.world.fleets.vendor)
    before = lab.accelerators
    for index in range(1, scenario.periods):
        period = PeriodIndex(index)
        now = accelerators_in(scenario, lab, period)
        if now > before:
            batch = Digest(seed_bytes(seed, "delivery", lab.name, str(index)))
            yield _side(vendor, lab.name, Direction.SHIPPED, now - before, batch, period)
            yield _side(lab.name, vendor, Direction.RECEIVED, now - before, batch, period)
        before = now


def _side(
    by: ParticipantId,
    other: ParticipantId,
    direction: Direction,
    count: int,
    batch: Digest,
    period: PeriodIndex,
) -> ActPlan:
    body = Transfer(
        counterparty=other,
        direction=direction,
        kind=ACCELERATOR,
        count=count,
        batch=batch,
        period=period,
    )
    return ActPlan.of(by, period, Kind.TRANSFER, body.to_json())
