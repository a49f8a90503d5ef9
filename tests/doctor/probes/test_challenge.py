import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.client.raw_server import Behaviour, RawServer, Talk, by_path, good
from tests.client.tokens import written
from tests.doctor.worlds.around_a_registry import known, world_about
from wharf.testing.registry_process import free_port


def asking(challenge: Callable[[str], str]) -> Behaviour:
    """It lets in whoever has a token."""

    def behave(talk: Talk) -> None:
        if talk.request.headers.get("authorization", "").startswith("Bearer "):
            return good(talk)
        return talk.say(401, b"{}", www_authenticate=challenge(talk.request.headers["host"]))

    return behave


def giving(token: str) -> Behaviour:
    return lambda talk: talk.say(200, json.dumps({"token": token}).encode())


def facts(home: Path, challenge: Callable[[str], str], token: Behaviour | None = None) -> dict[str, object]:
    with RawServer(by_path(v2=asking(challenge), token=token or giving("opaque"))) as server:
        return known(world_about(home, server.host), "challenge")


def test_a_token_service_that_does_its_part(tmp_path: Path) -> None:
    token = giving(written(aud="a-registry", access=[]))
    found = facts(tmp_path, lambda host: f'Bearer realm="http://{host}/token",service="a-registry"', token)

    assert ("bearer", "fine", "127.0.0.1", "fine") == tuple(
        found[name] for name in ("scheme", "realm", "realm_host", "service")
    )


@pytest.mark.parametrize(
    ("word", "times"),
    [
        ("past", {"nbf": -7200, "exp": -3600}),
        ("future", {"nbf": 3600, "exp": 7200}),
        ("fine", {"nbf": -5, "exp": 300}),
        ("unreadable", {}),
    ],
)
def test_the_time_for_which_a_token_is_good(tmp_path: Path, word: str, times: dict[str, int]) -> None:
    now = int(time.time())
    token = giving(written(aud="a-registry", access=[], **{name: now + shift for name, shift in times.items()}))
    found = facts(tmp_path, lambda host: f'Bearer realm="http://{host}/token",service="a-registry"', token)

    assert word == found["token_time"]


@pytest.mark.parametrize(
    ("scheme", "header"),
    [
        ("basic", 'Basic realm="Registry"'),
        ("both", 'Bearer realm="http://127.0.0.1:1/token",service="x", Basic realm="y"'),
        ("unknown", "Negotiate"),
        ("malformed", 'Bearer realm="never closed'),
    ],
)
def test_how_it_wants_to_be_told(tmp_path: Path, scheme: str, header: str) -> None:
    assert scheme == facts(tmp_path, lambda _: header)["scheme"]


def test_a_refusal_that_says_nothing(tmp_path: Path) -> None:
    with RawServer(lambda talk: talk.say(401)) as server:
        assert {"scheme": "none"} == known(world_about(tmp_path, server.host), "challenge")


@pytest.mark.parametrize(
    ("realm", "given"),
    [
        ("absent", 'Bearer service="x"'),
        ("relative", 'Bearer realm="/token",service="x"'),
        ("relative", 'Bearer realm="Registry",service="x"'),
        ("not-found", 'Bearer realm="http://auth.invalid/token",service="x"'),
        ("tls-broken", 'Bearer realm="https://{host}/token",service="x"'),
        ("answers-with-error", 'Bearer realm="http://{host}/elsewhere",service="x"'),
    ],
)
def test_an_address_of_a_token_service_that_is_of_no_use(tmp_path: Path, realm: str, given: str) -> None:
    assert realm == facts(tmp_path, lambda host: given.replace("{host}", host))["realm"]


def test_nobody_listens_at_the_token_service(tmp_path: Path) -> None:
    port = free_port()

    assert "refused" == facts(tmp_path, lambda _: f'Bearer realm="http://127.0.0.1:{port}/token",service="x"')["realm"]


def test_an_answer_without_a_token_is_an_error(tmp_path: Path) -> None:
    found = facts(tmp_path, lambda host: f'Bearer realm="http://{host}/token",service="x"', good)

    assert "answers-with-error" == found["realm"]


def test_tokens_for_another_service_than_is_named(tmp_path: Path) -> None:
    token = giving(written(aud="another-registry", access=[]))
    found = facts(tmp_path, lambda host: f'Bearer realm="http://{host}/token",service="a-registry"', token)

    assert "another" == found["service"]


def test_a_token_service_that_does_not_know_the_service(tmp_path: Path) -> None:
    def unknown_service(talk: Talk) -> None:
        talk.say(400, b'{"details": "invalid service: a-registry"}')

    found = facts(tmp_path, lambda host: f'Bearer realm="http://{host}/token",service="a-registry"', unknown_service)

    assert ("fine", "another") == (found["realm"], found["service"])


def test_no_service_is_named(tmp_path: Path) -> None:
    assert "absent" == facts(tmp_path, lambda host: f'Bearer realm="http://{host}/token"')["service"]


def test_a_registry_that_is_open(tmp_path: Path) -> None:
    with RawServer(good) as server:
        assert {"scheme": "none"} == known(world_about(tmp_path, server.host), "challenge")


def test_what_an_address_holds_beside_its_host_is_not_shown(tmp_path: Path) -> None:
    header = 'Bearer realm="https://me:a-secret-word@127.0.0.1:1/token?key=another-secret",service="x"'
    with RawServer(asking(lambda _: header)) as server:
        seen = world_about(tmp_path, server.host).probed("challenge")

    assert "secret" not in f"{seen}"
