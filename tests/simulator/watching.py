"""One lab under one channel, for tests of what the channel reckons."""

from __future__ import annotations

from pausenet.scenario.evasions import ChannelKind
from pausenet.scenario.plan import LabPlan, MeterErrors
from pausenet.simulator.channels import Watched, channel
from pausenet.values import ParticipantId

ALPHA = 0.001
LAB = LabPlan(
    name=ParticipantId("birch"),
    accelerators=12_000,
    sites=1,
    utilisation_ppm=700_000,
    training_ppm=400_000,
)


def chances(
    kind: ChannelKind,
    magnitudes: tuple[float, ...],
    *,
    alpha: float = ALPHA,
    meters: MeterErrors | None = None,
    **settings: float,
) -> tuple[float, ...]:
    """The chances of a channel over a lab with weekly periods that leaves these magnitudes."""
    model = channel(kind)
    assert {*settings} <= {*model.parameters}
    values = {name: figure.value for name, figure in model.parameters.items()}
    watched = Watched(
        values={**values, **settings},
        alpha=alpha,
        lab=LAB,
        periods=len(magnitudes),
        period_days=7.0,
        meters=meters or MeterErrors(),
    )
    return model.chances(watched, magnitudes)
