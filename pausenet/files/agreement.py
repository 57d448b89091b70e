"""Agreement files: YAML that a person writes, read into `statements.agreement`.

Every member's form says how its text is read, so a file can say whatever the statement can, and
nothing else. A mistake is a `MalformedFile` that says where it stands:

    pause.yaml:14:5 unknown key "limmit" - did you mean "limit"?
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass
from dataclasses import fields as members_of
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, cast

from pausenet.errors import MalformedFile
from pausenet.files import amounts, located
from pausenet.files.located import Located, Tree, suggestion
from pausenet.files.quantities import (
    date_s,
    indicator_value,
    key_of,
    quantity_of,
    share_of_all,
)
from pausenet.files.scalars import named
from pausenet.protocol.drafting import explain
from pausenet.protocol.drafting.standard import STANDARD
from pausenet.protocol.drafting.words import share
from pausenet.scenario.physics import pflop_about
from pausenet.statements.agreement import (
    ALL_NAMED,
    UNCONDITIONAL,
    Activation,
    ActivationKind,
    Agreement,
)
from pausenet.statements.clauses import ClauseKind, Coverage
from pausenet.statements.clauses.course import Measure
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
from pausenet.statements.indicator import IndicatorKind
from pausenet.statements.rule import IndicatorBound, Rule
from pausenet.values import ParticipantId

STANDARD_WORD: Final = "standard"
FILE_ONLY: Final = ("verifiers",)
"""Keys that a file has and the statement has not: they serve the checks."""
_PLAIN: Final = {"all-named": ALL_NAMED, "unconditional": UNCONDITIONAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedVerifier:
    """A verifier that a file expects to watch the agreement, and its bloc."""

    name: ParticipantId
    bloc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFile:
    """An agreement, who is expected to verify it, and where in the file everything stands."""

    agreement: Agreement
    verifiers: tuple[NamedVerifier, ...]
    source: Located

    def explained(self) -> str:
        """The agreement in plain words, with what the file alone knows."""
        power = self.agreement.annex.power
        hidden = None if power is None else pflop_about(power.strategic_wh)
        return explain(self.agreement, verifiers=len(self.verifiers), hidden=hidden)

    def place(self, path: located.Path) -> str:
        """`file:line:col` of the nearest value to this path of keys and places in lists."""
        known: located.Path = ()
        for part in path:
            if (*known, part) in self.source.values:
                known = (*known, part)
        place = self.source.values[known]
        return f"{self.source.name}:{place.line}:{place.column}"


def read_agreement(path: Path) -> AgreementFile:
    """Read an agreement file; raise `MalformedFile` for one that is no agreement."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise MalformedFile(str(path), 0, 0, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MalformedFile(str(path), 0, 0, "not UTF-8") from error
    return parse_agreement(text, name=str(path))


def parse_agreement(text: str, *, name: str) -> AgreementFile:
    """Read an agreement's text; `name` stands in the errors."""
    source = located.load(text, name=name)
    assert isinstance(source.tree, dict), "load gives a mapping"
    if "labs" in source.tree and "parties" not in source.tree:
        source.refuse((), "this is a scenario: see `pausenet run`")
    reader = _Reader(source)
    verifiers = reader.verifiers()
    agreement = reader.record(Agreement, source.tree, (), also=FILE_ONLY)
    return AgreementFile(agreement=agreement, verifiers=verifiers, source=source)


