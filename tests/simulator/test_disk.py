from pausenet.protocol.messages import Area, Write
from pausenet.simulator.disk import Disk
from pausenet.simulator.randomness import stream

LOG = "log"


def entry(index, data=b"x"):
    return Write(area=Area.ENTRY, log=LOG, index=index, data=data)


def test_what_was_fsynced_survives_every_crash():
    for seed in range(50):
        disk = Disk()
        disk.write(entry(0))
        disk.fsync()
        disk.write(entry(1))
        disk.crash(stream(seed, "disk"), torn_ppm=1_000_000)
        assert disk.entry(LOG, 0) == b"x"


def test_a_crash_keeps_a_prefix_of_what_was_pending_in_a_room():
    kept = set()
    for seed in range(200):
        disk = Disk()
        for index in range(3):
            disk.write(entry(index))
        disk.crash(stream(seed, "disk"))
        found = tuple(record.index for record in disk.records())
        assert found == tuple(range(len(found)))
        kept.add(len(found))
    assert kept == {0, 1, 2, 3}


def test_rooms_lose_their_pending_records_apart_from_each_other():
    seen = set()
    for seed in range(200):
        disk = Disk()
        disk.write(Write(area=Area.GUARD, log="", index=0, data=b"g"))
        disk.write(entry(0))
        disk.crash(stream(seed, "disk"))
        seen.add(tuple(record.area for record in disk.records()))
    assert (Area.ENTRY,) in seen
    assert (Area.GUARD,) in seen


def test_a_torn_record_takes_the_older_one_in_its_place_with_it():
    lost = False
    for seed in range(50):
        disk = Disk()
        disk.write(entry(0, b"old"))
        disk.fsync()
        disk.write(entry(0, b"new"))
        disk.crash(stream(seed, "disk"), torn_ppm=1_000_000)
        assert disk.entry(LOG, 0) in (b"new", None)
        lost = lost or disk.entry(LOG, 0) is None
    assert lost


def test_entries_behind_a_hole_are_not_found_at_start():
    disk = Disk()
    disk.write(entry(0))
    disk.write(entry(2))
    disk.fsync()
    assert [record.index for record in disk.records()] == [0]


def test_only_the_last_checkpoint_is_found_at_start():
    disk = Disk()
    for size in (1, 2):
        disk.write(Write(area=Area.CHECKPOINT, log=LOG, index=size, data=b"%d" % size))
    disk.fsync()
    assert [record.data for record in disk.records()] == [b"2"]


def test_a_restored_disk_is_the_backup_and_nothing_more():
    disk = Disk()
    disk.write(entry(0))
    disk.fsync()
    backup = disk.snapshot()
    disk.write(entry(1))
    disk.fsync()
    disk.write(entry(2))
    disk.restore(backup)
    disk.fsync()
    assert [record.index for record in disk.records()] == [0]


def test_a_wiped_disk_holds_nothing():
    disk = Disk()
    disk.write(entry(0))
    disk.fsync()
    disk.wipe()
    assert disk.records() == ()
