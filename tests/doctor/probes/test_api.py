from pathlib import Path

import pytest

from tests.client.raw_server import RawServer, Talk
from tests.doctor.worlds.around_a_registry import known, world_about
from tests.doctor.worlds.world import world_in


def facts(home: Path, status: int, body: bytes = b"", **headers: str) -> dict[str, object]:
    with RawServer(lambda talk: talk.say(status, body, **headers)) as server:
        return known(world_about(home, server.host), "api")


@pytest.mark.parametrize(
    ("outcome", "status", "body", "headers"),
    [
        ("open", 200, b"{}", {"content_type": "application/json"}),
        ("open", 200, b"true", {"docker_distribution_api_version": "registry/2.0"}),
        ("challenge", 401, b"", {"www_authenticate": "Basic realm=x"}),
        ("refused", 401, b"", {}),
        ("refused", 403, b"{}", {}),
        ("not-a-registry", 404, b"not here", {}),
        ("not-a-registry", 200, b"<html><title>Welcome to nginx!</title></html>", {"content_type": "text/html"}),
        ("login-page", 200, b"<html><form><input type=password></form></html>", {"content_type": "text/html"}),
        ("login-page", 302, b"", {"location": "https://sso.example/login?next=/v2/"}),
        ("redirect", 301, b"", {"location": "https://elsewhere.example/v2/"}),
        ("server-error", 503, b"", {}),
        ("rate-limited", 429, b"", {}),
    ],
)
def test_what_stands_there(tmp_path: Path, outcome: str, status: int, body: bytes, headers: dict[str, str]) -> None:
    found = facts(tmp_path, status, body, **headers)

    assert (outcome, status) == (found["outcome"], found["status"])


@pytest.mark.parametrize(
    ("front", "headers"),
    [
        ("none", {}),
        ("none", {"server": "wharf"}),
        ("nginx", {"server": "nginx/1.25.3"}),
        ("nginx", {"server": "openresty"}),
        ("cloudflare", {"server": "cloudflare", "cf_ray": "8a1"}),
        ("load-balancer", {"server": "awselb/2.0"}),
        ("other", {"via": "1.1 cache-7"}),
        ("other", {"server": "SomethingOfOurs"}),
    ],
)
def test_who_stands_in_front(tmp_path: Path, front: str, headers: dict[str, str]) -> None:
    assert front == facts(tmp_path, 200, b"{}", **headers)["front"]


def test_a_server_of_an_unknown_name_may_be_the_registry_itself(tmp_path: Path) -> None:
    assert facts(tmp_path, 200, b"{}", server="SomethingOfOurs")["behind_proxy"] is False


def test_somebody_who_hangs_up(tmp_path: Path) -> None:
    with RawServer(Talk.hang_up) as server:
        assert {"outcome": "nothing"} == known(world_about(tmp_path, server.host), "api")


def test_somebody_who_never_ends(tmp_path: Path) -> None:
    def endless(talk: Talk) -> None:
        talk.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n")
        talk.flood(b"x" * 65536)

    with RawServer(endless) as server:
        assert {"outcome": "nothing"} == known(world_about(tmp_path, server.host), "api")


def test_without_a_registry_nothing_is_seen(tmp_path: Path) -> None:
    assert {} == known(world_in(tmp_path, {}), "api")
