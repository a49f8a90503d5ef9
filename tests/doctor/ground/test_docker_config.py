from base64 import b64encode
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.credentials.config_file import parse_config
from wharf.credentials.file_text import file_text
from wharf.credentials.located import read_located
from wharf.doctor.ground.docker_config import bad_auths, config_at, entry_word, flaw_of, form_of, host_shown

WORDS = {"whole", "empty", "truncated", "not-json", "wrong-type"}


@given(st.binary(max_size=120) | st.text(max_size=120).map(str.encode))
@settings(max_examples=100)
def test_any_bytes_have_a_form(raw: bytes) -> None:
    text = file_text(raw).text
    assert form_of(text, parse_config(raw, "here")) in WORDS
    assert all(line >= 1 for _, line, _ in bad_auths(read_located(text).root, text))


@given(st.text(max_size=60))
def test_any_text_has_a_flaw_or_none(auth: str) -> None:
    assert flaw_of(auth) in {"", "base64", "no-colon", "line-end", "url-safe"}


@given(st.text(min_size=1, max_size=20).filter(lambda name: ":" not in name), st.text(max_size=40))
def test_what_docker_writes_has_no_flaw(name: str, secret: str) -> None:
    written = b64encode(f"{name}:{secret}".encode("utf-8", "replace")).decode()
    assert "" == flaw_of(written)


def test_a_host_is_shown_without_the_account_before_it() -> None:
    assert "registry.example" == host_shown("https://mina:hunter2@registry.example/v1/")


def test_a_file_that_is_a_folder_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "config.json").mkdir()
    assert "absent" == entry_word(config_at(tmp_path / "config.json", tmp_path), "registry.example")
