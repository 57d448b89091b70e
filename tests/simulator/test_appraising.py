"""Verifiers of one process share what they would each make alone."""

import pytest

from pausenet.protocol.appraisal import appraise_cut
from pausenet.protocol.reader import StatementReader
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.appraising import SharedAppraisals
from pausenet.simulator.run import simulate
from pausenet.simulator.signatures import Signatures
from pausenet.simulator.swarm import SwarmOptions
from tests.simulator.swarms import brief

FORKS = SwarmOptions(attack_ppm=1_000_000, attacks=(CheatKind.TWO_FACES,))


def test_shared_appraisals_change_no_byte_of_a_run_with_a_forked_log(monkeypatch):
    made = []

    def counted(*given):
        made.append(given[1].digest)
        return appraise_cut(*given)

    monkeypatch.setattr("pausenet.simulator.appraising.appraise_cut", counted)
    shared = simulate(brief(), seed=1, swarm=FORKS, signatures=Signatures.KEYED_HASH)
    apart = len(made)
    monkeypatch.setattr(SharedAppraisals, "__call__", lambda _, *given: counted(*given))
    alone = simulate(brief(), seed=1, swarm=FORKS, signatures=Signatures.KEYED_HASH)
    assert shared.trace == alone.trace
    assert 2 * apart < len(made) - apart


def test_an_answer_is_for_the_very_same_entries_of_the_cut_only(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "pausenet.simulator.appraising.appraise_cut",
        lambda register, cut, logs, reader: asked.append(logs) or len(asked),
    )
    cuts = []
    with monkeypatch.context() as patch:
        patch.setattr(SharedAppraisals, "__call__", lambda _, *given: cuts.append(given) or 1 / 0)
        with pytest.raises(ZeroDivisionError):
            simulate(brief(), seed=1, signatures=Signatures.KEYED_HASH)
    register, cut, logs, reader = cuts[0]
    appraise = SharedAppraisals()
    origin, size = cut.origins[0].origin, cut.origins[0].size
    other = {**logs, origin: [*logs[origin][: size - 1], b"another entry"]}
    longer = {**logs, origin: [*logs[origin][:size], b"one entry more"]}
    answers = [appraise(register, cut, each, reader) for each in (logs, other, logs, longer, other)]
    assert answers == [1, 2, 1, 1, 2]


@pytest.mark.parametrize("seed", [5, 8])
def test_what_is_carried_through_crashes_and_starts_changes_no_appraisal(seed, monkeypatch):
    carried = []

    def both(register, cut, logs, reader):
        found = appraise_cut(register, cut, logs, reader)
        assert found == appraise_cut(register, cut, logs, StatementReader())
        carried.append(id(reader.carried))
        return found

    monkeypatch.setattr("pausenet.simulator.appraising.appraise_cut", both)
    ran = simulate(brief(), seed=seed, swarm=SwarmOptions(), signatures=Signatures.KEYED_HASH)
    assert len(set(carried)) < len(carried)
    assert ran.fired["node.crash"] > 0
