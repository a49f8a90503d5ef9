"""Logging out, and what is said of those who would still answer."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.credentials.stage import auth

SECRET = "open-sesame-7"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    assert desk.never_said(SECRET, auth("alice", SECRET))


def logged_in(desk: Desk, *registries: str) -> None:
    desk.home.write_config({"auths": {name: {"auth": auth("alice", SECRET)} for name in registries}, "theirs": [1]})


def test_the_credential_goes_and_the_rest_stays(desk: Desk) -> None:
    logged_in(desk, "ghcr.io", "quay.io")
    assert "logged out of ghcr.io: taken from ~/.docker/config.json\n" == desk.wharf("logout", "ghcr.io").out
    left = json.loads(desk.home.config.read_text())
    assert (["quay.io"], [1]) == (list(left["auths"]), left["theirs"])


def test_docker_hub_goes_by_any_of_its_names(desk: Desk) -> None:
    logged_in(desk, "https://index.docker.io/v1/")
    assert "logged out of docker.io" in desk.wharf("logout", "registry-1.docker.io").out
    assert {} == json.loads(desk.home.config.read_text()).get("auths", {})


def test_where_nothing_was_stored_that_is_said(desk: Desk) -> None:
    outcome = desk.wharf("logout", "ghcr.io")
    assert (0, "ghcr.io: nothing was stored\n") == (outcome.code, outcome.out)


def test_who_still_answers_is_named(desk: Desk) -> None:
    logged_in(desk, "ghcr.io")
    desk.home.write(desk.auth_file, {"auths": {"ghcr.io": {"auth": auth("podman-user", SECRET)}}})
    err = " ".join(desk.wharf("logout", "ghcr.io").err.split())
    assert "auth.json, auths still logs in to ghcr.io as podman-user: remove it there" in err


def test_a_variable_that_still_answers_is_named(desk: Desk) -> None:
    desk.home.environ["DOCKER_AUTH_CONFIG"] = json.dumps({"auths": {"ghcr.io": {"auth": auth("ci", SECRET)}}})
    told = json.loads(desk.wharf("logout", "ghcr.io", "--json").out)
    assert {"place": "DOCKER_AUTH_CONFIG", "account": "ci"} == told["stillAnswers"]


def test_all_registries_at_once(desk: Desk) -> None:
    logged_in(desk, "ghcr.io", "quay.io")
    assert ["logged out of ghcr.io", "logged out of quay.io"] == [
        line.partition(":")[0] for line in desk.wharf("logout", "--all").out.splitlines()
    ]
    assert 4 == desk.wharf("whoami").code


def test_all_of_nothing_is_nothing(desk: Desk) -> None:
    assert (0, "no registry is known here: there is nothing to log out of\n") == (
        (outcome := desk.wharf("logout", "--all")).code,
        outcome.out,
    )


@pytest.mark.parametrize("words", [(), ("ghcr.io", "--all")])
def test_one_or_all_has_to_be_said(desk: Desk, words: tuple[str, ...]) -> None:
    assert 2 == desk.wharf("logout", *words).code


def test_a_helper_that_fails_is_explained(desk: Desk) -> None:
    desk.home.shell("pass", "echo 'pass not initialized: exit status 1: Error: password store is empty.'; exit 1")
    desk.home.write_config({"credsStore": "pass"})
    outcome = desk.wharf("logout", "ghcr.io")
    assert (11, True) == (outcome.code, "this is known: " in outcome.err)