class _Reader:
    """Reads a tree by the forms of the records, and says where each refusal belongs."""

    def __init__(self, source: Located) -> None:
        self._source = source
        self._period_s = 1
        tree = source.tree
        schedule = tree.get("schedule") if isinstance(tree, dict) else None
        period = schedule.get("period") if isinstance(schedule, dict) else None
        if isinstance(period, str):
            self._period_s = max(1, self._scalar(amounts.span_s, period, ("schedule", "period")))

    def verifiers(self) -> tuple[NamedVerifier, ...]:
        """The verifiers that the file names; each of its own bloc where none is said."""
        tree = self._source.tree
        listed = tree.get("verifiers", []) if isinstance(tree, dict) else []
        if not isinstance(listed, list):
            self._source.refuse(("verifiers",), f"expected a list, found {_shown(listed)}")
        found = []
        for at, item in enumerate(listed):
            path = ("verifiers", at)
            entry: Tree = {"name": item} if isinstance(item, str) else item
            if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
                self._source.refuse(path, "expected a name, or a mapping with `name` and `bloc`")
            self._known(entry, ("name", "bloc"), path)
            name = self._scalar(ParticipantId, entry["name"], path)
            found.append(NamedVerifier(name=name, bloc=str(entry.get("bloc") or f"of {name}")))
        return tuple(found)

    def record(
        self, kind: type[Any], tree: Tree, path: located.Path, *, also: tuple[str, ...] = ()
    ) -> Any:
        """A record of this class from a mapping."""
        if kind is Activation and isinstance(tree, str) and tree in _PLAIN:
            return _PLAIN[tree]
        if not isinstance(tree, dict):
            words = f"{', '.join(_PLAIN)}, or " if kind is Activation else ""
            self._source.refuse(path, f"expected {words}a mapping of keys, found {_shown(tree)}")
        forms = forms_of(kind)
        keys = {key_of(name): name for name in forms}
        self._known(tree, (*keys, *also), path)
        defaults = {each.name for each in members_of(kind) if each.default is not MISSING}
        members: dict[str, Any] = {}
        for key, name in keys.items():
            here = (*path, key)
            if key not in tree:
                if kind is Rule and key == "need" and len(members["conditions"]) == 1:
                    members[name] = 1
                elif _may_be_empty(forms[name]):
                    members[name] = self.record(cast(Part, forms[name]).of, {}, path)
                elif name not in defaults:
                    self._source.refuse(path, _missing(key, keys, forms, defaults, tree))
            else:
                read = _by_the_others(kind, name, members)
                members[name] = (
                    self.value(forms[name], name, tree[key], here)
                    if read is None
                    else self._scalar(read, tree[key], here)
                )
        return self._born(kind, members, path)

    def value(self, form: Form, name: str, tree: Tree, path: located.Path) -> Any:
        """One member by its form."""
        match form:
            case Whole():
                return form.of(self._whole(form, name, tree, path))
            case Flag():
                return self._scalar(_switch, tree, path)
            case Text():
                return self._text(form, tree, path)
            case Word(of=of):
                return self._word(form, of, tree, path)
            case Part(of=of):
                return self.record(of, tree, path)
            case Maybe(of=of):
                return None if tree in ("none", None) else self.record(of, tree, path)
            case OneOf():
                return self._one_of(form, tree, path)
            case Many():
                return self._many(form, name, tree, path)
            case _:
                raise AssertionError(form)

    def _whole(self, form: Whole, name: str, tree: Tree, path: located.Path) -> int:
        quantity = quantity_of(name)
        found: int
        if name == "start":
            found = self._scalar(date_s, tree, path)
        elif quantity is None:
            found = self._scalar(amounts.integer, tree, path)
        else:
            read = quantity.read
            found = self._scalar(lambda text: read(text, self._period_s), tree, path)
        if not form.low <= found <= form.high:
            self._source.refuse(path, _out_of_bounds(form, name, found))
        return found

    def _text(self, form: Text, tree: Tree, path: located.Path) -> str:
        found = "" if tree is None else tree
        if not isinstance(found, str):
            self._source.refuse(path, f"expected a text, found {named(found)}")
        found = " ".join(found.split())
        if not form.least <= len(found) <= form.most:
            self._source.refuse(path, f"expected a text of {form.least}..{form.most} characters")
        return found

    def _word(self, form: Word, of: type[Any], tree: Tree, path: located.Path) -> Any:
        if not isinstance(tree, str):
            self._source.refuse(path, f"expected a word, found {named(tree)}")
        if not issubclass(of, StrEnum):
            return self._scalar(of, tree, path)
        words = [str(each) for each in form.among or tuple(of)]
        if tree not in words:
            hint = suggestion(tree, words)
            self._source.refuse(
                path, f"expected one of {', '.join(words)}; found {tree!r:.80}{hint}"
            )
        return of(tree)

    def _one_of(self, form: OneOf, tree: Tree, path: located.Path) -> Any:
        entry: Tree = {form.tag: tree} if isinstance(tree, str) else tree
        if not isinstance(entry, dict):
            self._source.refuse(path, f"expected a mapping of keys, found {named(entry)}")
        if form.tag not in entry:
            self._source.refuse(path, f'missing key "{form.tag}"')
        kinds = {str(each.KIND): each for each in form.of}
        kind = entry[form.tag]
        if not isinstance(kind, str) or kind not in kinds:
            hint = suggestion(kind, kinds) if isinstance(kind, str) else ""
            self._source.refuse(
                (*path, form.tag), f"expected one of {', '.join(kinds)}; found {kind!r:.80}{hint}"
            )
        inner = {key: each for key, each in entry.items() if key != form.tag}
        if form.tag == "clause" and inner.get("anatomy") == STANDARD_WORD:
            return self._clause(kinds[kind], ClauseKind(kind), inner, path)
        return self.record(kinds[kind], inner, path)

    def _clause(
        self, kind: type[Record], word: ClauseKind, inner: dict[str, Tree], path: located.Path
    ) -> Any:
        """A clause whose anatomy is the standard one of its kind."""
        texts = cast(Tree, STANDARD[word].to_json())
        return self.record(kind, {**inner, "anatomy": texts}, path)

    def _many(self, form: Many, name: str, tree: Tree, path: located.Path) -> tuple[Any, ...]:
        if not isinstance(tree, list):
            self._source.refuse(path, f"expected a list, found {_shown(tree)}")
        if not form.low <= len(tree) <= form.high:
            self._source.refuse(path, f"expected {form.low}..{form.high} of them")
        key = form.key
        found = [
            (self.value(form.item, name, each, (*path, at)), at) for at, each in enumerate(tree)
        ]
        if key is None:
            return tuple(each for each, _ in found)
        met: set[Any] = set()
        for each, at in found:
            if key(each) in met:
                self._source.refuse((*path, at), "stands here twice")
            met.add(key(each))
        return tuple(sorted((each for each, _ in found), key=key))

    def _known(self, tree: dict[str, Tree], keys: tuple[str, ...], path: located.Path) -> None:
        for key in tree:
            if key not in keys:
                hint = suggestion(key, keys)
                problem = f'unknown key "{key:.80}"{hint}'
                self._source.refuse((*path, key), problem, at_name=True)

    def _scalar(self, parse: Any, tree: Tree, path: located.Path) -> Any:
        if not isinstance(tree, str):
            self._source.refuse(path, f"expected one value, found {named(tree)}")
        try:
            return parse(tree)
        except ValueError as error:
            self._source.refuse(path, str(error))

    def _born(self, kind: type[Any], members: dict[str, Any], path: located.Path) -> Any:
        try:
            return kind(**members)
        except ValueError as error:
            word = str(error).replace(":", " ").split(" ")[0]
            self._source.refuse((*path, key_of(word)), str(error))


