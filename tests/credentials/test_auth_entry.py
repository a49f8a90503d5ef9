"""Entries under `auths`: read as docker reads them, mended where they can be meant one way only, else told."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.credentials.stage import auth
from tests.oci.hostile import steady
from wharf.credentials.auth_entry import AuthEntry, entry_fields, read_entry
from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.credentials.located import read_located
from wharf.credentials.secret import Secret
from wharf.oci.strict_json import JsonValue

ADA = Password("ada", Secret("p:w"))
FORM = '"auth" is not in the standard form of base64, which docker asks for'
UTF16 = '"auth" is base64 of UTF-16, which docker takes for another name: encode UTF-8'


def read(entry: JsonValue) -> AuthEntry:
    return read_entry(read_located(json.dumps({"key": entry})).root.members[0].value)


@pytest.mark.parametrize(
    ("entry", "credential"),
    [
        ({"auth": auth("ada", "p:w")}, ADA),
        ({"auth": auth("ada", "p:w") + "\r\n", "email": "ada@example.com"}, ADA),
        ({"auth": auth("ada", "p:w\0\0")}, ADA),
        ({"Auth": auth("ada", "p:w")}, ADA),
        ({"auth": auth("ada", "p:w"), "username": "bob", "password": "x"}, ADA),
        ({"username": "ada", "password": "p:w"}, ADA),
        ({"auth": auth("ada", "")}, Password("ada", Secret(""))),
        ({"auth": "", "identitytoken": "t"}, IdentityToken(Secret("t"))),
        ({"auth": auth("ada", ""), "identityToken": "t"}, IdentityToken(Secret("t"), "ada")),
        ({"auth": auth("ada", "x"), "identitytoken": "t", "registrytoken": "r"}, RegistryToken(Secret("r"))),
    ],
)
def test_an_entry_is_read(entry: JsonValue, credential: Credential) -> None:
    found = read(entry)
    assert (credential, "", "") == (found.credential, found.flaw, found.remark)


@pytest.mark.parametrize("entry", [{}, {"email": "ada@example.com"}, {"auth": ""}, {"auth": None, "username": None}])
def test_an_empty_entry_is_a_mark(entry: JsonValue) -> None:
    assert AuthEntry() == read(entry)


@pytest.mark.parametrize(
    ("encoded", "remark"),
    [
        (base64.urlsafe_b64encode(b"ada:p>w?").decode(), FORM),
        (auth("ada", "p>w?").rstrip("="), FORM),
        (f"  {auth('ada', 'p>w?')}", FORM),
        (base64.b64encode("ada:p>w?".encode("utf-16-le")).decode(), UTF16),
    ],
)
def test_what_can_be_meant_one_way_only_is_mended_and_told(encoded: str, remark: str) -> None:
    assert AuthEntry(Password("ada", Secret("p>w?")), "ada", remark=remark) == read({"auth": encoded})


@pytest.mark.parametrize(
    ("entry", "flaw"),
    [
        ("dTpw", "expected an object, found a string"),
        ({"auth": 5}, '"auth" is a number, and must be a string'),
        ({"auth": "not base64!"}, '"auth" is not base64'),
        ({"auth": "ü"}, '"auth" is not base64'),
        ({"auth": "dTpwd"}, '"auth" is not base64'),
        ({"auth": base64.b64encode(b"nocolon").decode()}, '"auth" is not base64 of name:password'),
        ({"auth": base64.b64encode(b":password").decode()}, '"auth" is not base64 of name:password'),
        ({"auth": base64.b64encode(b"ada:\xff").decode()}, '"auth" is not base64 of name:password'),
        ({"identitytoken": "\ud800"}, '"identitytoken" holds half a character'),
        ({"token": "x"}, "it has none of auth, identitytoken, registrytoken, username, password"),
    ],
)
def test_a_broken_entry_says_why(entry: JsonValue, flaw: str) -> None:
    assert AuthEntry(flaw=flaw) == read(entry)


def test_a_token_counts_beside_an_auth_that_is_broken() -> None:
    found = read({"auth": "!", "identitytoken": "t"})
    assert (IdentityToken(Secret("t")), '"auth" is not base64') == (found.credential, found.remark)


_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_names = _texts.filter(lambda name: bool(name) and ":" not in name)
_secrets = st.builds(Secret, _texts.filter(bool))


@given(
    st.builds(Password, _names, st.builds(Secret, _texts))
    | st.builds(IdentityToken, _secrets, st.just("") | _names)
    | st.builds(RegistryToken, _secrets)
)
@steady
def test_what_is_written_is_read_again(credential: Credential) -> None:
    found = read({**entry_fields(credential)})
    assert (credential, "", "") == (found.credential, found.flaw, found.remark)
