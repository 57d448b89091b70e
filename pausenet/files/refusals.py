"""How the mistakes of a scenario file are told: pydantic's errors as ours, in a person's words."""

from __future__ import annotations

from dataclasses import fields
from typing import Final, NoReturn

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from pausenet.files import costs_model, located, model, world_model
from pausenet.files.located import Located, suggestion
from pausenet.statements.codec import BODIES, Kind

_FEW: Final = 8
"""So many keys are listed where one of them is not known."""
_SHAPES: Final[dict[tuple[str, ...], type[BaseModel]]] = {
    (): model.ScenarioModel,
    ("clock",): model.ClockModel,
    ("verifiers",): model.VerifierModel,
    ("labs",): model.LabModel,
    ("labs", "runs"): model.RunModel,
    ("agreement",): model.AgreementModel,
    ("meters",): model.MetersModel,
    ("acts",): model.ActModel,
    ("cheats",): model.CheatModel,
    ("evasions",): model.EvasionModel,
    ("channels",): model.ChannelModel,
    ("faults", "partition"): model.PartitionModel,
    ("faults", "restore"): model.RestoreModel,
    ("faults", "rotation"): model.RotationModel,
    ("faults", "typo"): model.TypoModel,
    ("faults",): model.PartitionModel,
    ("changes",): model.ChangeModel,
    ("world",): world_model.WorldModel,
    ("world", "algorithms"): world_model.AlgorithmsModel,
    ("world", "frontier"): world_model.FrontierModel,
    ("world", "loop"): world_model.LoopModel,
    ("world", "limits"): world_model.LimitModel,
    ("world", "fleets"): world_model.FleetsModel,
    ("world", "indicators"): world_model.PathModel,
    ("costs",): costs_model.CostsModel,
    ("costs", "prices"): costs_model.PricesModel,
    ("costs", "channels"): costs_model.ChannelCostModel,
    ("costs", "evasions"): costs_model.EvasionCostModel,
    ("expect",): model.ExpectModel,
    ("expect", "findings"): model.ExpectedFindingModel,
    ("expect", "leads"): model.ExpectedLeadModel,
}


def refuse_kin(source: Located) -> None:
    """Refuse an agreement where a scenario is wanted, and say what reads it."""
    tree = source.tree
    if isinstance(tree, dict) and {"parties", "schedule"} <= set(tree) and "labs" not in tree:
        source.refuse((), "this is an agreement: see `pausenet agreement explain`")


def known_terms(kind: Kind) -> tuple[str, ...]:
    """The keys of an act's terms: the statement's body but for the agreement's digest."""
    return tuple(each.name for each in fields(BODIES[kind]) if each.name != "agreement")


def refuse_shape(source: Located, error: ErrorDetails) -> NoReturn:
    """Turn pydantic's first error into ours."""
    path, kind = error["loc"], error["type"]
    if kind == "extra_forbidden":
        known = _known_keys(path[:-1])
        hint = suggestion(str(path[-1]), known)
        if len(known) <= _FEW:
            of = path[-2] if len(path) > 1 and isinstance(path[-2], str) else "this mapping"
            hint += f" - {of} has {', '.join(known)}"
        source.refuse(path, f'unknown key "{path[-1]!s:.80}"{hint}', at_name=True)
    if kind == "missing":
        source.refuse(path[:-1], f'missing key "{path[-1]}"')
    if kind == "value_error":
        source.refuse(path, str(error["ctx"]["error"]))
    if kind == "too_long":
        source.refuse(path, f"expected at most {error['ctx']['max_length']} of them")
    if kind == "union_tag_not_found":
        source.refuse(path, 'missing key "kind"')
    if kind == "union_tag_invalid":
        wanted = error["ctx"]["expected_tags"].replace("'", "")
        problem = f'expected one of {wanted}; found "{error["ctx"]["tag"]}"'
        source.refuse((*path, "kind"), problem)
    shape = "a list" if kind.startswith(("list", "too_short")) else "a mapping of keys to values"
    under = f' under "{path[-1]}"' if path and isinstance(path[-1], str) else ""
    source.refuse(path, f"expected {shape}{under}")


def _known_keys(path: located.Path) -> list[str]:
    """The keys that the mapping at this path may have."""
    names = tuple(part for part in path if isinstance(part, str))
    while names not in _SHAPES:
        names = names[:-1]
    fields = _SHAPES[names].model_fields
    return [field.alias or name for name, field in fields.items()]