def _by_the_others(
    kind: type[Any], name: str, members: dict[str, Any]
) -> Callable[[str], int] | None:
    """How a member is read whose unit another member says; None for every other."""
    if kind is IndicatorBound and name == "bound":
        unit = cast(IndicatorKind, members["indicator"]).unit
        return lambda text: indicator_value(text, unit)
    if name == "need" and kind in (Activation, Coverage):
        shared = {members.get("kind"), members.get("measure")}
        is_share = not shared.isdisjoint({ActivationKind.COVERAGE, Measure.CAPACITY})
        return lambda text: share_of_all(text) if is_share else amounts.integer(text)
    return None


def _may_be_empty(form: Form) -> bool:
    """Whether every member of a part has a default."""
    if not isinstance(form, Part):
        return False
    members: list[Any] = list(members_of(cast(Any, form.of)))
    return all(each.default is not MISSING for each in members)


def _switch(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"expected true or false, found {text!r:.80}")
    return text == "true"


def _out_of_bounds(form: Whole, name: str, found: int) -> str:
    """What was expected and found; shares in per cent, as people write them."""
    if name.endswith("_ppm"):
        return f"expected {share(form.low)} to {share(form.high)}, found {share(found)}"
    return f"expected {form.low}..{form.high}{_unit(name)}, found {found}"


def _unit(name: str) -> str:
    quantity = quantity_of(name)
    return "" if quantity is None else f" ({quantity.suffix[1:].replace('_', ' ')})"


def _missing(
    first: str,
    keys: Mapping[str, str],
    forms: Mapping[str, Form],
    defaults: Collection[str],
    tree: Mapping[str, Tree],
) -> str:
    """All keys that are missing, the first of them first."""
    rest = [
        key
        for key, name in keys.items()
        if key not in tree and name not in defaults and not _may_be_empty(forms[name])
        if not ("conditions" in keys and key == "need")  # one condition needs no number
    ]
    named = dict.fromkeys((first, *rest))
    listed = ", ".join(f'"{key}"' for key in named)
    return f"missing key{'s' if len(named) > 1 else ''} {listed}"


def _shown(tree: Tree) -> str:
    return repr(tree)[:80] if isinstance(tree, str) else named(tree)


__all__ = ["AgreementFile", "NamedVerifier", "parse_agreement", "read_agreement"]
