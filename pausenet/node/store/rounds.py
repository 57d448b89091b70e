"""Group commit: the effects of many events in the fewest rounds that respect every barrier.

Each event's effects fall into stretches between its `Fsync`s. Stretches of different events
share a round, and so its one fsync, as far as no record could then become durable before
another that its machine put first:

1. an event begins after all rounds of an earlier event that writes an entry or a checkpoint of
   the same log: a crash may take one batch of a log, never leave two half done (the guard's
   own rule, protocol.md 3.6);
2. its writes to any other record log stand in no earlier round than those of earlier events;
3. what it says stands in no earlier round than what earlier events said last: a machine that
   answers twice wrote once, and the second answer rests on the first one's writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pausenet.protocol.messages import Area, Effect, Fsync, Report, Restart, Send, SetTimer, Write

Outward: TypeAlias = Send | SetTimer | Restart | Report
"""What leaves the store's hands: everything that is no writing."""

_WHOLE: Final = frozenset({Area.ENTRY, Area.CHECKPOINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What may be done at once: writes, one fsync over them, and what waits for no more."""

    writes: tuple[Write, ...]
    outward: tuple[Outward, ...]
    sync: bool


@dataclass(slots=True)
class _Draft:
    writes: list[Write]
    outward: list[Outward]
    sync: bool = False


def plan(steps: Sequence[Sequence[Effect]]) -> tuple[Round, ...]:
    """Lay the effects of consecutive events out in rounds.

    Within a round what goes outward may go before the round's own fsync: only earlier rounds
    are barriers to it.
    """
    rounds: list[_Draft] = []
    done_after: dict[str, int] = {}
    written_in: dict[tuple[Area, str], int] = {}
    floor = 0
    for effects in steps:
        stretches = _stretches(effects)
        first = _first_round(stretches, done_after, written_in)
        last = first + len(stretches) - 1
        while len(rounds) <= last:
            rounds.append(_Draft([], []))
        for number, stretch in enumerate(stretches, first):
            for effect in stretch:
                if isinstance(effect, Write):
                    rounds[number].writes.append(effect)
                    written_in[effect.area, effect.log] = number
                    if effect.area in _WHOLE:
                        done_after[effect.log] = last + 1
                else:
                    rounds[max(number, floor)].outward.append(effect)
            rounds[number].sync |= number < last
        floor = max(floor, last)
    return tuple(
        Round(writes=tuple(draft.writes), outward=tuple(draft.outward), sync=draft.sync)
        for draft in rounds
    )


def _stretches(effects: Sequence[Effect]) -> list[list[Write | Outward]]:
    """Cut at every fsync; an fsync with nothing written since the one before is no cut."""
    found: list[list[Write | Outward]] = [[]]
    written = False
    for effect in effects:
        if not isinstance(effect, Fsync):
            found[-1].append(effect)
            written |= isinstance(effect, Write)
        elif written:
            found.append([])
            written = False
    return found


def _first_round(
    stretches: Sequence[Sequence[Write | Outward]],
    done_after: dict[str, int],
    written_in: dict[tuple[Area, str], int],
) -> int:
    """The earliest round in which an event may begin."""
    first = 0
    for offset, stretch in enumerate(stretches):
        for effect in stretch:
            if not isinstance(effect, Write):
                continue
            if effect.area in _WHOLE:
                first = max(first, done_after.get(effect.log, 0))
            first = max(first, written_in.get((effect.area, effect.log), 0) - offset)
    return first
