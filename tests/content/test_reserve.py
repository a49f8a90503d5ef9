from pathlib import Path

from wharf.content.reserve import Reserve


def test_a_reserve_takes_real_room_on_the_disk(tmp_path: Path) -> None:
    Reserve(tmp_path).keep()
    assert (tmp_path / "reserve").stat().st_blocks * 512 >= 8 << 20


def test_a_reserve_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path)
    reserve.keep()
    reserve.keep()
    reserve.give_up()
    reserve.give_up()
    assert list(tmp_path.iterdir()) == []


def test_a_reserve_is_given_up_for_a_while(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path)
    reserve.keep()
    with reserve.given_up():
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == [tmp_path / "reserve"]
