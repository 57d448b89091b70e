"""Whether one bloc of verifiers alone can make the quorum, or keep the others from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pausenet.protocol.register import Register
from pausenet.values import Quorum, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocPower:
    """What one bloc of verifiers can do alone; `makes` says that it is the quorum by itself."""

    bloc: str
    makes: bool
    text: str


def bloc_powers(quorum: Quorum, blocs: Iterable[str]) -> tuple[BlocPower, ...]:
    """Every bloc that decides alone; `blocs` holds each verifier's.

    >>> [power.makes for power in bloc_powers(Quorum(n=4), ("east", "east", "west", "north"))]
    [False]
    """
    if quorum.n == 1:
        text = "one verifier alone decides everything"
        return tuple(BlocPower(bloc=bloc, makes=True, text=text) for bloc in blocs)
    found = []
    for bloc, count in sorted(Counter(blocs).items()):
        left = quorum.n - count
        if count >= quorum.k:
            text = f"the bloc {bloc!r} alone makes the quorum of {quorum.k}"
        elif left < quorum.k:
            text = (
                f"the bloc {bloc!r} alone can block: without its {count}, "
                f"{left} of {quorum.k} needed are left"
            )
        else:
            continue
        found.append(BlocPower(bloc=bloc, makes=count >= quorum.k, text=text))
    return tuple(found)


def register_powers(register: Register) -> tuple[BlocPower, ...]:
    """The same of a network's verifiers."""
    members = register.members.values()
    return bloc_powers(register.quorum, [m.bloc for m in members if m.role is Role.VERIFIER])
