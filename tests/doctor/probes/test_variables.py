from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.probes.ground import facts_of, scene_in
from wharf.doctor.probes.variables import flaw_of_variable

GOOD = b64encode(b"mina:token").decode()


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        (f'{{"auths": {{"ghcr.io": {{"auth": "{GOOD}"}}}}}}', ""),
        (f'{{"Auths": {{"ghcr.io": {{"auth": "{GOOD}"}}}}}}', ""),
        ("{}", ""),
        ("~/.docker/config.json", "not-json"),
        ("{auths: {}}", "not-json"),
        ("[]", "not-json"),
        ("{} {}", "not-json"),
        ('{"auths": []}', "not-json"),
        ('{"auths": {}, "credsStore": "pass"}', "unknown-entry"),
        ('{"auths": {"ghcr.io": {"username": "mina", "password": "token"}}}', "unknown-entry"),
        ('{"auths": {"ghcr.io": {}}}', "bad-auth"),
        ('{"auths": {"ghcr.io": {"auth": "token"}}}', "bad-auth"),
        ("[" * 100_000, "not-json"),
    ],
)
def test_what_docker_refuses_in_the_variable(text: str, flaw: str) -> None:
    assert flaw == flaw_of_variable(text)


@given(st.text(max_size=60))
@settings(max_examples=60)
def test_no_text_is_too_strange(text: str) -> None:
    assert flaw_of_variable(text) in {"", "not-json", "unknown-entry", "bad-auth"}


def test_nothing_is_set(tmp_path: Path) -> None:
    facts = facts_of("variables", scene_in(tmp_path))
    assert {False, "absent"} == set(facts.values())


def test_a_runtime_folder_that_is_not_there(tmp_path: Path) -> None:
    assert facts_of("variables", scene_in(tmp_path, XDG_RUNTIME_DIR="/run/user/99"))["runtime_folder_missing"] is True


def test_content_trust_is_on_for_what_go_takes_for_true(tmp_path: Path) -> None:
    facts = facts_of("variables", scene_in(tmp_path, DOCKER_CONTENT_TRUST="1", DOCKER_CONTENT_TRUST_SERVER="https://n"))
    assert (True, True) == (facts["content_trust"], facts["content_trust_server"])
