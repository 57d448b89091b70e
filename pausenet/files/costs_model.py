"""The shape of a scenario file's section `costs`: a unit of account, prices, and amounts."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from pausenet.files.parts import Strict, Text
from pausenet.files.scalars import Scalar, Word
from pausenet.scenario.costs import UNIT
from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.world import ASSUMPTION


def _as_it_stands(value: str) -> str:
    return value


Money: TypeAlias = Annotated[str, Scalar(_as_it_stands, "300000 USD", "string", "number")]
"""An amount of money or an interval; it is read once the unit of account is known."""
Amount: TypeAlias = Annotated[str, Scalar(_as_it_stands, "5 to 20", "string", "number")]


def _unit(value: str) -> str:
    if not UNIT.match(value):
        raise ValueError(f"expected a unit of account in letters, such as USD, found {value!r:.80}")
    return value


Unit: TypeAlias = Annotated[str, Scalar(_unit, "USD", "string")]


class PricesModel(Strict):
    """What one of each costs, in the unit of account; what is left out has no price."""

    accelerator_hour: Money | None = Field(
        default=None, description="an H100-equivalent hour that is lost or run again"
    )
    person_year: Money | None = Field(default=None, description="one full-time person for a year")
    inspector_day: Money | None = Field(default=None, description="one inspector for a day")
    instrument: Money | None = Field(default=None, description="one instrument, power meters too")
    intrusion: Money | None = Field(default=None, description="a visit or query that a lab bears")
    meter_period: Money | None = Field(default=None, description="one lab's power meter, a period")
    verifier_period: Money | None = Field(default=None, description="one verifier, a period")
    site_visit: Money | None = Field(default=None, description="a visit that the agreement draws")
    inspection: Money | None = Field(default=None, description="an inspection that is asked for")


class ChannelCostModel(Strict):
    """What one channel takes of each lab: amounts in the place of its own; money on top."""

    kind: Annotated[ChannelKind, Word(ChannelKind)]
    accelerator_hours: Amount | None = None
    people: Amount | None = None
    inspector_days: Amount | None = None
    meters: Amount | None = Field(default=None, description="instruments, once")
    intrusions: Amount | None = None
    once: Money | None = Field(default=None, description="money on top, once")
    yearly: Money | None = Field(default=None, description="money on top, in a year")


class EvasionCostModel(Strict):
    """What one evasion takes of its evader: amounts in the place of the book's; money on top."""

    kind: Annotated[EvasionKind, Word(EvasionKind)] = Field(description="E01 to E23")
    accelerator_hours: Amount | None = None
    people: Amount | None = None
    meters: Amount | None = Field(default=None, description="instruments, once")
    once: Money | None = Field(default=None, description="money on top, once")
    yearly: Money | None = Field(default=None, description="money on top, in a year")
    each: dict[str, Money] = Field(
        default={}, description="the price of one unit of a setting, such as accelerators"
    )


class CostsModel(Strict):
    """What things cost in this scenario; there are no prices but these."""

    unit: Unit | None = Field(default=None, description="of account: USD, say")
    source: Text = Field(default=ASSUMPTION, description="what the numbers rest on")
    prices: PricesModel = PricesModel()
    channels: list[ChannelCostModel] = Field(default=[], max_length=len(ChannelKind))
    evasions: list[EvasionCostModel] = Field(default=[], max_length=len(EvasionKind))
