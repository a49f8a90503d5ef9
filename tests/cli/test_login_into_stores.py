"""Logging in where a credential helper keeps the secrets: one that works, and all the ways in which they fail."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.client.token_service import Account, House

SECRET = "open-sesame-7"


@pytest.fixture
def house() -> House:
    return House({"alice": Account(SECRET)}, hands_out_refresh_tokens=False)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    assert desk.never_said(SECRET)


def kept(desk: Desk, helper: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((desk.home.bin / f"docker-credential-{helper}.kept").read_text())
    return found


@pytest.mark.parametrize("wish", ["vault", "helper", ""])
def test_the_helper_keeps_the_secret_and_the_file_names_the_registry(desk: Desk, host: str, wish: str) -> None:
    desk.home.keeper("vault")
    desk.home.write_config({"credsStore": "vault"})
    outcome = desk.login(host, "alice", SECRET, *(["--store", wish] if wish else []))
    assert (0, True) == (outcome.code, "docker-credential-vault, as a password" in outcome.out)
    assert "not encryption" not in outcome.err
    assert SECRET == kept(desk, "vault")[host]["Secret"]
    assert SECRET not in desk.home.config.read_text()


def test_a_helper_by_name_is_written_down_for_this_registry(desk: Desk, host: str) -> None:
    desk.home.keeper("vault")
    desk.login(host, "alice", SECRET, "--store", "vault")
    assert {host: "vault"} == json.loads(desk.home.config.read_text())["credHelpers"]


def test_an_identity_token_goes_into_the_helper_as_one(desk: Desk, host: str, house: House) -> None:
    desk.home.keeper("vault")
    house.hands_out_refresh_tokens = True
    desk.login(host, "alice", SECRET, "--store", "vault")
    assert "<token>" == kept(desk, "vault")[host]["Username"]
    assert "logged in as alice" in desk.wharf("whoami", host).out


def test_logging_out_takes_it_from_the_helper(desk: Desk, host: str) -> None:
    desk.home.keeper("vault")
    desk.login(host, "alice", SECRET, "--store", "vault")
    assert "docker-credential-vault" in desk.wharf("logout", host).out
    assert {} == kept(desk, "vault")
    assert 4 == desk.wharf("whoami", host).code


def test_the_file_is_used_if_it_is_wished_for_whatever_the_helper_does(desk: Desk, host: str) -> None:
    desk.home.shell("vault", "echo broken; exit 1")
    desk.home.write_config({"credsStore": "vault"})
    assert 0 == desk.login(host, "alice", SECRET, "--store", "file").code
    assert 0 == desk.wharf("whoami", host).code


FAILURES = [
    ("wincred", "A specified logon session does not exist. It may already have been terminated.", "--store file"),
    ("wincred", "The stub received bad data.", "--store file"),
    ("secretservice", "Cannot autolaunch D-Bus without X11 $DISPLAY", "--store file"),
    (
        "secretservice",
        "The name org.freedesktop.secrets was not provided by any .service files",
        "--store file",
    ),
    ("pass", 'pass not initialized: exit status 1: Error: password store is empty. Try "pass init".', "pass init"),
    ("osxkeychain", "User interaction is not allowed. (-25308)", "unlock the keychain"),
    ("ecr-login", "not implemented", ""),
]


@pytest.mark.parametrize(("helper", "message", "cure"), FAILURES)
def test_a_helper_that_fails_is_explained_and_nothing_else_is_done(
    desk: Desk, host: str, helper: str, message: str, cure: str
) -> None:
    (desk.folder / "message").write_text(message)
    desk.home.shell(helper, f"while read line; do :; done; printf '%s' \"$(/bin/cat {desk.folder}/message)\"; exit 1")
    outcome = desk.login(host, "alice", SECRET, "--store", helper)
    err = " ".join(outcome.err.split())
    assert (11, f"error: docker-credential-{helper} store: exit code 1") == (outcome.code, outcome.err.splitlines()[0])
    assert "this is known: " in err, err
    assert cure in err
    assert "--store file" in err
    assert not desk.has_config


def test_a_failure_that_nobody_knows_is_told_as_it_is(desk: Desk, host: str) -> None:
    desk.home.shell("vault", "echo the vault is flooded; exit 3")
    outcome = desk.login(host, "alice", SECRET, "--store", "vault")
    assert (11, True) == (outcome.code, "it said: the vault is flooded" in outcome.err)
    assert "wharf login --store file" in outcome.err


def test_a_helper_that_is_not_there_is_explained(desk: Desk, host: str) -> None:
    desk.home.write_config({"credsStore": "desktop"})
    outcome = desk.login(host, "alice", SECRET)
    err = " ".join(outcome.err.split())
    assert (11, True, True) == (outcome.code, "this is known: " in err, "docker-credential-desktop" in err)


def test_in_korean_the_explanation_is_korean(desk: Desk, host: str) -> None:
    desk.home.environ["LANG"] = "ko_KR.UTF-8"
    desk.home.write_config({"credsStore": "desktop"})
    err = desk.login(host, "alice", SECRET).err
    assert (True, False) == ("알려진 문제: " in err, "this is known" in err)


def test_a_helper_that_repeats_the_secret_is_not_repeated(desk: Desk, host: str) -> None:
    desk.home.shell("vault", "/bin/cat; exit 1")
    assert 11 == desk.login(host, "alice", SECRET, "--store", "vault").code


def test_whoami_explains_the_helper_that_hides_a_login(desk: Desk, host: str) -> None:
    desk.home.shell(
        "wincred", "echo 'A specified logon session does not exist. It may already have been terminated.'; exit 1"
    )
    desk.home.write_config({"credsStore": "wincred"})
    outcome = desk.wharf("whoami", host)
    err = " ".join(outcome.err.split())
    assert (11, True) == (outcome.code, "a source of credentials failed" in outcome.out)
    assert "docker-credential-wincred (credsStore of ~/.docker/config.json): exit code 1" in err
    assert "this is known: " in err
    assert f"wharf login --store file --config DIR {host}" in err


@pytest.mark.slow
def test_a_helper_that_hangs_is_given_up(desk: Desk, host: str) -> None:
    desk.home.shell("vault", "exec /bin/sleep 600")
    outcome = desk.login(host, "alice", SECRET, "--store", "vault")
    assert (11, True) == (outcome.code, "did not answer within 10 seconds" in outcome.err)
