import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import CredentialRefused
from wharf.metadata.records import Moment
from wharf.registry.services.identity.identity_tokens import IdentityToken

CLAIMS = {"iss": "https://issuer.example", "sub": "repo:crew/app", "aud": "here", "iat": 1000, "exp": 2000}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def part(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def token(claims: object, header: object = None) -> str:
    return f"{part({'alg': 'ES256', 'kid': 'k'} if header is None else header)}.{part(claims)}.AAAA"


def is_read(text: str) -> bool:
    try:
        IdentityToken.parse(text)
    except CredentialRefused:
        return False
    return True


def test_it_says_who_it_is_for() -> None:
    read = IdentityToken.parse(token({**CLAIMS, "aud": ["here", "there"]}))
    assert (frozenset({"here", "there"}), "k", Moment(2_000_000)) == (read.audiences, read.key_name, read.expires_at)


def test_another_signature_makes_it_no_other_token() -> None:
    text = token(CLAIMS)
    assert IdentityToken.parse(text).digest == IdentityToken.parse(text + "BBBB").digest


@settings(max_examples=100)
@given(st.text(max_size=80) | st.from_regex(r"[\w-]{0,30}(\.[\w-]{0,30}){0,3}"))
def test_any_text_is_refused(text: str) -> None:
    assert not is_read(text)


@settings(max_examples=100)
@given(st.sampled_from(sorted(CLAIMS)), json_values)
def test_any_claim_is_read_or_refused(name: str, value: object) -> None:
    text = token({**CLAIMS, name: value})
    assert is_read(text) in {True, False}


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(["alg", "kid", "crit", "typ", "jwk"]), json_values))
def test_any_header_is_read_or_refused(header: dict[str, object]) -> None:
    assert not is_read(token(CLAIMS, header)) or header["alg"] in {"ES256", "RS256", "EdDSA"}


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS512", "ES256K", "", "RSA-OAEP", "dir"])
def test_an_algorithm_that_proves_nothing_is_refused(algorithm: str) -> None:
    assert not is_read(token(CLAIMS, {"alg": algorithm}))


def test_a_name_that_stands_twice_is_refused() -> None:
    twice = base64.urlsafe_b64encode(b'{"sub":"a","sub":"b"}').rstrip(b"=").decode()
    assert not is_read(f"{part({'alg': 'ES256'})}.{twice}.AAAA")
