"""Logging in at a wharf registry with accounts: a token of the login's own, told of by whoami, revoked by logout."""

import json
import socket
from base64 import b64decode, b64encode
from collections.abc import Callable
from shutil import copytree
from typing import TypeAlias
from urllib.request import Request, urlopen

import pytest

from tests.cli.office import PASSWORD, Office
from wharf.access.secret_text import SecretKind, SecretText, recognised
from wharf.oci.strict_json import JsonValue

pytestmark = pytest.mark.slow

Keep: TypeAlias = Callable[[Office, str], None]


@pytest.fixture
def desk_of_nobody(office: Office) -> Office:
    office.leave()
    return office


def login(office: Office, name: str, secret: str) -> str:
    return office.done("login", office.host, "-u", name, "--password-stdin", piped=secret)


def kept(office: Office) -> str:
    entry = json.loads(office.desk.home.config.read_text())["auths"][office.host]
    return b64decode(entry["auth"]).decode().partition(":")[2]


def test_a_token_is_kept_in_the_passwords_place(desk_of_nobody: Office) -> None:
    said = login(desk_of_nobody, "admin", PASSWORD)
    found = recognised(kept(desk_of_nobody))
    assert found is not None
    assert found.kind is SecretKind.PERSONAL
    assert "the token was made for this login" in said
    assert "until 2" in said
    assert desk_of_nobody.desk.never_said(PASSWORD, found.text)


def test_no_token_is_left_that_nobody_keeps(desk_of_nobody: Office) -> None:
    login(desk_of_nobody, "admin", PASSWORD)
    tokens = desk_of_nobody.told("token", "list", desk_of_nobody.host)["tokens"]
    assert [] == [token for token in tokens if token["kind"] == "ref" and token["state"] == "good"]


def test_with_it_everything_can_be_done(desk_of_nobody: Office) -> None:
    login(desk_of_nobody, "admin", PASSWORD)
    assert desk_of_nobody.name in desk_of_nobody.done("admin", "org", "list", desk_of_nobody.host)


def test_a_token_that_is_given_is_kept_as_it_is(office: Office) -> None:
    token = office.token("--scope", "write:packages")
    office.leave()
    login(office, "admin", token)
    assert token == kept(office)


def test_the_token_of_the_login_before_is_revoked(desk_of_nobody: Office) -> None:
    login(desk_of_nobody, "admin", PASSWORD)
    before = kept(desk_of_nobody)
    login(desk_of_nobody, "admin", PASSWORD)
    desk_of_nobody.sit("admin", before)
    assert 6 == desk_of_nobody.wharf("token", "list", desk_of_nobody.host).code


def test_logging_out_revokes_it(desk_of_nobody: Office) -> None:
    login(desk_of_nobody, "admin", PASSWORD)
    before = kept(desk_of_nobody)
    assert "its token was revoked there" in desk_of_nobody.done("logout", desk_of_nobody.host)
    desk_of_nobody.sit("admin", before)
    assert 6 == desk_of_nobody.wharf("token", "list", desk_of_nobody.host).code


def test_logging_out_leaves_a_token_that_somebody_made(office: Office) -> None:
    token = office.token("--label", "laptop")
    office.sit("admin", token)
    assert not office.told("logout", office.host)["tokenRevoked"]
    office.sit("admin", token)
    assert 0 == office.wharf("whoami", office.host).code


def test_whoami_tells_scopes_limits_roles_and_the_end(office: Office) -> None:
    office.done("admin", "service", "create", f"{office.org}+ci", "--role", "writer")
    token = office.token("--account", f"{office.name}+ci", "--scope", "write:packages", "--label", "job",
                         "--repository", f"{office.name}/*")  # fmt: skip
    office.sit(f"{office.name}+ci", token)
    said = office.done("whoami", office.host)
    assert f"{office.host}: logged in as {office.name}+ci" == said.splitlines()[0]
    rows = [line.split(maxsplit=1) for line in said.splitlines()]
    assert ["scopes", "write:packages"] in rows
    assert ["roles", f"writer of {office.name}"] in rows
    assert f"only for  {office.name}/*" in said
    assert "until 2" in said


def test_whoami_tells_it_to_machines(office: Office) -> None:
    office.sit("admin", office.token())
    told = office.told("whoami", office.host)
    assert ("admin", ["read:packages"], True) == (
        told["account"],
        told["token"]["scopes"],
        told["token"]["administrator"],
    )
    assert told["expires"]


def test_a_wrong_password_is_refused_and_not_kept(desk_of_nobody: Office) -> None:
    outcome = desk_of_nobody.wharf(
        "login", desk_of_nobody.host, "-u", "admin", "--password-stdin", piped="not the password"
    )
    assert 6 == outcome.code
    assert not desk_of_nobody.desk.has_config


# --- what a login tells ----------------------------------------------------------------------------------------------


def test_a_login_tells_what_its_token_may(desk_of_nobody: Office) -> None:
    said = login(desk_of_nobody, "admin", PASSWORD)
    rows = {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1] for line in said.splitlines()[1:]}
    assert "admin" == rows["scopes"]
    assert rows["roles"].startswith("administrator, owner of ")
    assert rows["token"].endswith("(wharf login)")
    assert "rights" not in rows


def test_a_login_tells_machines_what_its_token_may(office: Office) -> None:
    token = office.token("--scope", "write:packages", "--repository", f"{office.name}/*", "--label", "job")
    office.leave()
    told = json.loads(office.done("login", office.host, "-u", "whoever", "--password-stdin", "--json", piped=token))
    assert ("admin", ["write:packages"], [f"{office.name}/*"], "job") == (
        told["account"],
        told["token"]["scopes"],
        told["token"]["repositories"],
        told["token"]["label"],
    )
    assert told["expires"]


