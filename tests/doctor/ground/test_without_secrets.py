import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.doctor.ground.without_secrets import as_it_may_be_shown, without_secrets

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


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("docker at tcp://mina:hunter2@127.0.0.1:2375.", "docker at tcp://…@127.0.0.1:2375."),
        ("docker login -u mina -p hunter2 ghcr.io", "docker login -u mina -p … ghcr.io"),
        ("docker login --password=hunter2", "docker login --password=…"),
        (f"the token {TOKEN} is refused", "the token … is refused"),
        ("docker login -u mina -p $TOKEN", "docker login -u mina -p $TOKEN"),
        ("Use --password-stdin. unknown flag: --push", "Use --password-stdin. unknown flag: --push"),
    ],
)
def test_a_line_of_a_log_is_repeated_but_for_its_secrets(line: str, shown: str) -> None:
    assert shown == as_it_may_be_shown(line)
