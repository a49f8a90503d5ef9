"""What a token says about itself, and what says nothing."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest

from tests.client.tokens import token
from wharf.client.login.claims import Claims, claims_of
from wharf.credentials.secret import Secret


def test_the_claims_that_people_ask_for_are_read() -> None:
    found = claims_of(token(sub="alice", iss="https://auth.example", aud=["a", "b"], exp=1_700_000_000, iat=1.6e9))
    assert (
        Claims(
            subject="alice",
            issuer="https://auth.example",
            audience=("a", "b"),
            issued=datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC),
            expires=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        )
        == found
    )


def test_an_audience_may_be_a_single_one() -> None:
    found = claims_of(token(aud="registry.example"))
    assert found is not None
    assert ("registry.example",) == found.audience


@pytest.mark.parametrize("moment", [True, "soon", 1e300, -1e30, None, [1]])
def test_a_moment_that_is_none_is_left_out(moment: object) -> None:
    assert Claims() == claims_of(token(exp=moment))


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    ["", "opaque", "ghp_0123", "a.b", "a.b.c", "..", f"a.{encoded(b'[]')}.c", f"a.{encoded(b'{')}.c", "a.ä.c",
     f"a.{encoded(b'[' * 5000)}.c", "a.A.c", "." * 100_000],
)  # fmt: skip
def test_other_tokens_say_nothing(text: str) -> None:
    assert claims_of(Secret(text)) is None