# --- what docker's login made ----------------------------------------------------------------------------------------


def as_docker_logs_in(office: Office) -> str:
    """The refresh token that docker is given, and keeps with no name beside it."""
    basic = b64encode(f"admin:{PASSWORD}".encode()).decode()
    url = f"http://{office.host}/token?service={office.host}&account=admin&client_id=docker&offline_token=true"
    with urlopen(Request(url, headers={"Authorization": f"Basic {basic}"}), timeout=60) as answer:
        return str(json.load(answer)["refresh_token"])


def kept_by_docker(office: Office, token: str) -> None:
    entry: JsonValue = {"auth": b64encode(b"admin:").decode(), "identitytoken": token}
    office.desk.home.write_config({"auths": {office.host: entry}})


def kept_by_helper(office: Office, token: str) -> None:
    box = office.desk.home.keeper("box")
    office.desk.home.write_config({"auths": {office.host: {}}, "credsStore": "box"})
    entry = {"ServerURL": office.host, "Username": "<token>", "Secret": token}
    box.with_suffix(".kept").write_text(json.dumps({office.host: entry}))


KEEPERS = pytest.mark.parametrize("keep", [kept_by_docker, kept_by_helper])


@KEEPERS
def test_whoami_tells_of_what_docker_keeps(office: Office, keep: Keep) -> None:
    keep(office, as_docker_logs_in(office))
    said = office.done("whoami", office.host)
    assert f"{office.host}: logged in as admin" == said.splitlines()[0]
    assert "read:packages write:packages delete:packages, for images alone" in " ".join(said.split())
    assert "(docker)" in said
    assert "until 2" in said


@KEEPERS
def test_logging_out_revokes_what_docker_kept(office: Office, keep: Keep) -> None:
    token = as_docker_logs_in(office)
    keep(office, token)
    assert "its token was revoked there" in office.done("logout", office.host)
    kept_by_docker(office, token)
    assert 6 == office.wharf("whoami", office.host).code


def test_a_token_of_docker_s_that_still_answers_elsewhere_stays_good(office: Office) -> None:
    token = as_docker_logs_in(office)
    kept_by_docker(office, token)
    office.desk.home.environ["DOCKER_AUTH_CONFIG"] = office.desk.home.config.read_text()
    assert not office.told("logout", office.host)["tokenRevoked"]
    assert 0 == office.wharf("whoami", office.host).code


def test_a_token_that_docker_s_login_left_is_revoked_by_the_next_login(desk_of_nobody: Office) -> None:
    token = as_docker_logs_in(desk_of_nobody)
    kept_by_docker(desk_of_nobody, token)
    login(desk_of_nobody, "admin", PASSWORD)
    kept_by_docker(desk_of_nobody, token)
    assert 6 == desk_of_nobody.wharf("whoami", desk_of_nobody.host).code


def test_where_the_registry_is_away_logging_out_says_what_stays_good(office: Office) -> None:
    token = SecretText.new(SecretKind.REFRESH)
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        away = f"127.0.0.1:{nobody_listens.getsockname()[1]}"
        office.desk.home.write_config({"auths": {away: {"identitytoken": token.text}}})
        outcome = office.wharf("logout", away)
    assert 0 == outcome.code
    assert f"what was kept, {token.hint}, stays good at {away}: {away} cannot be reached" in " ".join(
        outcome.err.split()
    )
    assert office.desk.never_said(token.text)
    assert {} == json.loads(office.desk.home.config.read_text()).get("auths", {})


def test_a_folder_of_one_job_that_holds_a_copy_ends_nothing_for_others(office: Office) -> None:
    kept_by_docker(office, as_docker_logs_in(office))
    job = office.desk.folder / "job"
    copytree(office.desk.home.config.parent, job)
    outcome = office.wharf("logout", office.host, "--config", str(job))
    assert "~/.docker/config.json, auths has it, too" in " ".join(outcome.err.split())
    assert 0 == office.wharf("whoami", office.host).code


def test_a_token_that_goes_from_the_file_to_a_helper_ends(desk_of_nobody: Office) -> None:
    login(desk_of_nobody, "admin", PASSWORD)
    before = kept(desk_of_nobody)
    desk_of_nobody.desk.home.keeper("box")
    desk_of_nobody.done(
        "login", desk_of_nobody.host, "-u", "admin", "--password-stdin", "--store", "box", piped=PASSWORD
    )
    assert 0 == desk_of_nobody.wharf("whoami", desk_of_nobody.host).code
    desk_of_nobody.sit("admin", before)
    assert 6 == desk_of_nobody.wharf("whoami", desk_of_nobody.host).code


def test_a_token_is_revoked_only_where_no_source_has_it_any_more(office: Office) -> None:
    token = as_docker_logs_in(office)
    kept_by_docker(office, token)
    office.desk.home.write(office.desk.auth_file, office.desk.home.config.read_text())
    login(office, "admin", PASSWORD)
    office.leave()
    assert 0 == office.wharf("whoami", office.host).code


def test_whoami_tells_what_a_password_is_good_for(office: Office) -> None:
    office.sit("admin", PASSWORD)
    rows = [line.split(maxsplit=1) for line in office.done("whoami", office.host).splitlines()]
    assert ["scopes", "read:packages write:packages delete:packages admin"] in rows
    assert "token" not in [row[0] for row in rows]
