"""The parts that every shape of a scenario file is made of: its scalars, and a strict mapping."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict

from pausenet.files import amounts
from pausenet.files.scalars import Scalar
from pausenet.files.spreads import Uncertain, UncertainSpan
from pausenet.values import ParticipantId, Pflop

TEXT_MAX: Final = 2_000


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("expected a text, found nothing")
    if len(value) > TEXT_MAX:
        raise ValueError(f"expected a text of at most {TEXT_MAX} characters")
    return value.strip()


def _switch(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError(f"expected true or false, found {value!r:.80}")
    return value == "true"


def _times(value: str) -> int:
    return amounts.setting_micro(value, "1")


Text: TypeAlias = Annotated[str, Scalar(_text, "a sentence", "string")]
Switch: TypeAlias = Annotated[bool, Scalar(_switch, True, "boolean")]
Whole: TypeAlias = Annotated[int, Scalar(amounts.integer, 12, "integer")]
Share: TypeAlias = Annotated[
    int, Scalar(amounts.share_ppm, "20 %", "string", "number", write=amounts.write_percent)
]
SomeWhole: TypeAlias = Annotated[
    int, Uncertain(amounts.integer, 20_000, "16000 to 24000", "integer")
]
SomeShare: TypeAlias = Annotated[
    int,
    Uncertain(
        amounts.share_ppm,
        "20 %",
        "10 % to 30 %",
        "string",
        "number",
        write=amounts.write_percent,
    ),
]
Span: TypeAlias = Annotated[
    int, Scalar(amounts.span_s, "2 days", "string", write=amounts.write_span)
]
Flop: TypeAlias = Annotated[Pflop, Scalar(amounts.pflop, "1e26", "string", "number")]
Setting: TypeAlias = Annotated[str, Scalar(_text, "5 %", "string", "number")]
SomeSpan: TypeAlias = Annotated[
    int, UncertainSpan(amounts.span_s, "8 months", "5 to 20 months", "string")
]
SomeFlop: TypeAlias = Annotated[
    int, Uncertain(amounts.pflop, "5e26", "3e26 to 8e26", "string", "number")
]
SomeTimes: TypeAlias = Annotated[int, Uncertain(_times, 4, "2 to 6", "integer", "number")]
Name: TypeAlias = Annotated[ParticipantId, Scalar(ParticipantId, "aurora", "string")]


class Strict(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
