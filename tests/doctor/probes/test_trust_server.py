import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.client.certificates import Authority
from tests.client.raw_server import RawServer, Talk
from tests.doctor.worlds.around_a_registry import known, world_about

SIGNED = {"signed": {"expires": "2999-01-01T00:00:00Z"}}
OLD = {"signed": {"expires": "2020-01-01T00:00:00Z"}}
NOT_FOUND = {"errors": [{"code": "METADATA_NOT_FOUND", "message": "You have requested metadata that does not exist."}]}


@contextmanager
def trust_server(tmp_path: Path, status: int, answer: object) -> Iterator[str]:
    def answering(talk: Talk) -> None:
        talk.say(status, json.dumps(answer).encode())

    identity = Authority.create(tmp_path / "authority").issue("127.0.0.1")
    with RawServer(answering, identity.server_context()) as server:
        yield server.host


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (200, SIGNED, "data"),
        (200, OLD, "expired"),
        (404, NOT_FOUND, "no-data"),
        (404, "404 page not found", "not-a-trust-server"),
        (200, [], "not-a-trust-server"),
        (403, {}, "refused"),
    ],
)
def test_what_the_registry_itself_answers_for_signatures(
    tmp_path: Path, status: int, answer: object, outcome: str
) -> None:
    with trust_server(tmp_path, status, answer) as host:
        assert {"outcome": outcome} == known(world_about(tmp_path, f"{host}/acme/app:1"), "trust-server")


def test_the_server_that_the_environment_names_is_asked(tmp_path: Path) -> None:
    with trust_server(tmp_path, 200, SIGNED) as host:
        world = world_about(tmp_path, "registry.invalid/acme/app:1", DOCKER_CONTENT_TRUST_SERVER=f"https://{host}")
        assert {"outcome": "data"} == known(world, "trust-server")


def test_nobody_listens(tmp_path: Path) -> None:
    assert {"outcome": "unreachable"} == known(world_about(tmp_path, "127.0.0.1:9/acme/app:1"), "trust-server")


def test_without_a_repository_there_is_nothing_to_ask_for(tmp_path: Path) -> None:
    assert {} == known(world_about(tmp_path, "127.0.0.1:9"), "trust-server")


def test_content_trust_against_a_plain_registry_is_the_cause(tmp_path: Path) -> None:
    with trust_server(tmp_path, 404, "404 page not found") as host:
        world = world_about(tmp_path, f"{host}/acme/app:1", DOCKER_CONTENT_TRUST="1")
        text = f"Error: remote trust data does not exist for {host}/acme/app: {host} does not have trust data for it"
        assert ("content-trust-no-data", ["registry-without-trust-server"]) == world.causes_of(text)


def test_a_repository_that_nobody_signed_is_the_cause(tmp_path: Path) -> None:
    with trust_server(tmp_path, 404, NOT_FOUND) as host:
        world = world_about(tmp_path, f"{host}/acme/app:1", DOCKER_CONTENT_TRUST="1")
        assert ("content-trust-no-data", ["never-signed"]) == world.causes_of("Error: No valid trust data for 1")
