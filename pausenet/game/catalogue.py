"""Every model and every paper, by name: each package or module lists its own in `MODELS`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from pausenet.errors import Misuse
from pausenet.game import (
    chain,
    coalition,
    deterrence,
    equilibrium,
    evolution,
    global_game,
    inspection,
    race,
    repeated,
    security,
    stakes,
    tournament,
)
from pausenet.game.checks import Check, Paper
from pausenet.game.model import Model

_LISTED: Final[tuple[tuple[Model, ...], ...]] = (
    chain.MODELS,
    coalition.MODELS,
    deterrence.MODELS,
    equilibrium.MODELS,
    evolution.MODELS,
    global_game.MODELS,
    inspection.MODELS,
    race.MODELS,
    repeated.MODELS,
    security.MODELS,
    stakes.MODELS,
    tournament.MODELS,
)


@cache
def models() -> Mapping[str, Model]:
    """Every model by its name, in the alphabet's order."""
    found: dict[str, Model] = {}
    for listed in _LISTED:
        for model in listed:
            if found.setdefault(model.name, model) is not model:
                raise Misuse(f"{model.name}: two models have this name")
    return MappingProxyType(dict(sorted(found.items())))


@cache
def papers() -> Mapping[str, Paper]:
    """Every paper by its key, in the alphabet's order."""
    found: dict[str, Paper] = {}
    for model in models().values():
        for paper in (*model.papers, *(check.paper for check in model.checks)):
            if found.setdefault(paper.key, paper) != paper:
                raise Misuse(f"{paper.key}: two papers have this key")
    return MappingProxyType(dict(sorted(found.items())))


def model_named(name: str) -> Model:
    """A model. Raises `Misuse` with the nearest name."""
    known = models()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" - did you mean {near[0]!r}?" if near else "; see pausenet game list"
        raise Misuse(f"unknown game {name!r:.80}{hint}")
    return known[name]


def checks_of(name: str) -> tuple[tuple[Model, Check], ...]:
    """The checks of a model or of a paper. Raises `Misuse` for a name that is neither."""
    every = [(model, check) for model in models().values() for check in model.checks]
    if name in models():
        return tuple((model, check) for model, check in every if model.name == name)
    if name not in papers():
        near = difflib.get_close_matches(name, (*papers(), *models()), n=1)
        hint = f" - did you mean {near[0]!r}?" if near else ""
        raise Misuse(f"unknown paper or game {name!r:.80}{hint}; see pausenet reproduce --list")
    return tuple((model, check) for model, check in every if check.paper.key == name)
