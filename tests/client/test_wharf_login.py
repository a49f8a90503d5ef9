"""A login at a wharf registry: which credentials the API takes, and what it tells of them."""

import base64
import json

import pytest

from wharf.access.secret_text import SecretKind, SecretText
from wharf.client.wharf_login import WharfStanding, is_given_by_wharf, is_of_wharf, token_in
from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.credentials.secret import Secret
from wharf.errors import Malformed
from wharf.oci.members import Members

PERSONAL = Secret(SecretText.new(SecretKind.PERSONAL).text)
REFRESH = Secret(SecretText.new(SecretKind.REFRESH).text)
TOLD = {
    "login": "crew+ci",
    "kind": "service",
    "administrator": False,
    "roles": {"crew": "writer"},
    "scopes": ["write:packages"],
    "token": {"id": 3, "label": "build", "repositories": ["crew/*"], "expires_at": "2026-12-21T09:00:00Z"},
}


def read(told: dict[str, object]) -> WharfStanding:
    return WharfStanding.read(Members.of(told, "", Malformed))  # type: ignore[arg-type]


def test_a_token_of_wharf_is_known_by_its_form_and_checksum() -> None:
    assert is_of_wharf(PERSONAL)
    assert is_of_wharf(REFRESH)
    assert not is_of_wharf(Secret(PERSONAL.reveal()[:-1] + "!"))
    assert not is_of_wharf(None)


@pytest.mark.parametrize(
    ("credential", "kind"),
    [
        (Password("ada", PERSONAL), SecretKind.PERSONAL),
        (RegistryToken(PERSONAL), SecretKind.PERSONAL),
        (IdentityToken(REFRESH, "ada"), SecretKind.REFRESH),
        (Password("ada", Secret("open sesame")), None),
        (None, None),
    ],
)
def test_what_is_kept_may_be_a_token_of_wharf(credential: Credential | None, kind: SecretKind | None) -> None:
    found = token_in(credential)
    assert kind is (found.kind if found else None)


@pytest.mark.parametrize(
    ("claims", "is_one"),
    [({"iss": "wharf"}, True), ({"iss": "https://auth.docker.io"}, False), ({}, False)],
)
def test_a_short_lived_token_says_who_gave_it(claims: dict[str, str], is_one: bool) -> None:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert is_one is is_given_by_wharf(RegistryToken(Secret(f"e30.{body}.c2lnbmVk")))


def test_a_riddle_was_given_by_somebody_else() -> None:
    assert not is_given_by_wharf(RegistryToken(Secret("djE6b2N0b2NhdA")))
    assert not is_given_by_wharf(None)


def test_what_a_token_may_do_is_read() -> None:
    standing = read(TOLD)
    assert ("crew+ci", 3, "build") == (standing.login, standing.token_id, standing.label)
    assert (("crew/*",), {"crew": "writer"}) == (standing.repositories, dict(standing.roles))
    assert standing.expires is not None


def test_a_password_has_no_end_of_its_own() -> None:
    standing = read({**TOLD, "token": None})
    assert (None, None, ()) == (standing.token_id, standing.expires, standing.repositories)
