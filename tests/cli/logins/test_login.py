"""Logging in, at a registry with accounts and at others."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.client.token_service import Account, House
from tests.client.tokens import written

SECRET = "open-sesame-7"
ACCOUNTS = {
    "alice": Account(SECRET, {"team/*": frozenset({"pull", "push"})}),
    "bob": Account("builder-of-9"),
}


@pytest.fixture
def house() -> House:
    return House(ACCOUNTS)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    assert desk.never_said(SECRET, "builder-of-9", "hunter2-wrong")


def entry(desk: Desk, host: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(desk.home.config.read_text())["auths"][host]
    return found


def test_registries_of_others_are_asked_for_what_every_registry_knows(desk: Desk, host: str, house: House) -> None:
    desk.login(host, "alice", SECRET)
    for verb in ("whoami", "logout"):
        assert 0 == desk.wharf(verb, host).code
    assert {"/v2/", "/token"} == {asked.split()[-1].partition("?")[0] for asked in house.asked}


# --- what is kept ------------------------------------------------------------------------------------------------


def test_an_accepted_credential_is_kept(desk: Desk, host: str, house: House) -> None:
    house.hands_out_refresh_tokens = False
    outcome = desk.login(host, "alice", SECRET)
    assert (0, f"logged in to {host} as alice") == (outcome.code, outcome.out.splitlines()[0])
    assert {"auth": "YWxpY2U6b3Blbi1zZXNhbWUtNw=="} == entry(desk, host)


def test_where_the_registry_gives_an_identity_token_the_password_is_not_kept(
    desk: Desk, host: str, house: House
) -> None:
    outcome = desk.login(host, "alice", SECRET)
    assert "an identity token in place of the password" in outcome.out
    assert house.refresh_tokens[entry(desk, host)["identitytoken"]] == "alice"
    assert SECRET not in desk.home.config.read_text()


def test_the_file_is_for_its_owner_alone(desk: Desk, host: str) -> None:
    desk.login(host, "alice", SECRET)
    assert 0o600 == desk.home.config.stat().st_mode & 0o777


def test_a_person_is_told_that_base64_hides_nothing(desk: Desk, host: str) -> None:
    err = " ".join(desk.login(host, "alice", SECRET).err.split())
    assert "base64, which is not encryption" in err
    assert "--store helper" in err


def test_a_refused_credential_is_not_kept(desk: Desk, host: str) -> None:
    outcome = desk.login(host, "alice", "hunter2-wrong")
    assert (6, True) == (outcome.code, outcome.err.startswith(f"error: {host} refused to let alice in: "))
    assert not desk.has_config


def test_a_refused_credential_leaves_the_one_before(desk: Desk, host: str) -> None:
    desk.login(host, "alice", SECRET)
    before = desk.home.config.read_bytes()
    assert "a credential that was there stays" in desk.login(host, "alice", "hunter2-wrong").err
    assert before == desk.home.config.read_bytes()


def test_the_folder_of_one_job_is_all_that_is_touched(desk: Desk, host: str, tmp_path: Path) -> None:
    job = tmp_path / "job"
    outcome = desk.login(host, "alice", SECRET, "--config", str(job))
    assert (0, True) == (outcome.code, f"docker, podman and skopeo with DOCKER_CONFIG={job}" in outcome.out)
    assert ["config.json"] == [path.name for path in job.iterdir()]
    assert not desk.has_config
    assert 0 == desk.wharf("whoami", host, "--config", str(job)).code
    assert 4 == desk.wharf("whoami", host).code


def test_a_machine_gets_one_object(desk: Desk, host: str) -> None:
    told = json.loads(desk.login(host, "alice", SECRET, "--repository", "team/app", "--json").out)
    assert (host, "alice", "accepted") == (told["registry"], told["account"], told["verdict"])
    assert {"place": "~/.docker/config.json", "kind": "identity token"} == told["stored"]
    assert {"given": True, "basis": "token", "evidence": ""} == told["rights"]["push"]


# --- rights ------------------------------------------------------------------------------------------------------


def test_the_rights_to_a_repository_are_told(desk: Desk, host: str) -> None:
    assert (
        "team/app: pull yes, push yes, delete no" in desk.login(host, "alice", SECRET, "--repository", "team/app").out
    )


def test_a_login_that_grants_nothing_there_is_told_from_a_refused_one(desk: Desk, host: str) -> None:
    outcome = desk.login(host, "bob", "builder-of-9", "--repository", "team/app")
    assert (6, "error: to pull or to push is not allowed on team/app") == (outcome.code, outcome.err.splitlines()[0])
    assert "accepts the login of bob, and grants it nothing there" in outcome.err
    assert not desk.has_config


def test_pushing_is_tried_if_that_is_wished_for(desk: Desk, host: str, house: House) -> None:
    house.tells_rights = False
    house.answer = lambda method, path: (202, {"Location": f"{path}1"}, b"") if method == "POST" else (200, {}, b"{}")
    out = desk.login(host, "alice", SECRET, "--repository", "team/app", "--probe-push").out
    assert "pull yes (tried), push yes (tried), delete not known" in out
    assert "DELETE /v2/team/app/blobs/uploads/1" in house.asked


# --- what is given -----------------------------------------------------------------------------------------------


def test_a_person_is_asked_for_name_and_password(desk: Desk, host: str) -> None:
    outcome = desk.wharf("login", host, typed=["alice", SECRET])
    assert (0, "User name: Password or token (not shown): ") == (outcome.code, outcome.err.partition("warning")[0])


def test_a_person_who_leaves_logs_in_to_nothing(desk: Desk, host: str) -> None:
    assert 130 == desk.wharf("login", host, typed=["alice"]).code


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_one_line_break_at_the_end_is_the_pipes(desk: Desk, host: str, end: str) -> None:
    outcome = desk.wharf("login", host, "-u", "alice", "--password-stdin", piped=SECRET + end)
    assert 0 == outcome.code


@pytest.mark.parametrize("flag", ["-p", "--password"])
def test_a_password_among_the_arguments_is_refused(desk: Desk, host: str, flag: str) -> None:
    outcome = desk.wharf("login", host, "-u", "alice", flag, SECRET)
    assert (2, True) == (outcome.code, "--password-stdin" in outcome.err)
    assert not desk.has_config


@pytest.mark.parametrize("words", [(SECRET,), ("-u", "alice", SECRET), ("--passwd", SECRET), (f"-p{SECRET}",)])
def test_a_secret_that_stands_in_a_wrong_place_is_not_repeated(desk: Desk, host: str, words: tuple[str, ...]) -> None:
    assert 2 == desk.wharf("login", host, *words).code


@pytest.mark.parametrize(
    ("words", "piped", "code", "said"),
    [
        ([], None, 11, "there is no terminal to ask at"),
        (["--password-stdin"], SECRET, 11, "came without a user name"),
        (["-u", "alice", "--password-stdin"], "", 11, "the password is empty"),
        (["-u", "a:b", "--password-stdin"], SECRET, 11, "cannot have a colon"),
        (["-u", "alice", "--password-stdin"], "x" * 70_000, 11, "more than 65536 characters"),
        (["--key-file", "{key}", "--password-stdin"], SECRET, 2, "only one of them"),
        (["--key-file", "{key}"], None, 11, "not the JSON key of a Google service account"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_login_is_refused_before_anybody_is_asked(
    desk: Desk, host: str, house: House, tmp_path: Path, words: list[str], piped: str | None, code: int, said: str
) -> None:
    key = tmp_path / "key.json"
    key.write_text('{"type": "hunter2-wrong"}')
    outcome = desk.wharf("login", host, *(word.format(key=key) for word in words), piped=piped)
    assert (code, True) == (outcome.code, said in " ".join(outcome.err.split())), outcome.err
    assert [] == house.asked


def test_a_secret_of_another_house_is_not_sent(desk: Desk) -> None:
    outcome = desk.login("docker.io", "alice", "ghp_" + "x" * 36)
    assert (11, True) == (outcome.code, "it was not sent" in " ".join(outcome.err.split()))


@pytest.mark.parametrize("text", ["https://{host}", "http://{host}/v2/", "{host}/"])
def test_an_address_stands_for_its_registry(desk: Desk, host: str, text: str) -> None:
    assert 0 == desk.login(text.format(host=host), "alice", SECRET).code
    assert "auth" in entry(desk, host)


@pytest.mark.parametrize(
    ("text", "said"),
    [("ghcr.io/team/app", "ghcr.io --repository team/app"), ("https://alice:hunter2-wrong@ghcr.io", "no user in it"),
     ("", "not a host name"), ("a b", "not a host name"), ("--", "Missing argument")],
)  # fmt: skip
def test_what_is_no_registry_is_refused(desk: Desk, text: str, said: str) -> None:
    outcome = desk.wharf("login", text)
    assert (2, True) == (outcome.code, said in " ".join(outcome.err.split())), outcome.err


# --- other registries, other surroundings --------------------------------------------------------------------------


def test_headers_of_dockers_configuration_go_along(desk: Desk, host: str, house: House) -> None:
    desk.home.write_config({"HttpHeaders": {"X-Team": "harbour"}, "auths": {}})
    desk.login(host, "alice", SECRET)
    assert {"harbour"} == {headers.get("x-team") for headers in house.headers[:1]}


def test_nobody_there_is_no_refusal(desk: Desk) -> None:
    assert 9 == desk.login("127.0.0.1:1", "alice", SECRET).code


def test_what_answers_without_asking_is_said(desk: Desk, host: str, house: House) -> None:
    house.open_to_all = True
    outcome = desk.login(host, "alice", SECRET)
    assert (0, True) == (outcome.code, "could not be checked" in " ".join(outcome.err.split()))
    assert f"{host} asks nobody who they are: the login of alice is kept unchecked" == outcome.out.splitlines()[0]


def test_a_variable_that_hides_what_is_stored_is_named(desk: Desk, host: str) -> None:
    desk.home.environ["DOCKER_AUTH_CONFIG"] = json.dumps({"auths": {host: {"auth": "YTpi"}}})
    assert "DOCKER_AUTH_CONFIG has a credential" in " ".join(desk.login(host, "alice", SECRET).err.split())


@pytest.mark.parametrize(("words", "told"), [([], True), (["--config", "job"], False)])
def test_in_ci_a_folder_for_each_job_is_advised(desk: Desk, host: str, words: list[str], told: bool) -> None:
    desk.home.environ["CI"] = "true"
    words = [str(desk.folder / word) if word == "job" else word for word in words]
    assert told is ("DOCKER_CONFIG=DIR" in desk.login(host, "alice", SECRET, *words).err)


def test_the_end_of_a_token_is_told(desk: Desk, host: str, house: House) -> None:
    token = written(sub="alice", exp=4_000_000_000)
    house.accounts = {"alice": Account(token)}
    house.hands_out_refresh_tokens = False
    assert "until 2096-10-02 07:06 UTC" in desk.login(host, "alice", token).out
    assert desk.never_said(token)


def test_a_broken_file_is_found_before_a_password_is_asked_for(desk: Desk, host: str, house: House) -> None:
    desk.home.write_config("{")
    outcome = desk.login(host, "alice", SECRET)
    assert (11, []) == (outcome.code, house.asked)
    assert "{" == desk.home.config.read_text()
