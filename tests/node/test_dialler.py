"""The calling side ends when it is told to, whatever it is at just then."""

from __future__ import annotations

import asyncio

import pytest

from pausenet.node.client import Caller, Dialler
from pausenet.node.limits import Limits
from pausenet.node.metrics import Metrics
from pausenet.node.permissions import EXCHANGE
from pausenet.node.ways import Ear
from tests.node.certificates import VERIFIERS, Net

V1, V2 = VERIFIERS[:2]


@pytest.mark.parametrize("later", range(6))
@pytest.mark.parametrize("reached", [True, False], ids=["reached", "not reached"])
def test_a_dialler_that_is_cancelled_while_its_handshake_ends_is_cancelled(
    net: Net, monkeypatch: pytest.MonkeyPatch, reached: bool, later: int
) -> None:
    """`asyncio.wait_for` of Python 3.11 forgets a cancellation that comes with the result."""

    async def story() -> None:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        async def pin(_caller: Caller) -> bytes:
            return await answer

        monkeypatch.setattr(Caller, "_pin", pin)
        limits, metrics = Limits(), Metrics()
        caller = Caller(
            register=net.register,
            tls=net.files(V2),
            limits=limits,
            peer=net.member(V1),
            address="127.0.0.1:9",
        )
        dialler = Dialler(
            caller=caller,
            method=EXCHANGE,
            limits=limits,
            ear=Ear(limits=limits, metrics=metrics, on_message=lambda _peer, _message: None),
            metrics=metrics,
            on_open=lambda _way: None,
            on_close=lambda _way: None,
        )
        dialling = asyncio.create_task(dialler.run())
        await asyncio.sleep(0.01)
        if reached:
            answer.set_result(net.files(V1).certificate.read_bytes())
        else:
            answer.set_exception(OSError("refused"))
        for _ in range(later):
            await asyncio.sleep(0)
        dialling.cancel()
        await asyncio.wait({dialling}, timeout=0.4)
        assert dialling.cancelled()

    asyncio.run(story())
