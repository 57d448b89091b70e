"""The JSON Schemas that ship beside these modules, generated from the models.

    python -m pausenet.files.schemas

writes them; a test compares.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from pausenet.files.agreement_schema import agreement_schema
from pausenet.files.model import ScenarioModel
from pausenet.files.samples import ReadingLine, UsageLine

AGREEMENT_SCHEMA: Final = "agreement.schema.json"
SCHEMAS: Final[dict[str, type[BaseModel]]] = {
    "scenario.schema.json": ScenarioModel,
    "usage-line.schema.json": UsageLine,
    "reading-line.schema.json": ReadingLine,
}


def schema_text(shape: type[BaseModel]) -> str:
    """The schema of one model, as it stands in its file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= shape.model_json_schema()
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
