"""Random cuts over what verifiers held in seeds of the swarm: most of them no network would make.

An appraisal is a function of any cut, so that the strange ones say most about two implementations:
sizes that fit no period, junk roots, evidence of time of another size, faults that nobody named.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pausenet.crypto import envelope
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol.cut import network_cuts
from pausenet.protocol.messages import Area, Effect, Event, Write
from pausenet.protocol.register import Register
from pausenet.scenario.plan import Scenario
from pausenet.simulator.run import RunResult, simulate
from pausenet.simulator.setting import setting_of
from pausenet.simulator.swarm import SwarmOptions
from pausenet.statements import codec
from pausenet.statements.cut import Cut, CutOrigin, TimeEvidence
from pausenet.statements.finding import FaultNotice
from pausenet.values import Digest, Origin, ParticipantId, PeriodIndex, Signature, TreeSize
from tests.simulator.swarms import case


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the first verifier wrote down of every log in one run, and the run's bundles."""

    register: Register
    logs: Mapping[Origin, tuple[bytes, ...]]
    bundles: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A run, and what the first verifier held at its end."""

    result: RunResult
    held: Held


def held_in(seed: int) -> Held:
    """A seed of the swarm, attack and crashes included."""
    story = case(seed)
    return ran(story.scenario, seed, story.options).held


def ran(scenario: Scenario, seed: int, swarm: SwarmOptions | None = None) -> Ran:
    """Run a scenario, and keep the first verifier's entries."""
    written: dict[str, dict[int, bytes]] = {}

    def record(who: ParticipantId, _: Event, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if who == "verifier-1" and isinstance(effect, Write) and effect.area is Area.ENTRY:
                written.setdefault(effect.log, {})[effect.index] = effect.data

    result = simulate(scenario, seed=seed, swarm=swarm, recorder=record)
    logs = {Origin(log): tuple(held[at] for at in sorted(held)) for log, held in written.items()}
    register = setting_of(replace(scenario, cheats=(), faults=())).register
    held = Held(register=register, logs=logs, bundles=tuple(result.bundles.values()))
    return Ran(result=result, held=held)


def random_cuts(held: Held, chance: random.Random, number: int) -> list[Cut]:
    """The network's own cuts first, changed ones after them."""
    agreed = [item.cut for item in network_cuts(held.register, held.logs)]
    chance.shuffle(agreed)
    maker = _Maker(held, agreed, chance)
    return [*agreed[: number // 5], *(maker.cut() for _ in range(number))][:number]


class _Maker:
    def __init__(self, held: Held, agreed: list[Cut], chance: random.Random) -> None:
        self.held, self.agreed, self.chance = held, agreed, chance
        self.times: dict[Origin, list[TimeEvidence]] = {}
        for cut in agreed:
            for item in cut.origins:
                self.times.setdefault(item.origin, []).extend(item.times)
        self.trees = {
            origin: Tree(leaf_hash(entry) for entry in log) for origin, log in held.logs.items()
        }
        statements = [
            codec.decode(_payload(entry)).body for log in held.logs.values() for entry in log
        ]
        named = {body.bundle for body in statements if isinstance(body, FaultNotice)}
        self.bundles = sorted({*named, Digest.of(b"a bundle of nobody")})

    def cut(self) -> Cut:
        chance = self.chance
        base = chance.choice(self.agreed) if self.agreed and chance.random() < 0.7 else None
        period = PeriodIndex(chance.randrange(8)) if base is None else base.period
        if chance.random() < 0.15:
            period = PeriodIndex(chance.randrange(16))
        origins = [
            item
            for origin in sorted(self.held.logs)
            if chance.random() < 0.97 and (item := self.origin(origin, base)) is not None
        ]
        faults = [bundle for bundle in self.bundles if chance.random() < 0.7]
        return Cut(
            period=period,
            view=chance.choice((0, 0, 0, 1, 2)),
            register_size=self.held.register.size,
            register_root=self.held.register.root,
            origins=tuple(origins),
            faults=tuple(faults),
        )

    def origin(self, origin: Origin, base: Cut | None) -> CutOrigin | None:
        chance, tree = self.chance, self.trees[origin]
        size = int(tree.size)
        if base is not None and chance.random() < 0.8:
            size = int(base.size_of(origin))
        elif chance.random() < 0.3:
            size = chance.randint(1, size)
        if not 0 < size <= tree.size:
            return None
        junk = chance.random() < 0.05
        return CutOrigin(
            origin=origin,
            size=TreeSize(size),
            root=Digest.of(b"junk") if junk else tree.root(TreeSize(size)),
            signature=Signature(bytes(64)),
            times=self.some_times(origin),
        )

    def some_times(self, origin: Origin) -> tuple[TimeEvidence, ...]:
        """At most one piece a verifier, now and then one that does not hold."""
        found: dict[str, TimeEvidence] = {}
        for evidence in self.chance.sample(self.times.get(origin, []), k=_few(self, origin)):
            found[evidence.by] = evidence
            if self.chance.random() < 0.05:
                found[evidence.by] = replace(evidence, signature=Signature(bytes(64)))
        return tuple(found[by] for by in sorted(found))


def _few(maker: _Maker, origin: Origin) -> int:
    return min(len(maker.times.get(origin, [])), maker.chance.choice((0, 2, 4, 4, 6, 6)))


def _payload(entry: bytes) -> bytes:
    return envelope.decode(entry, signatures_max=2).payload
