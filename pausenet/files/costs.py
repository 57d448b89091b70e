"""The section `costs` and labs' budgets of a scenario file, read and written back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from pydantic import BaseModel

from pausenet.files import located
from pausenet.files.amounts import money_milli, setting_micro, write_micro, write_money
from pausenet.files.costs_model import ChannelCostModel, CostsModel, EvasionCostModel
from pausenet.files.located import Located, suggestion
from pausenet.files.model import ScenarioModel
from pausenet.files.spreads import one_or_interval, write_one_or_interval
from pausenet.scenario.costs import AMOUNTS, NO_COSTS, CostsPlan, ItemCost, Price
from pausenet.scenario.evasions import Catalogue, ChannelKind, EvasionKind, Setting
from pausenet.statements.canonical import Json

_micro: Final = write_one_or_interval(write_micro)
_money: Final = write_one_or_interval(write_money)


def costs_of(source: Located, shape: CostsModel, catalogue: Catalogue | None) -> CostsPlan:
    """The plan; raises `MalformedFile` where a refused number or an unknown setting stands."""
    read = _Reader(source, shape.unit or "", catalogue)
    try:
        return CostsPlan(
            unit=shape.unit or "",
            source=shape.source,
            prices=tuple(
                Price(name=name, milli=read.money(("prices", name), text))
                for name, text in _given(shape.prices).items()
            ),
            channels=tuple(
                read.item(("channels", index), item) for index, item in enumerate(shape.channels)
            ),
            evasions=tuple(
                read.item(("evasions", index), item) for index, item in enumerate(shape.evasions)
            ),
        )
    except ValueError as error:
        source.refuse(("costs", str(error).partition(":")[0]), str(error))


def budget_of(source: Located, index: int, shape: ScenarioModel) -> int | None:
    """A lab's budget; raises `MalformedFile` without a unit of account, or for no amount of it."""
    text, path = shape.labs[index].budget, ("labs", index, "budget")
    if text is None:
        return None
    if not shape.costs.unit:
        source.refuse(path, "budget: nothing says in which unit of account; give costs.unit")
    return _Reader(source, shape.costs.unit, None).read(path, text)


def resolved_costs(costs: CostsPlan) -> dict[str, Json]:
    """The section as plain values, under its key; empty where it was left out."""
    if costs == NO_COSTS:
        return {}
    found: dict[str, Json] = {"unit": costs.unit} if costs.unit else {}
    found["source"] = costs.source
    found["prices"] = _prices(costs.prices)
    found["channels"] = [_item(each) for each in costs.channels]
    found["evasions"] = [_item(each) for each in costs.evasions]
    return {"costs": found}


def resolved_budget(milli: int | None) -> dict[str, Json]:
    """A lab's budget under its key; empty where it has none."""
    return {} if milli is None else {"budget": _money(milli)}


class _Reader:
    """Reads numbers of the section, each refused where it stands."""

    def __init__(self, source: Located, unit: str, catalogue: Catalogue | None) -> None:
        self._source, self._unit, self._catalogue = source, unit, catalogue

    def money(self, path: located.Path, text: str) -> int:
        """An amount of money, or an interval."""
        place = ("costs", *path)
        if not self._unit:
            self._source.refuse(place, "unit: mandatory in costs, as prices are in it")
        return self.read(place, text)

    def read(self, place: located.Path, text: str) -> int:
        """The same anywhere in the file."""
        try:
            found = one_or_interval(partial(money_milli, unit=self._unit))(text)
            Price(name=str(place[-1]), milli=found)
        except ValueError as error:
            self._source.refuse(place, str(error))
        return found

    def item(self, path: located.Path, shape: ChannelCostModel | EvasionCostModel) -> ItemCost:
        """What is said of one channel or evasion."""
        given, kind = _given(shape), shape.kind
        each = shape.each if isinstance(shape, EvasionCostModel) else {}
        return ItemCost(
            kind=kind,
            amounts=tuple(
                self._amount((*path, name), name, given[name]) for name in AMOUNTS if name in given
            ),
            once_milli=self.money((*path, "once"), given.get("once", "0"))
            if "once" in given
            else 0,
            yearly_milli=self.money((*path, "yearly"), given["yearly"]) if "yearly" in given else 0,
            each=tuple(self._each(path, kind, name, each[name]) for name in sorted(each)),
        )

    def _amount(self, path: located.Path, name: str, text: str) -> Setting:
        try:
            return Setting(name=name, micro=one_or_interval(setting_micro)(text))
        except ValueError as error:
            self._source.refuse(("costs", *path), str(error))

    def _each(
        self, path: located.Path, kind: ChannelKind | EvasionKind, name: str, text: str
    ) -> Price:
        known = self._catalogue.evasions.get(EvasionKind(kind)) if self._catalogue else None
        place = (*path, "each", name)
        if known is not None and name not in known:
            hint, has = suggestion(name, list(known)), ", ".join(known) or "none"
            problem = f'unknown setting "{name:.80}"{hint} - {kind} has {has}'
            self._source.refuse(("costs", *place), problem, at_name=True)
        return Price(name=name, milli=self.money(place, text))


def _given(shape: BaseModel) -> dict[str, str]:
    """The texts that stand in a mapping, by their keys."""
    values: Mapping[str, object] = {name: getattr(shape, name) for name in type(shape).model_fields}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def _prices(prices: tuple[Price, ...]) -> Json:
    return {price.name: _money(price.milli) for price in prices}


def _item(item: ItemCost) -> Json:
    found: dict[str, Json] = {"kind": item.name}
    found |= {each.name: _micro(each.micro) for each in item.amounts}
    if item.once_milli:
        found["once"] = _money(item.once_milli)
    if item.yearly_milli:
        found["yearly"] = _money(item.yearly_milli)
    if item.each:
        found["each"] = _prices(item.each)
    return found
