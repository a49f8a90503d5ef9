from pathlib import Path

from tests.client.raw_server import RawServer, Talk, good
from tests.doctor.worlds.around_a_registry import known, logged_in, world_about


def facts(home: Path, status: int, **headers: str) -> dict[str, object]:
    with RawServer(lambda talk: talk.say(status, b"", **headers)) as server:
        return known(world_about(home, f"{server.host}/team/app:1.0"), "rate-limit")


def test_the_pulls_that_are_left_are_counted_for_an_address(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        200,
        ratelimit_limit="100;w=21600",
        ratelimit_remaining="76;w=21600",
        docker_ratelimit_source="192.0.2.1",
    )

    assert {"left": 76, "counted_for": "address"} == found


def test_or_for_an_account(tmp_path: Path) -> None:
    found = facts(
        tmp_path, 200, ratelimit_limit="200", ratelimit_remaining="0", docker_ratelimit_source="1b2f0a-account"
    )

    assert {"left": 0, "counted_for": "account"} == found


def test_whoever_is_refused_has_none_left(tmp_path: Path) -> None:
    assert {"left": 0, "counted_for": "address"} == facts(tmp_path, 429)


def test_asking_is_no_pull(tmp_path: Path) -> None:
    with RawServer(good) as server:
        found = known(world_about(tmp_path, f"{server.host}/team/app:1.0"), "rate-limit")

    assert {} == found
    assert ["HEAD"] == [asked.method for asked in server.requests if "/manifests/" in asked.target]


def test_the_limit_of_whoever_is_logged_in_is_asked_for_with_the_login(tmp_path: Path) -> None:
    def door(talk: Talk) -> None:
        if "authorization" in talk.request.headers:
            return talk.say(429)
        return talk.say(401, www_authenticate="Basic realm=x")

    with RawServer(door) as server:
        logged_in(tmp_path, server.host)

        assert {"left": 0, "counted_for": "account"} == known(world_about(tmp_path, server.host), "rate-limit")
