"""A model as people read it before they ask it: its question, its parameters, an example."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pausenet.game.model import Model, Parameter

_WIDTH = 100


def shown_lines(model: Model) -> Iterator[str]:
    """The title, the question, every parameter, the papers and a command to copy."""
    yield f"{model.name}: {model.title}"
    yield model.question
    yield ""
    yield "Parameters, each with its default:"
    for each in model.parameters:
        yield f"  {each.name}={typed(each)}"
        unit = "" if each.unit == "1" else f", in {each.unit}"
        text = f"{each.symbol}{unit}: {each.meaning} Expected: {each.bounds}."
        yield from textwrap.wrap(text, _WIDTH, initial_indent="      ", subsequent_indent="      ")
    yield ""
    yield f"Assumes: {model.validity}"
    for paper in model.papers:
        yield f"After: {paper}"
    yield f"Example: {example(model)}"


def typed(parameter: Parameter) -> str:
    """A parameter's default as a person types it."""
    value = parameter.default
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def example(model: Model) -> str:
    """A command that asks with the first parameter as it is."""
    words = ["pausenet", "game", model.name]
    for each in model.parameters[:1]:
        words += ["--param", f"{each.name}={typed(each)}"]
    return shlex.join(words)
