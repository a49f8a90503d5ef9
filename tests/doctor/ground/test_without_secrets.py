import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.doctor.ground.without_secrets import without_secrets

TOKEN = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.mark.parametrize(
    "text",
    [
        f"the token {TOKEN} is refused",
        f"Authorization: Bearer {TOKEN}",
        "Authorization: Basic bWluYTpodW50ZXIy",
        "cannot reach https://mina:hunter2@registry.example/v2/",
        "https://registry.example/v2/?token=hunter2-hunter2",
        '{"Username": "mina", "Secret": "hunter2-hunter2"}',
        "password: hunter2",
        "no such vault: hunter2-9f8e7d",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtaW5hIn0.hunter2hunter2",
    ],
)
def test_secrets_are_taken_out(text: str) -> None:
    told = without_secrets(text)
    assert not any(secret in told for secret in (TOKEN, "hunter2", "bWluYTpo"))


@pytest.mark.parametrize(
    "text",
    [
        'pass not initialized: exit status 1: Error: password store is empty. Try "pass init".',
        "gpg: decryption failed: No secret key",
        "The name org.freedesktop.secrets was not provided by any .service files",
        "User interaction is not allowed. (-25308)",
        "0x80070005 in /usr/lib/python3.11/site.py at 123456.dkr.ecr.us-east-1.amazonaws.com: exit1",
    ],
)
def test_what_helpers_say_stays(text: str) -> None:
    assert text == without_secrets(text)


@given(st.text(max_size=200))
def test_what_is_told_can_be_printed(text: str) -> None:
    assert without_secrets(text).isprintable()
