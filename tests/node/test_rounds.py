"""Group commit: few fsyncs, and every barrier kept."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from pausenet.node.store.rounds import plan
from pausenet.protocol.messages import Area, Effect, Fsync, SetTimer, Write
from pausenet.values import NetworkTime


def w(area: Area, log: str, index: int) -> Write:
    return Write(area=area, log=log, index=index, data=b"")


def batch(log: str, index: int) -> list[Effect]:
    return [
        w(Area.GUARD, "", index),
        w(Area.ENTRY, log, index),
        Fsync(),
        w(Area.CHECKPOINT, log, index),
        Fsync(),
        SetTimer(at=NetworkTime(index)),
    ]


def syncs(steps: list[list[Effect]]) -> int:
    return sum(each.sync for each in plan(steps))


def test_one_event_needs_as_many_fsyncs_as_it_asks_for() -> None:
    assert syncs([batch("a", 0)]) == 2


def test_events_of_different_logs_share_their_fsyncs() -> None:
    assert syncs([batch(log, number) for number, log in enumerate("abcdefgh")]) == 2


def test_batches_of_one_log_never_share_one() -> None:
    assert syncs([batch("a", 0), batch("a", 1), batch("a", 2)]) == 6


def test_an_fsync_with_nothing_to_make_durable_costs_nothing() -> None:
    assert syncs([[Fsync(), Fsync()], [SetTimer(at=NetworkTime(1)), Fsync()]]) == 0


def test_what_an_event_says_waits_for_all_that_earlier_events_made_durable() -> None:
    again: list[Effect] = [SetTimer(at=NetworkTime(99))]
    rounds = plan([batch("a", 0), again])
    assert [each.outward for each in rounds] == [(), (), (SetTimer(at=NetworkTime(0)), *again)]
    assert syncs([batch("a", 0), again, batch("b", 0)]) == 2


def test_nothing_is_lost_when_no_fsync_follows() -> None:
    rounds = plan([[w(Area.JOURNAL, "j", 0)]])
    assert [each.writes for each in rounds] == [(w(Area.JOURNAL, "j", 0),)]
    assert not rounds[0].sync


AREAS = st.sampled_from([Area.GUARD, Area.ENTRY, Area.CHECKPOINT, Area.JOURNAL])


@st.composite
def steps(draw: st.DrawFn) -> list[list[Effect]]:
    count = 0
    found: list[list[Effect]] = []
    for _ in range(draw(st.integers(1, 5))):
        step: list[Effect] = []
        for _ in range(draw(st.integers(0, 6))):
            kind = draw(st.sampled_from(["write", "fsync", "out"]))
            count += 1
            if kind == "write":
                step.append(w(draw(AREAS), draw(st.sampled_from("ab")), count))
            else:
                step.append(Fsync() if kind == "fsync" else SetTimer(at=NetworkTime(count)))
        found.append(step)
    return found


@example(
    [
        [w(Area.GUARD, "a", 1), Fsync()],
        [SetTimer(at=NetworkTime(3)), w(Area.ENTRY, "a", 4)],
        [w(Area.ENTRY, "a", 5)],
    ]
)
@given(steps())
def test_no_plan_breaks_a_barrier_reorders_a_log_or_loses_an_effect(
    events: list[list[Effect]],
) -> None:
    rounds = plan(events)
    where: dict[Effect, int] = {}
    for number, each in enumerate(rounds):
        for effect in (*each.writes, *each.outward):
            where[effect] = number
    kept = [effect for step in events for effect in step if not isinstance(effect, Fsync)]
    assert set(where) == set(kept)
    last: dict[tuple[Area, str], int] = {}
    whole: dict[str, int] = {}
    durable, said = -1, -1
    for step in events:
        earlier = durable
        pending: list[int] = []
        barrier = -1
        begun = min([where[e] for e in step if not isinstance(e, Fsync)], default=0)
        logs = {e.log for e in step if isinstance(e, Write) and e.area in ("entry", "checkpoint")}
        for effect in step:
            if isinstance(effect, Fsync):
                barrier = max([barrier, *pending])
                continue
            assert where[effect] > barrier
            assert barrier < 0 or rounds[barrier].sync
            if isinstance(effect, Write):
                pending.append(where[effect])
                assert where[effect] >= last.get((effect.area, effect.log), 0)
                last[effect.area, effect.log] = where[effect]
            else:
                assert where[effect] > earlier
                assert where[effect] >= said
                said = where[effect]
        durable = max(durable, barrier)
        for log in logs:
            assert begun > whole.get(log, -1)
        end = max([where[e] for e in step if isinstance(e, Write)], default=-1)  # words may wait
        whole |= dict.fromkeys(logs, max(end, barrier))
