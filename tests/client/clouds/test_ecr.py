"""Which of AWS's services gives out a password, and what is read from its answer."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from wharf.client.clouds.ecr import Place, opened, place_of
from wharf.client.clouds.obtained import Obtained
from wharf.credentials.credential import Password
from wharf.credentials.secret import Secret
from wharf.errors import RemoteMisbehaved

SOON = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("registry", "place"),
    [
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", Place("ecr", "eu-west-1")),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com:443", Place("ecr", "eu-west-1")),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", Place("ecr", "cn-north-1")),
        ("123456789012.dkr-ecr.eu-west-1.on.aws", Place("ecr", "eu-west-1")),
        ("public.ecr.aws", Place("ecr-public", "us-east-1")),
        ("1234-5678-9012.dkr.ecr.eu-west-1.amazonaws.com", None),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example", None),
        ("ghcr.io", None),
    ],
)
def test_the_region_stands_in_the_host(registry: str, place: Place | None) -> None:
    assert place == place_of(registry)


def test_the_token_holds_user_and_password() -> None:
    token = b64encode(b"AWS:p:w").decode()
    assert Obtained(Password("AWS", Secret("p:w")), "by", SOON) == opened("r", token, SOON, "by")


@pytest.mark.parametrize("token", ["", "hunter2", b64encode(b"hunter2").decode(), b64encode(b"AWS:").decode(), "/w=="])
def test_a_token_of_another_form_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(RemoteMisbehaved) as caught:
        opened("r", token, SOON, "by")
    assert "hunter2" not in repr(caught.value.diagnostics())
