"""Fields that a scenario's author leaves to whoever runs it: their text begins with FILL IN.

A proposal may not say when its pause begins, when it ends, or who decides. A preset does not make
that up: it leaves these fields open, and a scenario with an open field is refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pausenet.files import located
from pausenet.files.located import Located, Tree

FILL_IN: Final = "FILL IN"
EXAMPLES: Final = {
    "trigger": "Two outside evaluators find that AI wrote four fifths of a lab's merged code.",
    "lift": "180 days are over, or two thirds of the parties assent.",
    "adjudicator": "Three arbiters whom the parties and the verifiers name together.",
}
"""The fields of `agreement` that may be left open, each with what could stand there."""
_OPEN_LINE: Final = re.compile(rf"^( +)({'|'.join(EXAMPLES)}): {FILL_IN}.*$", re.MULTILINE)


def open_fields(tree: Tree) -> tuple[str, ...]:
    """Which fields of a scenario's agreement still wait for a text, in the order of `EXAMPLES`."""
    agreement = tree.get("agreement") if isinstance(tree, dict) else None
    if not isinstance(agreement, dict):
        return ()
    return tuple(name for name in EXAMPLES if _is_open(agreement.get(name)))


def leaves_open(path: Path) -> bool:
    """Whether a file is a form that must be filled in before it runs; raises `MalformedFile`."""
    return open_fields(located.load(path.read_text(encoding="utf-8"), name=str(path)).tree) != ()


def refuse_open_fields(source: Located) -> None:
    """Raise `MalformedFile` at the first open field, naming all of them with an example of each."""
    found = open_fields(source.tree)
    if not found:
        return
    examples = "; ".join(f"{name}: {EXAMPLES[name]}" for name in found)
    what = "this field is" if len(found) == 1 else "these fields are"
    problem = f"{what} left open for you to fill in: {', '.join(found)}. For example: {examples}"
    source.refuse(("agreement", found[0]), problem)


def filled_in(text: str) -> str:
    """A form with each open field filled in by its example.

    >>> filled_in("agreement:\\n  lift: FILL IN what ends it\\n")
    'agreement:\\n  lift: 180 days are over, or two thirds of the parties assent.\\n'
    """
    return _OPEN_LINE.sub(lambda line: f"{line[1]}{line[2]}: {EXAMPLES[line[2]]}", text)


def _is_open(value: Tree) -> bool:
    return isinstance(value, str) and value.strip().upper().startswith(FILL_IN)
