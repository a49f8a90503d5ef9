from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.client.certificates import self_signed
from tests.client.raw_server import RawServer, Talk, good
from tests.doctor.worlds.around_a_registry import known, world_about
from tests.doctor.worlds.world import World

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def dated(talk: Talk) -> None:
    talk.say(200, b"{}", date="Sun, 01 Mar 2026 12:00:00 GMT")


def clock_at(world: World, moment: datetime) -> World:
    return World(replace(world.scene, clock=lambda: moment))


def test_a_clock_that_agrees_with_the_registry(tmp_path: Path) -> None:
    with RawServer(dated) as server:
        facts = known(clock_at(world_about(tmp_path, server.host), NOW + timedelta(seconds=3)), "clock")

    assert {"off": False, "ahead": False, "seconds": 3} == facts


def test_a_clock_that_is_behind(tmp_path: Path) -> None:
    with RawServer(dated) as server:
        facts = known(clock_at(world_about(tmp_path, server.host), NOW - timedelta(hours=9)), "clock")

    assert {"off": True, "ahead": False, "seconds": -9 * 3600} == facts


def test_the_time_is_read_over_a_certificate_that_nobody_believes(tmp_path: Path) -> None:
    with RawServer(dated, self_signed(tmp_path / "self", "127.0.0.1").server_context()) as server:
        facts = known(clock_at(world_about(tmp_path, server.host), NOW + timedelta(days=400)), "clock")

    assert (True, True) == (facts["off"], facts["ahead"])


def test_a_registry_that_does_not_tell_the_time(tmp_path: Path) -> None:
    with RawServer(good) as server:
        assert {} == known(world_about(tmp_path, server.host), "clock")


def test_a_date_that_is_none(tmp_path: Path) -> None:
    with RawServer(lambda talk: talk.say(200, b"{}", date="yesterday")) as server:
        assert {} == known(world_about(tmp_path, server.host), "clock")
