"""What is found of a request that was attested past: a proof that a stranger can read, or none."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from pausenet.protocol.appraisal import _judged as judged
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.evidence import MATERIALS_MAX, Material
from pausenet.protocol.inspected import inspected_of
from pausenet.protocol.reader import LogView, StatementReader
from pausenet.protocol.succession import open_envelope
from pausenet.statements.codec import Head
from pausenet.statements.declaration import Declaration
from pausenet.statements.finding import Fault, Grade
from pausenet.values import NetworkTime, TreeSize
from tests.protocol.builders import Log
from tests.protocol.inspected import Asked, Case, ask, attest_past, case
from tests.protocol.paper import index, register


def view(log: Log) -> LogView:
    """A log as a cut holds it."""
    return LogView(
        member=register().members[log.keys.id],
        size=TreeSize(log.size),
        entries=tuple(log.entries),
        statements=tuple(open_envelope(entry)[1] for entry in log.entries),
        tree=log.tree,
    )


def found(world: Case, asked: Asked) -> tuple[Material, ...]:
    """The materials of F10 that the logs give."""
    logs = inspected_of(register(), [view(world.paper.log(asked.verifier))], StatementReader())
    return logs.unanswered(view(world.paper.log("birch")))


def sealed(materials: tuple[Material, ...]) -> Any:
    """What an appraisal lists for these materials, with the bundle."""
    return judged(cast(Any, SimpleNamespace(register=register())), Fault.F10, materials)


def test_a_statement_of_no_period_of_the_schedule_hides_no_later_one() -> None:
    """Else one such statement before all others would keep a lab from ever being proven."""
    world = case()
    asked = ask(world)
    log = world.paper.log("birch")
    true = world.paper.schedule.period(index(20))
    odd = replace(true, end=NetworkTime(true.end + 1))
    said = world.paper.log(asked.verifier)
    at = TreeSize(said.size)
    seen = (Head(origin=said.origin, size=at, root=said.tree.root(at)),)
    log.say(world.body, period=odd, agreed=world.paper.agreement.digest, seen=seen)
    assert found(world, asked) == ()
    attest_past(world, asked, 21)
    result = sealed(found(world, asked))
    assert result is not None
    judgement, bundle = result
    assert judgement.accusation.grade is Grade.CONFIRMED
    assert verify_bundle(bundle.data, register().network_id).exit_code == 1


def test_what_no_bundle_can_hold_is_not_found() -> None:
    """A finding whose evidence nobody can read would be a word of verifiers, and no proof."""
    for more, listed in ((MATERIALS_MAX - 5, True), (MATERIALS_MAX - 4, False)):
        world = case()
        asked = ask(world)
        log = world.paper.log("birch")
        for _ in range(more):
            log.say(Declaration(sites=(), meters=()))
        attest_past(world, asked, 20)
        materials = found(world, asked)
        assert len(materials) == more + 5
        assert (sealed(materials) is not None) == listed
