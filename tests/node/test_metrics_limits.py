"""The metrics endpoint, and the token bucket."""

import urllib.error
import urllib.request

import pytest

from pausenet.errors import NodeError
from pausenet.node.limits import Limits, Rate, TokenBucket
from pausenet.node.metrics import Metrics, MetricsServer
from pausenet.values import ParticipantId, Role
from pausenet.wire.status import Denial

AURORA = ParticipantId("aurora")


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_endpoint_shows_counts_and_health_and_nothing_else() -> None:
    metrics, ready = Metrics(), [True]
    server = MetricsServer(metrics=metrics, is_healthy=lambda: ready[0], host="127.0.0.1", port=0)
    server.start()
    try:
        metrics.received(AURORA, "hello")
        metrics.refused("/x/Y", Denial.TOO_FAST)
        code, text = get(server.port, "/metrics")
        assert code == 200
        assert 'pausenet_messages_received_total{kind="hello",peer="aurora"} 1.0' in text
        assert 'pausenet_refusals_total{method="/x/Y",reason="too-fast"} 1.0' in text
        assert get(server.port, "/healthz") == (200, "ok\n")
        ready[0] = False
        assert get(server.port, "/healthz") == (503, "not ready\n")
        assert get(server.port, "/../metrics")[0] == 404
        with pytest.raises(NodeError):
            MetricsServer(metrics=metrics, is_healthy=bool, host="127.0.0.1", port=server.port)
    finally:
        server.stop()


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = TokenBucket(Rate(per_s=2, burst=3), 0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.wait_s == 0.5
    assert not bucket.take(0.4)
    assert bucket.take(0.5)
    assert not bucket.take(0.5)


def test_a_bucket_holds_no_more_than_its_burst_and_nothing_for_time_gone_back() -> None:
    bucket = TokenBucket(Rate(per_s=1, burst=2), 100.0)
    assert [bucket.take(1e9) for _ in range(3)] == [True, True, False]
    assert not bucket.take(0.0)
    assert not bucket.take(1e9)


@pytest.mark.parametrize(("per_s", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_rate_of_nothing_is_refused(per_s: float, burst: int) -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        Rate(per_s=per_s, burst=burst)


def test_verifiers_may_say_more_than_labs() -> None:
    limits = Limits()
    assert limits.rate_of(Role.VERIFIER).per_s > limits.rate_of(Role.LAB).per_s
    assert limits.rate_of(Role.LAB) == Rate(per_s=50, burst=200)
