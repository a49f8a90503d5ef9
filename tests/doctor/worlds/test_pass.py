"""Worlds in which the password store `pass` is what fails: real stores, real keys, and what pass and gpg say."""

import os
import subprocess
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clients.programs import missing
from tests.doctor.worlds.said import said
from tests.doctor.worlds.world import World, world_in
from wharf.doctor.catalogue import known_failures
from wharf.doctor.matching import matches
from wharf.doctor.scene import Aim

pytestmark = pytest.mark.slow

REGISTRY = "registry.example"
ENTRY = f"docker-credential-helpers/{urlsafe_b64encode(REGISTRY.encode()).decode()}/mina"
KEY = "mina@example.com"


@dataclass(frozen=True)
class Account:
    """An account with a home of its own, short enough for the socket of gpg's agent."""

    home: Path

    def run(self, *command: str, given: str = "") -> None:
        subprocess.run(command, input=given.encode(), env=self.environ, capture_output=True, check=True, timeout=120)

    def makes_key(self, passphrase: str = "") -> None:
        loopback = ("--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase)
        self.run("gpg", *loopback, "--quick-generate-key", KEY, "default", "default", "never")

    def keeps_login(self) -> None:
        self.run("pass", "init", KEY)
        self.run("pass", "insert", "--multiline", ENTRY, given="a-password\n")

    def forgets_keys(self) -> None:
        self.ends_agent()
        for file in (self.home / ".gnupg/private-keys-v1.d").iterdir():
            file.unlink()

    def ends_agent(self) -> None:
        subprocess.run(("gpgconf", "--kill", "gpg-agent"), env=self.environ, check=True, timeout=120)

    @property
    def environ(self) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": f"{self.home}/bin:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    @property
    def world(self) -> World:
        return world_in(self.home, self.environ, aim=Aim(registry=REGISTRY))


@pytest.fixture
def account() -> Iterator[Account]:
    if absent := missing("pass", "gpg"):
        pytest.skip(f"not installed: {', '.join(absent)}")
    with tempfile.TemporaryDirectory(prefix="wharf-pass-", dir="/tmp") as folder:
        account = Account(Path(folder))
        (account.home / ".gnupg").mkdir(mode=0o700)
        (account.home / ".gnupg/gpg.conf").write_text("auto-key-locate local\n")  # it would ask the network
        yield account
        account.ends_agent()


def test_a_store_that_nobody_made(account: Account) -> None:
    (account.home / ".docker").mkdir()
    (account.home / ".docker/config.json").write_text('{"credsStore": "pass"}')
    text = f"pass not initialized: exit status 1: {said(account.world, 'pass', 'ls')}"
    assert ("pass-not-initialised", ["never-initialised"]) == account.world.causes_of(text)


def test_a_store_whose_secret_key_is_gone(account: Account) -> None:
    account.makes_key()
    account.keeps_login()
    account.forgets_keys()
    text = said(account.world, "pass", "show", ENTRY)
    assert ("gpg-no-secret-key", ["key-lost"]) == account.world.causes_of(text)


def test_a_store_for_a_key_that_nobody_has(account: Account) -> None:
    account.run("pass", "init", "minna@example.com")
    text = said(account.world, "pass", "insert", "--multiline", ENTRY, given="a-password\n")
    assert ("gpg-no-public-key", ["key-absent"]) == account.world.causes_of(text)


def test_a_store_for_a_key_that_has_expired(account: Account) -> None:
    account.makes_key()
    account.run("pass", "init", KEY)
    account.run("gpg", "--batch", "--yes", "--quick-set-expire", fingerprint_of(account), "seconds=1")
    account.run("sleep", "2")
    text = said(account.world, "pass", "insert", "--multiline", ENTRY, given="a-password\n")
    assert ("gpg-no-public-key", ["key-expired-or-untrusted"]) == account.world.causes_of(text)


def fingerprint_of(account: Account) -> str:
    listed = said(account.world, "gpg", "--batch", "--with-colons", "--list-keys", KEY)
    return next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))


def test_a_locked_agent_says_nothing_and_is_found(account: Account) -> None:
    account.makes_key("a passphrase")
    account.keeps_login()
    account.ends_agent()
    silent_helper(account)
    facts = account.world.probed("credential-program", "pass-store").facts
    assert "pass-agent-locked" in [match.signature.id for match in matches("", known_failures(), facts)]
    assert "agent-locked" in holding(account.world, "pass-agent-locked")


def holding(world: World, signature: str) -> list[str]:
    known = next(each for each in known_failures() if each.id == signature)
    facts = world.probed("credential-program", "pass-store").facts
    return [str(cause.id) for cause in known.causes if cause.when.verdict(facts).value == "holds"]


def silent_helper(account: Account) -> None:
    """As docker-credential-pass: what cannot be opened is told of as not found."""
    (account.home / ".docker").mkdir()
    (account.home / ".docker/config.json").write_text('{"credsStore": "pass"}')
    folder = account.home / "bin"
    folder.mkdir()
    program = folder / "docker-credential-pass"
    program.write_text(
        f"#!/bin/sh\ncat >/dev/null\npass show {ENTRY} >/dev/null 2>&1 && echo '{{}}' && exit\n"
        "echo 'credentials not found in native keychain'\nexit 1\n"
    )
    program.chmod(0o755)


def test_a_store_with_an_entry_without_an_account(account: Account) -> None:
    account.makes_key()
    account.run("pass", "init", KEY)
    (account.home / ".password-store" / ENTRY).parent.mkdir(parents=True)
    text = f"no usernames for https://{REGISTRY}"
    assert ("pass-entry-empty", ["entry-without-account"]) == account.world.causes_of(text)


def test_looking_changes_nothing(account: Account) -> None:
    account.makes_key("a passphrase")
    account.keeps_login()
    account.ends_agent()
    before = sorted((path, path.stat().st_mtime_ns) for path in account.home.rglob("*"))
    account.world.probed("pass-store")
    assert before == sorted((path, path.stat().st_mtime_ns) for path in account.home.rglob("*"))
