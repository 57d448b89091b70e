"""What became known in each period of a run, in the order in which it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import TypeAlias, assert_never

from pausenet.values import ParticipantId


class _Kind(Enum):
    NOTE = auto()
    LEARNED = auto()
    SILENT = auto()
    CUT = auto()


_Entry: TypeAlias = tuple[_Kind, str | int]
"""What is told: a text, what somebody learns, or the period that a silence or a cut is of."""
_Whom: TypeAlias = dict[ParticipantId, set[ParticipantId]]
"""Of whom an entry tells, and who says so."""


class Diary:
    """Keeps a run's news by the period that runs as they come; the same news are told once."""

    def __init__(self) -> None:
        self._pages: dict[int, dict[_Entry, _Whom]] = defaultdict(dict)
        self._taken: set[int] = set()

    @property
    def pages(self) -> tuple[int, ...]:
        """The periods in which anything came."""
        return tuple(sorted(self._pages))

    def note(self, running: int, text: str) -> None:
        """Something happens that needs no more words."""
        self._pages[running].setdefault((_Kind.NOTE, text), {})

    def learned(self, running: int, who: ParticipantId, what: str) -> None:
        """Somebody learns of something; all who learn the same are told together."""
        self._pages[running].setdefault((_Kind.LEARNED, what), {})[who] = set()

    def silent(
        self, running: int, period: int, who: ParticipantId, found_by: ParticipantId
    ) -> None:
        """A verifier finds that what was due of somebody for a period has not come."""
        page = self._pages[running].setdefault((_Kind.SILENT, period), {})
        page.setdefault(who, set()).add(found_by)

    def cut(self, running: int, period: int) -> None:
        """A period's cut is taken: from here on people know what it shows. Once a period."""
        if period not in self._taken:
            self._taken.add(period)
            self._pages[running].setdefault((_Kind.CUT, period), {})

    def page(self, running: int, shown: Mapping[int, str]) -> tuple[str, ...]:
        """What came while this period ran; `shown` says of a cut what is new in it, if anything."""
        lines: list[str] = []
        for (kind, what), whom in self._pages.get(running, {}).items():
            match kind:
                case _Kind.NOTE:
                    lines.append(str(what))
                case _Kind.LEARNED:
                    lines.append(f"{named(whom)} learn{'s' * (len(whom) == 1)} {what}")
                case _Kind.SILENT:
                    lines += _silence(int(what), whom)
                case _Kind.CUT:
                    lines += [shown[int(what)]] if int(what) in shown else []
                case _ as never:
                    assert_never(never)
        return tuple(lines)


def named(names: Iterable[str]) -> str:
    """Names in the order of the alphabet, as a sentence lists them."""
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}" if most else last


def _silence(period: int, whom: _Whom) -> list[str]:
    """Who was silent, together with all whom as many verifiers found so."""
    found: dict[int, list[str]] = defaultdict(list)
    for who, by in sorted(whom.items()):
        found[len(by)].append(who)
    return [
        f"{by} {'verifiers find' if by > 1 else 'verifier finds'} {named(who)} silent "
        f"for period {period}"
        for by, who in found.items()
    ]
