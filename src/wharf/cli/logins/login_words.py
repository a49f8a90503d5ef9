"""What is said of a login that succeeded: where it is kept, what it may do, until when; in words and as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from wharf.cli.logins.account_errand import AccountErrand
from wharf.cli.logins.native_words import in_own_language
from wharf.cli.logins.standing_words import expiry_in_words, moment_as_json, rights_as_json, rights_rows
from wharf.cli.logins.wharf_words import wharf_as_json, wharf_rows
from wharf.cli.output import Json
from wharf.client.clouds.known import cloud_of
from wharf.client.clouds.obtained import Obtained
from wharf.client.clouds.shape import SecretShape, shape_of
from wharf.client.login.standing import Standing, Verdict
from wharf.client.wharf_login import WharfStanding
from wharf.credentials.credential import Credential, IdentityToken, secret_of
from wharf.credentials.known import kind_of_credential
from wharf.credentials.podman import unseen_login
from wharf.credentials.store import Stored
from wharf.credentials.variable import overriding_variable

_UNCHECKED: Final = "the registry lets everybody in without asking who they are: the credential could not be checked"
_ONE_FOR_ALL_JOBS: Final = (
    "jobs that share this file can log each other out: give each a folder of its own, --config DIR, "
    "and DOCKER_CONFIG=DIR for docker"
)


@dataclass(frozen=True, slots=True)
class LoginDone:
    """`at_wharf`: what a wharf registry says of the token that is kept."""

    standing: Standing
    kept: Obtained
    stored: Stored
    at_wharf: WharfStanding | None = None

    @property
    def registry(self) -> str:
        return self.standing.registry

    @property
    def shape(self) -> SecretShape:
        return shape_of(secret_of(self.kept.credential))

    @property
    def account(self) -> str:
        """The name that somebody gives beside a token need not be the account's."""
        return self.shape.account or (self.at_wharf.login if self.at_wharf else self.standing.account)

    @property
    def expires(self) -> datetime | None:
        told = self.at_wharf.expires if self.at_wharf else None
        return told or self.kept.expires or self.shape.expires


def tell(errand: AccountErrand, done: LoginDone) -> None:
    notes = _notes(errand, done)
    errand.tell(_document(done, notes), lambda: _show(errand, done))
    if not errand.for_machines:
        for note in notes:
            errand.output.warn(note)


def _notes(errand: AccountErrand, done: LoginDone) -> list[str]:
    here, environ = errand.surroundings, errand.surroundings.environ
    notes = [_UNCHECKED] if done.standing.verdict is Verdict.NOT_ASKED else []
    notes += done.stored.notes
    if override := overriding_variable(done.registry, environ) if errand.wishes.config is None else "":
        notes.append(override)
    as_docker = environ if errand.wishes.config is None else {**environ, "DOCKER_CONFIG": str(errand.wishes.config)}
    if unseen := unseen_login(done.registry, done.kept.credential, as_docker, here.home, here.platform):
        notes.append(unseen)
    if environ.get("CI") and errand.wishes.config is None and not environ.get("DOCKER_CONFIG"):
        notes.append(_ONE_FOR_ALL_JOBS)
    return notes


def _show(errand: AccountErrand, done: LoginDone) -> None:
    errand.output.line(_headline(done))
    errand.output.table(list(_rows(errand, done)), "<<")


def _rows(errand: AccountErrand, done: LoginDone) -> Iterator[tuple[str, str]]:
    yield "stored", f"{done.stored.place}, as {_kind(done.kept.credential)}"
    if done.kept.by:
        yield "got by", done.kept.by
    if done.at_wharf is not None:
        yield from wharf_rows(done.at_wharf)
    if done.at_wharf is None or done.standing.repository is not None:
        yield from rights_rows(done.standing)
    lifetime = cloud_of(done.registry).lifetime_of(done.shape)
    lifetime = replace(lifetime, words=in_own_language(lifetime.words, errand.surroundings.environ))
    yield "valid", expiry_in_words(done.expires, lifetime, datetime.now(UTC))
    if errand.wishes.config:
        yield from _users(errand.wishes.config)


def _headline(done: LoginDone) -> str:
    account = done.account or "an account that the token does not name"
    if done.standing.verdict is Verdict.NOT_ASKED:
        return f"{done.registry} asks nobody who they are: the login of {account} is kept unchecked"
    return f"logged in to {done.registry} as {account}"


def _users(config: Path) -> Iterator[tuple[str, str]]:
    yield "used by", f"wharf with --config {config}"
    yield "", f"docker, podman and skopeo with DOCKER_CONFIG={config}"


def _kind(credential: Credential) -> str:
    if isinstance(credential, IdentityToken):
        return "an identity token in place of the password"
    return f"a {kind_of_credential(credential)}"


def _document(done: LoginDone, notes: list[str]) -> Json:
    return {
        "registry": done.registry,
        "account": done.account,
        "verdict": done.standing.verdict.name.lower(),
        "stored": {"place": done.stored.place, "kind": kind_of_credential(done.kept.credential)},
        "token": wharf_as_json(done.at_wharf) if done.at_wharf else None,
        "rights": rights_as_json(done.standing),
        "expires": moment_as_json(done.expires),
        "notes": notes,
    }
