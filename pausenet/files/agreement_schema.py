"""The JSON Schema of agreement files, made from the forms that also read them."""

from __future__ import annotations

from dataclasses import MISSING
from dataclasses import fields as members_of
from enum import StrEnum
from typing import Any, Final, cast

from pausenet.files.quantities import key_of, quantity_of
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import Anatomy
from pausenet.statements.forms import (
    Flag,
    Form,
    Many,
    Maybe,
    OneOf,
    Part,
    Record,
    Text,
    Whole,
    Word,
    forms_of,
)
from pausenet.statements.rule import Rule

Schema = dict[str, Any]
_VERIFIER: Final[Schema] = {
    "type": ["string", "object"],
    "description": "a verifier's name, or its name and bloc",
}


def agreement_schema() -> Schema:
    """The schema of a whole agreement file."""
    whole = _record(Agreement)
    whole["properties"]["verifiers"] = {"type": "array", "items": _VERIFIER}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A pause agreement, as a person writes it",
        **whole,
    }


def _record(kind: type[Record]) -> Schema:
    """The schema of a mapping whose keys are a record's members."""
    defaults = {each.name for each in members_of(cast(Any, kind)) if each.default is not MISSING}
    properties: Schema = {}
    required = []
    for name, form in forms_of(kind).items():
        key = key_of(name)
        properties[key] = _member(form, name)
        optional = name in defaults or name == "tiers" or (kind is Rule and key == "need")
        if not optional:
            required.append(key)
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": required,
    }


def _member(form: Form, name: str) -> Schema:
    match form:
        case Whole():
            quantity = quantity_of(name)
            if quantity is None:
                return {"type": ["integer", "string"]}
            return {"type": ["string", "number"], "examples": [quantity.example]}
        case Flag():
            return {"type": "boolean"}
        case Text(most=most, least=least):
            return {"type": "string", "minLength": least, "maxLength": most}
        case Word(of=of, among=among):
            if not issubclass(of, StrEnum):
                return {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,31}$"}
            return {"enum": [str(each) for each in among or tuple(of)]}
        case Part(of=of):
            if of is Anatomy:
                return {"anyOf": [{"const": "standard"}, _record(of)]}
            return (
                {"anyOf": [_record(of), {"type": "string"}]}
                if name == "activation"
                else _record(of)
            )
        case Maybe(of=of):
            return {"anyOf": [{"const": "none"}, _record(of)]}
        case OneOf(tag=tag, of=of):
            return {"anyOf": [_tagged(tag, each) for each in of]}
        case Many(item=item, low=low, high=high):
            items = _member(item, name)
            return {"type": "array", "items": items, "minItems": low, "maxItems": high}
        case _:
            raise AssertionError(form)


def _tagged(tag: str, kind: type[Record]) -> Schema:
    """A record of a union: alone by its word where it has no members."""
    found = _record(kind)
    found["properties"] = {tag: {"const": str(kind.KIND)}, **found["properties"]}
    found["required"] = [tag, *found["required"]]
    if len(found["required"]) == 1:
        return {"anyOf": [{"const": str(kind.KIND)}, found]}
    return found
