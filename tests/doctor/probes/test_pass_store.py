"""Stores as folders, and gpg as a script that lists what it is told; real ones: tests/doctor/worlds/test_pass.py."""

from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from tests.doctor.probes.ground import REGISTRY, facts_of, programs_in, scene_in
from wharf.doctor.facts import Known
from wharf.doctor.scene import Aim

AIM = Aim(registry=REGISTRY)
STORE = "home/mina/.password-store"
KEYS = "home/mina/.gnupg/private-keys-v1.d"
PLACE = f"{STORE}/docker-credential-helpers/{urlsafe_b64encode(REGISTRY.encode()).decode()}"
LISTED = (
    "pub:{0}:255:22:ABCDEF0123456789:1700000000:::u:::scESC::::::23::0:\ngrp:::::::::AAAA:\n"
    "sub:{0}:255:18:0123456789ABCDEF:1700000000::::::e::::::23:\ngrp:::::::::BBBB:\n"
)
PROTECTED = "Key: (protected-private-key (ecc"
OPEN = "Key: (private-key (ecc"


def store(folder: Path, listed: str, key: str | None = OPEN, agent: str = "exit 2") -> dict[str, Known]:
    files = {f"{STORE}/.gpg-id": "mina@example.com\n", **({f"{KEYS}/BBBB.key": key} if key else {})}
    path = programs_in(folder, gpg=f"cat <<'E'\n{listed}E", gpg_connect_agent=agent)
    return facts_of("pass-store", scene_in(folder, dict(files), aim=AIM, PATH=path))


def test_nobody_made_a_store(tmp_path: Path) -> None:
    assert {"initialised": False, "entry": "absent"} == facts_of("pass-store", scene_in(tmp_path, aim=AIM))


def test_an_empty_list_of_keys_is_no_store(tmp_path: Path) -> None:
    assert facts_of("pass-store", scene_in(tmp_path, {f"{STORE}/.gpg-id": "# nobody\n"}))["initialised"] is False


@pytest.mark.parametrize(
    ("validity", "key", "word"),
    [
        ("u", OPEN, "usable"),
        ("-", OPEN, "untrusted"),
        ("e", OPEN, "expired"),
        ("r", OPEN, "expired"),
        ("u", None, "secret-missing"),
    ],
)
def test_what_gpg_has_of_the_key(tmp_path: Path, validity: str, key: str | None, word: str) -> None:
    assert word == store(tmp_path, LISTED.format(validity), key)["key"]


def test_a_key_that_gpg_does_not_know(tmp_path: Path) -> None:
    assert "absent" == store(tmp_path, "")["key"]


@pytest.mark.parametrize(
    ("key", "agent", "locked"),
    [
        (OPEN, "exit 2", False),
        (PROTECTED, "exit 2", True),
        (PROTECTED, "echo 'S KEYINFO BBBB D - - 1 P - - -'", False),
        (PROTECTED, "echo 'S KEYINFO BBBB D - - - P - - -'", True),
    ],
)
def test_whether_the_key_is_locked(tmp_path: Path, key: str, agent: str, *, locked: bool) -> None:
    assert locked == store(tmp_path, LISTED.format("u"), key, agent)["agent_locked"]


@pytest.mark.parametrize(
    ("files", "word"), [({"mina.gpg": "x"}, "whole"), ({"mina.gpg": ""}, "empty"), ({"README": ""}, "empty")]
)
def test_the_entry_of_the_registry(tmp_path: Path, files: dict[str, str], word: str) -> None:
    placed = {f"{PLACE}/{name}": text for name, text in files.items()}
    assert word == facts_of("pass-store", scene_in(tmp_path, dict(placed), aim=AIM))["entry"]
