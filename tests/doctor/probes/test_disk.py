"""What the probe of disks tells of the room that is left."""

from pathlib import Path

from tests.doctor.engines.small_engine import small_engine
from tests.doctor.probes.ground import facts_of, scene_in
from wharf.doctor.probes.disk import Room, room_at

MEBIBYTE = 1 << 20


def room(left: int, percent: int) -> Room:
    return Room("here", Path("/"), left, percent, is_out_of_inodes=False, is_read_only=False)


def test_little_is_full_however_small_the_disk_is() -> None:
    assert room(10 * MEBIBYTE, 90).is_full


def test_few_percent_of_a_small_disk_are_full() -> None:
    assert room(500 * MEBIBYTE, 2).is_full


def test_few_percent_of_a_large_disk_are_not_full() -> None:
    assert not room(100_000 * MEBIBYTE, 2).is_full


def test_what_is_not_there_yet_lies_where_its_folder_lies(tmp_path: Path) -> None:
    above, there = room_at("here", tmp_path / "not" / "yet"), room_at("here", tmp_path)
    assert above is not None
    assert there is not None
    assert above.path == there.path


def test_it_tells_how_much_is_left(tmp_path: Path) -> None:
    told = facts_of("disk", scene_in(tmp_path))
    left = told["percent_left"]
    assert isinstance(left, int)
    assert 0 <= left <= 100


def test_what_an_engine_could_give_back_is_told(tmp_path: Path) -> None:
    answers = {
        "/containers/json?all=1": [{"State": "exited"}],
        "/images/json?filters=%7B%22dangling%22%3A%5B%22true%22%5D%7D": [],
    }
    with small_engine(tmp_path / "e.sock", answers):
        assert facts_of("disk", scene_in(tmp_path, DOCKER_HOST="unix:///e.sock"))["reclaimable"] is True
