"""Logging in at a wharf registry with accounts: a token of the login's own, told of by whoami, revoked by logout."""

import json
from base64 import b64decode

import pytest

from tests.cli.office import PASSWORD, Office
from wharf.access.secret_text import SecretKind, recognised

pytestmark = pytest.mark.slow


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
