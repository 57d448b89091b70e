"""The JSON Schemas that ship beside these modules, generated from the models.

    python -m pausenet.files.schemas

writes them; a test compares.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from pausenet.files.agreement_schema import agreement_schema
from pausenet.files.model import ScenarioModel
from pausenet.files.samples import ReadingLine, UsageLine
from pausenet.files.scalars import Scalar

AGREEMENT_SCHEMA: Final = "agreement.schema.json"
SCHEMAS: Final[dict[str, type[BaseModel]]] = {
    "scenario.schema.json": ScenarioModel,
    "usage-line.schema.json": UsageLine,
    "reading-line.schema.json": ReadingLine,
}


class _Schema(GenerateJsonSchema):
    """Names defaults as people write them in a file; that of a section stands at its keys."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """The schema of a key with a default."""
        found = super().default_schema(schema)
        if isinstance(schema.get("default"), BaseModel):
            del found["default"]
        reader = _reader(schema["schema"])
        if reader is not None and reader.write is not None and "default" in found:
            found["default"] = reader.write(schema["default"])
        return found


def _reader(schema: object) -> Scalar | None:
    """Which of our readers a part of a model is read by, if any."""
    function = schema.get("function") if isinstance(schema, dict) else None
    read = function.get("function") if isinstance(function, dict) else None
    reader = getattr(read, "__self__", None)
    return reader if isinstance(reader, Scalar) else None


def schema_text(shape: type[BaseModel]) -> str:
    """The schema of one model, as it stands in its file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= shape.model_json_schema(schema_generator=_Schema)
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def agreement_schema_text() -> str:
    """The schema of agreement files, which forms and not a model give."""
    return json.dumps(agreement_schema(), indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write every schema beside this module."""
    (Path(__file__).parent / AGREEMENT_SCHEMA).write_text(agreement_schema_text(), encoding="utf-8")
    for name, shape in SCHEMAS.items():
        (Path(__file__).parent / name).write_text(schema_text(shape), encoding="utf-8")


if __name__ == "__main__":
    main()
