"""YAML as a tree of texts that know their places.

ruamel.yaml composes the tree; nothing is constructed, so no scalar is turned into a float, a
date or a boolean behind the writer's back, and every text is the one in the file. Refused:
aliases and anchors, tags, a name twice in one mapping, names that are not plain texts.
"""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NoReturn, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pausenet.errors import MalformedFile

FILE_BYTES_MAX: Final = 256 * 1024
DEPTH_MAX: Final = 12

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | None"
"""Mappings, sequences, the texts of scalars; None for an empty scalar."""
Path: TypeAlias = tuple[str | int, ...]
"""Where in the tree: names of members and places in lists."""

_EMPTY: Final = {"", "~", "null", "Null", "NULL"}
_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line and a column of a file, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A file's tree, with the place of every value and of every member's name."""

    name: str
    tree: Tree
    values: dict[Path, Place] = field(repr=False)
    names: dict[Path, Place] = field(repr=False)

    def refuse(self, path: Path, problem: str, *, at_name: bool = False) -> NoReturn:
        """Raise `MalformedFile` at a value, or at a member's name.

        Parts of the path that are not in the tree are passed over: the nearest value that is
        there gives the place.
        """
        known: Path = ()
        for part in path:
            if (*known, part) in self.values:
                known = (*known, part)
        place = (self.names.get(known) if at_name else None) or self.values[known]
        raise MalformedFile(self.name, place.line, place.column, problem)


def load(text: str, *, name: str) -> Located:
    """Read one YAML document whose top is a mapping; raise `MalformedFile` for anything else."""
    if len(text.encode("utf-8", "surrogatepass")) > FILE_BYTES_MAX:
        raise MalformedFile(name, 0, 0, f"expected at most {FILE_BYTES_MAX} bytes")
    try:
        top = YAML(typ="rt").compose(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise MalformedFile(name, line, column, f"not YAML: {error.problem}") from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise MalformedFile(name, 0, 0, "not YAML") from error
    if not isinstance(top, MappingNode):
        raise MalformedFile(name, 1, 1, "expected a mapping of keys to values")
    reader = _Reader(name)
    return Located(name=name, tree=reader.read(top, ()), values=reader.values, names=reader.names)


def suggestion(word: str, known: Iterable[str]) -> str:
    """` - did you mean "..."?` where a known word is near; else an empty text."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' - did you mean "{near[0]}"?' if near else ""


class _Reader:
    """Turns ruamel's nodes into the tree, and keeps their places."""

    def __init__(self, name: str) -> None:
        self.values: dict[Path, Place] = {}
        self.names: dict[Path, Place] = {}
        self._name = name
        self._met: set[int] = set()

    def read(self, node: Node, path: Path) -> Tree:
        place = self.values[path] = _place(node)
        if node.anchor is not None or id(node) in self._met:
            self._refuse(place, "anchors and aliases are not read: write the value out")
        self._met.add(id(node))
        if len(path) > DEPTH_MAX:
            self._refuse(place, f"nested deeper than {DEPTH_MAX}")
        if str(node.tag) not in _TAGS:
            self._refuse(place, f"tags are not read: {str(node.tag)!r:.80}")
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        plain = isinstance(node, ScalarNode) and node.style is None
        return None if plain and node.value in _EMPTY else str(node.value)

    def _mapping(self, node: MappingNode, path: Path) -> Tree:
        found: dict[str, Tree] = {}
        for key, value in node.value:
            place = _place(key)
            if not isinstance(key, ScalarNode) or key.anchor is not None:
                self._refuse(place, "expected a plain name before the colon")
            if key.value in found:
                self._refuse(place, f'key "{key.value:.80}" stands here twice')
            self.names[(*path, key.value)] = place
            found[key.value] = self.read(value, (*path, key.value))
            if found[key.value] is None:
                # An empty value has no place of its own: YAML puts it at the next token.
                self.values[(*path, key.value)] = place
        return found

    def _refuse(self, place: Place, problem: str) -> NoReturn:
        raise MalformedFile(self._name, place.line, place.column, problem)


def _place(node: Node) -> Place:
    return Place(line=node.start_mark.line + 1, column=node.start_mark.column + 1)
