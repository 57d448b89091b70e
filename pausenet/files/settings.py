"""Evasions and channels of a scenario file, with the settings that stand under `with`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pausenet.files import amounts, located, model
from pausenet.files.located import Located, suggestion
from pausenet.files.spreads import one_or_interval
from pausenet.scenario.evasions import Catalogue, ChannelKind, ChannelPlan, EvasionPlan, Setting
from pausenet.values import PeriodIndex


def evasions_of(
    source: Located, shape: model.ScenarioModel, catalogue: Catalogue | None
) -> tuple[EvasionPlan, ...]:
    """The planned evasions; refuses settings that the catalogue does not have."""
    found = []
    for index, item in enumerate(shape.evasions):
        path = ("evasions", index)
        known = catalogue.evasions.get(item.kind, {}) if catalogue else None
        settings = _settings(source, path, item.kind, item.settings, known)
        if item.until is not None and item.until <= item.start:
            source.refuse((*path, "until"), f"until: not after from, found {item.until}")
        found.append(
            EvasionPlan(
                by=item.by,
                kind=item.kind,
                start=PeriodIndex(item.start),
                until=None if item.until is None else PeriodIndex(item.until),
                settings=settings,
            )
        )
    return tuple(found)


def channels_of(
    source: Located, shape: model.ScenarioModel, catalogue: Catalogue | None
) -> tuple[ChannelPlan, ...]:
    """The planned channels; refuses a second of one kind, and unknown settings."""
    found: list[ChannelPlan] = []
    for index, item in enumerate(shape.channels):
        path = ("channels", index)
        if isinstance(item, ChannelKind):
            plan = ChannelPlan(kind=item)
        else:
            known = catalogue.channels.get(item.kind, {}) if catalogue else None
            settings = _settings(source, path, item.kind, item.settings, known)
            if item.false_alarms > amounts.PPM:
                source.refuse((*path, "false_alarms"), "false_alarms: expected 0..100 %")
            plan = ChannelPlan(
                kind=item.kind, false_alarms_ppm=item.false_alarms, settings=settings
            )
        if any(plan.kind is other.kind for other in found):
            source.refuse(path, f"channels: {plan.kind} stated twice")
        found.append(plan)
    return tuple(found)


def _settings(
    source: Located,
    path: located.Path,
    kind: str,
    stated: Mapping[str, str],
    known: Mapping[str, str] | None,
) -> tuple[Setting, ...]:
    """The settings in the order of their names; `known` are the catalogue's, with their units."""
    found = []
    for name in sorted(stated):
        if known is not None and name not in known:
            has = ", ".join(known) or "none"
            hint = suggestion(name, list(known))
            problem = f'unknown setting "{name:.80}"{hint} - {kind} has {has}'
            source.refuse((*path, "with", name), problem, at_name=True)
        read = partial(amounts.setting_micro, unit=None if known is None else known[name])
        try:
            found.append(Setting(name=name, micro=one_or_interval(read)(stated[name])))
        except ValueError as error:
            source.refuse((*path, "with", name), str(error))
    return tuple(found)
