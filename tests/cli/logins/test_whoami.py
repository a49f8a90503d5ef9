"""Who one is: for one registry or all, which source answered, and why others did not."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.client.raw_server import RawServer
from tests.client.token_service import Account, House
from tests.client.tokens import written
from tests.credentials.stage import auth
from wharf.oci.strict_json import JsonValue

SECRET = "open-sesame-7"
THEN = 1_700_000_000


@pytest.fixture
def house() -> House:
    return House({"alice": Account(SECRET, {"team/*": frozenset({"pull"})}), "bob": Account(SECRET)})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    assert desk.never_said(SECRET, auth("alice", SECRET), "hunter2-wrong", auth("alice", "hunter2-wrong"))


def know(desk: Desk, **passwords: str) -> None:
    auths: dict[str, JsonValue] = {
        host.replace("_", "."): {"auth": auth("alice", password)} for host, password in passwords.items()
    }
    desk.home.write_config({"auths": auths})
    os.utime(desk.home.config, (THEN, THEN))


def test_one_who_is_logged_in_is_told_so(desk: Desk, host: str) -> None:
    know(desk, **{host: SECRET})
    outcome = desk.wharf("whoami", host, "--repository", "team/app")
    assert (0, f"{host}: logged in as alice") == (outcome.code, outcome.out.splitlines()[0])
    assert "~/.docker/config.json, auths" in outcome.out
    assert "team/app: pull yes, push no, delete no" in outcome.out


def test_a_machine_gets_one_object(desk: Desk, host: str) -> None:
    know(desk, **{host: SECRET})
    told = json.loads(desk.wharf("whoami", host, "--json").out)
    assert (True, "logged_in", "alice", "password") == (told["loggedIn"], told["state"], told["account"], told["kind"])
    assert datetime.fromtimestamp(THEN, UTC) == datetime.fromisoformat(told["since"])
    assert [{"place": "DOCKER_AUTH_CONFIG", "reason": "it is not set", "failed": False}] == told["silent"]


def test_one_who_is_not_logged_in_learns_where_was_looked(desk: Desk, host: str) -> None:
    know(desk, ghcr_io=SECRET)
    outcome = desk.wharf("whoami", host)
    assert (4, f"{host}: not logged in") == (outcome.code, outcome.out.splitlines()[0])
    assert f"no entry for {host}" in outcome.out
    assert "auth.json" in outcome.out


def test_a_password_that_changed_is_refused(desk: Desk, host: str) -> None:
    know(desk, **{host: "hunter2-wrong"})
    outcome = desk.wharf("whoami", host)
    assert (6, f"{host}: the registry refuses the credential (alice)") == (outcome.code, outcome.out.splitlines()[0])
    assert "it answered 401" in outcome.err


def test_a_login_without_rights_there_is_told_from_a_refused_one(desk: Desk, host: str) -> None:
    know(desk, **{host: SECRET})
    outcome = desk.wharf("whoami", host, "--repository", "crew/app")
    assert (6, f"{host}: logged in, without any right there (alice)") == (outcome.code, outcome.out.splitlines()[0])


def test_a_registry_that_cannot_be_asked_is_no_refusal(desk: Desk) -> None:
    know(desk, **{"127.0.0.1:1": SECRET})
    outcome = desk.wharf("whoami", "127.0.0.1:1")
    assert (9, True) == (outcome.code, "the registry could not be asked (alice)" in outcome.out)
    assert "cannot be reached" in outcome.err


def test_offline_nobody_is_asked(desk: Desk, host: str, house: House) -> None:
    know(desk, **{host: SECRET})
    outcome = desk.wharf("whoami", host, "--offline")
    assert (0, []) == (outcome.code, house.asked)
    assert f"{host}: a credential is here; the registry was not asked (alice)" == outcome.out.splitlines()[0]


def test_what_has_expired_is_known_without_asking(desk: Desk) -> None:
    desk.home.write_config({"auths": {"r.example": {"auth": auth("alice", written(exp=THEN))}}})
    outcome = desk.wharf("whoami", "r.example", "--offline")
    assert (6, True) == (outcome.code, "expired at 2023-11-14 22:13 UTC" in outcome.out)


def test_a_short_life_has_a_latest_end(desk: Desk) -> None:
    know(desk, **{"123456789012.dkr.ecr.eu-west-1.amazonaws.com": SECRET})
    out = desk.wharf("whoami", "123456789012.dkr.ecr.eu-west-1.amazonaws.com", "--offline").out
    assert "12 hours from when it was made; at the latest: no longer: it expired at 2023-11-15 10:13 UTC" in out


def test_a_registry_that_asks_nobody_says_nothing_of_the_credential(desk: Desk, host: str, house: House) -> None:
    house.open_to_all = True
    know(desk, **{host: "hunter2-wrong"})
    outcome = desk.wharf("whoami", host)
    assert (0, True) == (outcome.code, "the registry asks nobody who they are" in outcome.out)


def test_the_first_source_that_answers_counts(desk: Desk, host: str) -> None:
    know(desk, **{host: "hunter2-wrong"})
    desk.home.environ["DOCKER_AUTH_CONFIG"] = json.dumps({"auths": {host: {"auth": auth("bob", SECRET)}}})
    outcome = desk.wharf("whoami", host)
    assert (0, f"{host}: logged in as bob") == (outcome.code, outcome.out.splitlines()[0])


def test_what_podman_stored_is_found(desk: Desk, host: str) -> None:
    desk.home.write(desk.auth_file, {"auths": {host: {"auth": auth("alice", SECRET)}}})
    assert "containers/auth.json, auths" in desk.wharf("whoami", host).out


# --- all of them -------------------------------------------------------------------------------------------------


def test_all_registries_that_are_known_stand_in_a_table(desk: Desk, host: str) -> None:
    know(desk, **{host: SECRET, "127.0.0.1:1": SECRET})
    outcome = desk.wharf("whoami")
    assert [
        ["REGISTRY", "ACCOUNT", "STATE", "SOURCE"],
        [host, "alice", "logged in", "~/.docker/config.json, auths"],
        [
            "127.0.0.1:1",
            "alice",
            "a credential is here; the registry could not be asked",
            "~/.docker/config.json, auths",
        ],
    ] == [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in outcome.out.splitlines()]
    assert 9 == outcome.code


def test_all_well_is_zero(desk: Desk, host: str) -> None:
    know(desk, **{host: SECRET})
    assert 0 == desk.wharf("whoami").code


def test_nobody_anywhere_is_four(desk: Desk) -> None:
    outcome = desk.wharf("whoami")
    assert (4, True) == (outcome.code, outcome.out.startswith("not logged in anywhere"))


def test_all_for_a_machine(desk: Desk, host: str) -> None:
    know(desk, **{host: SECRET})
    told = json.loads(desk.wharf("whoami", "--json").out)
    assert [host] == [each["registry"] for each in told["registries"]]


def test_a_source_that_fails_is_explained_beside_the_table(desk: Desk, host: str) -> None:
    desk.home.shell("desktop", "echo 'Cannot autolaunch D-Bus without X11 $DISPLAY'; exit 1")
    desk.home.write_config({"credsStore": "desktop", "auths": {host: {"auth": auth("alice", SECRET)}}})
    outcome = desk.wharf("whoami")
    assert (0, True, True) == (outcome.code, "logged in" in outcome.out, "this is known: " in outcome.err)


@pytest.mark.parametrize(
    "words", [("--repository", "team/app"), ("ghcr.io", "--probe-push"),
              ("ghcr.io", "--repository", "team/app", "--probe-push", "--offline")]
)  # fmt: skip
def test_questions_without_an_object_are_refused(desk: Desk, words: tuple[str, ...]) -> None:
    assert 2 == desk.wharf("whoami", *words).code


@pytest.mark.parametrize("text", ["\ufeff{}", "{", '{"auths": {"r.example": {"auth": "%%%"}}}', '{"auths": 7}', "\0"])
def test_a_strange_file_is_told_of_and_hides_nothing_behind_it(desk: Desk, host: str, text: str) -> None:
    desk.home.write_config(text.encode())
    desk.home.write(desk.auth_file, {"auths": {host: {"auth": auth("alice", SECRET)}}})
    assert 0 == desk.wharf("whoami", host).code


def test_among_all_registries_those_that_cannot_be_asked_are_told_with_the_reason(desk: Desk, host: str) -> None:
    know(desk, **{host: SECRET, "127.0.0.1:1": SECRET})
    outcome = desk.wharf("whoami")
    assert (9, True) == (outcome.code, "error: 127.0.0.1:1 cannot be reached: nobody listens there" in outcome.err)


def test_what_a_registry_warns_of_is_told(desk: Desk) -> None:
    with RawServer(lambda talk: talk.say(200, warning='299 - "moves on Friday"')) as server:
        know(desk, **{server.host: SECRET})
        assert f"{server.host} warns: moves on Friday" in desk.wharf("whoami", server.host).err
        assert [f"{server.host} warns: moves on Friday"] == json.loads(desk.wharf("whoami", server.host, "--json").out)[
            "warnings"
        ]


def test_a_folder_in_the_place_of_the_file_is_to_be_removed(desk: Desk) -> None:
    desk.home.config.mkdir(parents=True)
    assert "Remove the folder" in desk.wharf("whoami", "r.example").err


@pytest.mark.slow
def test_thousands_of_registries_are_told_of_in_time(desk: Desk) -> None:
    know(desk, **{f"r{number}.example": SECRET for number in range(1500)})
    started = time.process_time()
    assert 1501 == len(desk.wharf("whoami", "--offline").out.splitlines())
    assert time.process_time() - started < 40


def test_how_long_a_login_is_good_for_is_told_in_the_language_of_the_locale(desk: Desk, host: str) -> None:
    know(desk, **{host: "hunter2"})
    desk.home.environ["LANG"] = "ko_KR.UTF-8"
    assert "발급할 때 정한 날짜까지 유효합니다" in desk.wharf("whoami", host).out
