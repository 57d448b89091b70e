"""What the scenario's world makes people say: shipments to fleets that grow, and measurements.

A scenario says how its world goes on, and the acts follow. The lab that receives accelerators and
the vendor that ships them each say so, as the chip account asks of both sides of a transfer. Those
who measure an indicator state what they find, each with errors of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pausenet.scenario.acts import ActPlan
from pausenet.scenario.growth import accelerators_in
from pausenet.scenario.physics import ACCELERATOR
from pausenet.scenario.plan import LabPlan, Scenario
from pausenet.scenario.research import binding, indicated, speed
from pausenet.scenario.world import MONTH_S, Future, PathPlan
from pausenet.simulator.randomness import seed_bytes, stream
from pausenet.statements.clauses import PPM
from pausenet.statements.codec import Kind
from pausenet.statements.indicator import Indicator
from pausenet.statements.movement import Direction, Transfer
from pausenet.values import Digest, ParticipantId, PeriodIndex


def unfolded(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with what its world makes people say, as acts; another time it adds nothing."""
    world = scenario.world
    if not (world.fleets.vendor or world.indicators):
        return scenario
    acts: list[ActPlan] = []
    if world.fleets.vendor:
        acts += [act for lab in scenario.labs for act in _deliveries(scenario, lab, seed)]
    for path in world.indicators:
        acts += [act for name in path.by for act in _measurements(scenario, path, name, seed)]
    done = replace(world, fleets=replace(world.fleets, vendor=""), indicators=())
    return replace(scenario, acts=(*scenario.acts, *acts), world=done)


def told_world(scenario: Scenario) -> tuple[str, ...]:
    """The pace of research that the scenario assumes, in a line; nothing of a steady world."""
    world = scenario.world
    if world.loop.future is Future.STEADY:
        return ()
    months = Decimal(scenario.periods * scenario.period_s) / MONTH_S
    held = " and ".join(binding(world, months))
    bound = f", as far as {held} goes" if held else ""
    return (
        f"(assumed of the world: a {world.loop.future} future, in which research is "
        f"{speed(world, months):.2g} times as fast at the end as at the beginning{bound})",
    )


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


def _measurements(
    scenario: Scenario, path: PathPlan, by: ParticipantId, seed: int
) -> Iterator[ActPlan]:
    """What one of those who measure an indicator states, period by period."""
    chance = stream(seed, "indicator", path.name, by)
    for index in range(int(path.start), scenario.periods, path.every):
        true = indicated(scenario.world, path, Decimal(index * scenario.period_s) / MONTH_S)
        factor = max(0, PPM + round(chance.gauss(0, path.error_ppm)))
        body = Indicator(
            about=path.about,
            indicator=path.indicator,
            value=min(path.indicator.maximum, true * factor // PPM),
        )
        yield ActPlan.of(by, PeriodIndex(index), Kind.INDICATOR, body.to_json())


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
