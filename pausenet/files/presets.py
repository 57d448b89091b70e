"""Presets: scenarios of published proposals, in which every number says where it comes from.

A preset is a scenario file whose first line is `# P4 TITLE`. Behind each number stands a tag:
`[S: SOURCE]` found there, `[M]` from general knowledge and unconfirmed, `[A]` an assumption, `[D]`
derived from what stands beside it. A line with several numbers may have one tag for all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pausenet.errors import MalformedFile
from pausenet.files import located
from pausenet.files.located import suggestion
from pausenet.files.stories import presets_dir

_TITLE: Final = re.compile(r"# (P[1-9][0-9]?) (\S.*)\Z")
_TAG: Final = re.compile(r"\[(?:(S): [^\]\s][^\]]*|([MAD]))\]")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*\Z")
_SAID: Final = re.compile(r"\s*(?:question|name): ")
_NUMBER: Final = re.compile(r"(?<![\w-])-?\.?[0-9]")


class Standing(StrEnum):
    """Where a number comes from, by its tag's letter."""

    SOURCE = "S"
    MEMORY = "M"
    ASSUMPTION = "A"
    DERIVED = "D"

    @property
    def words(self) -> str:
        """What the tag says."""
        return _WORDS[self]


_WORDS: Final = {
    Standing.SOURCE: "from a source",
    Standing.MEMORY: "from general knowledge, unconfirmed",
    Standing.ASSUMPTION: "assumed",
    Standing.DERIVED: "derived",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a preset; `tags` are those behind its numbers, none for a line without any."""

    text: str
    tags: tuple[Standing, ...]

    @property
    def mark(self) -> str:
        """The letters of its tags, each once."""
        return "".join(dict.fromkeys(self.tags))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A preset by its id, such as P4; `name` is the scenario's, under which it runs."""

    id: str
    title: str
    question: str
    name: str
    lines: tuple[Line, ...]

    @property
    def counts(self) -> tuple[tuple[Standing, int], ...]:
        """How many lines with numbers have which tag."""
        return tuple((each, sum(each in line.tags for line in self.lines)) for each in Standing)


def read_preset(path: Path) -> Preset:
    """Read a preset; raises `MalformedFile` for a number without a tag, or a missing title."""
    text = path.read_text(encoding="utf-8")
    first = text.split("\n", 1)[0]
    title = _TITLE.match(first)
    if title is None:
        raise MalformedFile(str(path), 1, 1, 'expected "# P4 TITLE" as the first line')
    if not path.stem.startswith(f"{title[1].lower()}-"):
        raise MalformedFile(str(path), 1, 1, f"{title[1]}: the file's name begins otherwise")
    tree = located.load(text, name=str(path)).tree
    question = tree.get("question") if isinstance(tree, dict) else None
    if not isinstance(question, str):
        raise MalformedFile(str(path), 1, 1, 'missing key "question"')
    lines = tuple(_line(path, number, each) for number, each in enumerate(text.splitlines(), 1))
    return Preset(id=title[1], title=title[2], question=question, name=path.stem, lines=lines)


def presets() -> tuple[Preset, ...]:
    """Every preset that ships, in the order of their numbers."""
    found = [read_preset(path) for path in sorted(presets_dir().glob("*.yaml"))]
    return tuple(sorted(found, key=lambda each: int(each.id[1:])))


def find_preset(named: str) -> Preset:
    """The preset of an id, in either case, or of a name; raises `MalformedFile` for none."""
    known = presets()
    for each in known:
        if named.upper() == each.id or named == each.name:
            return each
    words = [word for each in known for word in (each.id, each.name)]
    hint = suggestion(named, words) or f" - there are {', '.join(each.id for each in known)}"
    raise MalformedFile(named, 0, 0, f"no preset of this name{hint}")


def _line(path: Path, number: int, text: str) -> Line:
    comment = _COMMENT.search(text)
    said = text[: comment.start()] if comment else text
    if _SAID.match(said) or not _NUMBER.search(said):
        return Line(text=text, tags=())
    tags = tuple(Standing(tag[1] or tag[2]) for tag in _TAG.finditer(text, len(said)))
    if not tags:
        problem = "a number without its tag: [S: SOURCE], [M], [A] or [D]"
        raise MalformedFile(str(path), number, 1, problem)
    return Line(text=text, tags=tags)
