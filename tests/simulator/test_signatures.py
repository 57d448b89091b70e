"""The keyed hash that stands in for Ed25519 in most seeds: as strict, and the same story."""

from dataclasses import replace

import pytest

from pausenet.crypto.keys import SigningKey
from pausenet.crypto.strict import verify
from pausenet.protocol.bundle import Outcome, verify_bundle
from pausenet.protocol.messages import Received, Send, Write
from pausenet.scenario.plan import CheatKind, CheatPlan
from pausenet.simulator.run import simulate
from pausenet.simulator.setting import setting_of
from pausenet.simulator.signatures import Signatures, in_use, signing_with
from pausenet.simulator.swarm import SwarmOptions
from pausenet.values import PeriodIndex, Signature
from tests.simulator.small import BIRCH, SMALL
from tests.simulator.swarms import brief

KEY, OTHER = (SigningKey.from_seed(bytes([number]) * 32) for number in (1, 2))
NOTHING_DRAWN = replace(SMALL.agreement, sample_quota=0, sample_sites_ppm=0)


def shape_of(scenario, seed, swarm, signatures):
    """Every event and effect of a run but for the bytes that signatures change."""
    told = []

    def record(who, event, effects):
        message = type(event.message).__name__ if isinstance(event, Received) else ""
        told.append((who, type(event).__name__, int(event.now), message))
        for effect in effects:
            match effect:
                case Write(area=area, log=log, index=index, data=data):
                    told.append((area, log, index, len(data)))
                case Send(to=to, message=message):
                    told.append((to, type(message).__name__))
                case _:
                    told.append(type(effect).__name__)

    result = simulate(scenario, seed=seed, swarm=swarm, recorder=record, signatures=signatures)
    assert result.violations == ()
    return told, result


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_has_the_same_events_and_effects_under_either_signature(seed):
    scenario = brief(agreement=NOTHING_DRAWN)
    attack = (CheatKind.TWO_FACES,)
    options = SwarmOptions(attack_ppm=1_000_000, attacks=attack, crash_ppm_max=4_000)
    real, hashed = (shape_of(scenario, seed, options, each) for each in Signatures)
    assert real[0] == hashed[0]
    # Findings stand in order of their bundles' digests, which hold signatures.
    assert sorted(real[1].transcript) == sorted(hashed[1].transcript)
    assert real[1].fired == hashed[1].fired
    assert real[1].trace != hashed[1].trace


def test_the_stand_in_takes_nothing_but_what_the_key_has_signed():
    with signing_with(Signatures.KEYED_HASH):
        signature = KEY.sign(b"said")
        OTHER.sign(b"said")
        assert verify(KEY.public_key, signature, b"said")
        assert not verify(KEY.public_key, signature, b"not said")
        assert not verify(OTHER.public_key, signature, b"said")
        for place in range(Signature.LENGTH):
            bent = bytearray(signature)
            bent[place] ^= 1
            assert not verify(KEY.public_key, Signature(bytes(bent)), b"said")
        stranger = SigningKey.from_seed(bytes(range(32))).public_key
        assert not verify(stranger, signature, b"said")


def test_the_stand_in_is_gone_after_its_run_whatever_ends_it():
    hashed = []

    def broken_off():
        with signing_with(Signatures.KEYED_HASH):
            hashed.append(KEY.sign(b"said"))
            assert verify(KEY.public_key, hashed[0], b"said")
            raise KeyError

    with pytest.raises(KeyError):
        broken_off()
    assert in_use() is Signatures.ED25519
    assert not verify(KEY.public_key, hashed[0], b"said")
    real = KEY.sign(b"said")
    assert verify(KEY.public_key, real, b"said")
    with signing_with(Signatures.KEYED_HASH):
        assert not verify(KEY.public_key, real, b"said")


def test_evidence_under_the_stand_in_convinces_nobody_outside_its_run():
    cheat = CheatPlan(by=BIRCH, kind=CheatKind.OVER_CAP, start=PeriodIndex(3))
    scenario = brief(cheats=(cheat,), agreement=NOTHING_DRAWN)
    result = simulate(scenario, signatures=Signatures.KEYED_HASH)
    assert result.bundles
    network = setting_of(replace(scenario, cheats=())).register.network_id
    assert result.network_id == network
    for data in result.bundles.values():
        assert verify_bundle(data, network).outcome is Outcome.NOT_SUPPORTED
