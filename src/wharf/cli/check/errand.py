"""One check as a command goes about it: with which credential, where to, and what its end means to a script."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import click

from wharf.cli.check.place import Place
from wharf.cli.check.reports import Reports
from wharf.cli.exit_codes import FAILED, INTERRUPTED, OK, exit_code_of
from wharf.cli.logins.account_errand import AccountErrand
from wharf.cli.logins.typed_credential import Given, typed_credential
from wharf.client.clouds.known import cloud_of
from wharf.client.settings import ClientSettings, Retries, Timeouts
from wharf.credentials.chain import DockerKeychain
from wharf.credentials.credential import Password
from wharf.doctor.check.berth import GITHUB, Berth, usual_namespace
from wharf.doctor.check.checked import Checked, checked
from wharf.doctor.check.course import first_failure, works
from wharf.doctor.check.given import OneCredential, account_of, from_variables
from wharf.doctor.check.voyage import Voyage, Wishes
from wharf.doctor.language import Language
from wharf.doctor.scene import Scene
from wharf.oci.reference import DOCKER_HUB

_TIMEOUTS: Final = Timeouts(connect=7.0, silence=15.0, verdict=60.0)
_RETRIES: Final = Retries(times=1, first_wait=0.5, longest_wait=5.0)
_BELONG_TO_SOMEBODY: Final = frozenset({GITHUB, DOCKER_HUB})
"""Registries where no image lies at the top."""


@dataclass(frozen=True, slots=True)
class CheckErrand:
    account: AccountErrand
    language: Language
    wishes: Wishes
    reports: Reports

    def prepared(self, place: Place, given: Given) -> Voyage:
        """In the main thread: a password may have to be typed."""
        keychain = self._keychain(place.registry, given)
        berth = Berth.new(place.registry, place.namespace or self._namespace(place.registry, keychain), _now())
        here = self.account.surroundings
        scene = Scene(here.environ, here.home, here.platform, here.folder, self._settings(), keychain)
        return Voyage.begin(scene, berth, self.wishes)

    async def carried_out(self, voyage: Voyage) -> int:
        self.reports.greet(voyage.berth)
        try:
            found = await checked(voyage, self.language, self.reports.audience)
        finally:
            await voyage.close()
        self.reports.tell(found, voyage.berth)
        return _exit_code(found)

    def _keychain(self, registry: str, given: Given) -> DockerKeychain:
        here = self.account.surroundings
        if not given.nothing:
            typed = typed_credential(here, cloud_of(registry), given)
            place = "--password-stdin" if given.from_pipe else "the keyboard"
            return OneCredential(registry, Password(typed.username, typed.secret), place).as_keychain()
        found = from_variables(registry, here.environ) if self.account.wishes.config is None else None
        if found is not None:
            return OneCredential(registry, found.credential, found.place).as_keychain()
        return self.account.keychain

    def _namespace(self, registry: str, keychain: DockerKeychain) -> str:
        environ = self.account.surroundings.environ
        found = usual_namespace(registry, environ)
        if found or registry not in _BELONG_TO_SOMEBODY:
            return found
        account = account_of(keychain.find(registry).credential)
        if not account:
            raise click.UsageError(f"whose images are meant? Name it: {registry}/NAMESPACE")
        return usual_namespace(registry, environ, account)

    def _settings(self) -> ClientSettings:
        """Somebody waits for this: what is silent is given up sooner than on the way of a large image."""
        settings = self.account.settings(self.account.output.note)
        return replace(settings, timeouts=_TIMEOUTS, retries=_RETRIES)


def _exit_code(found: Checked) -> int:
    if found.interrupted:
        return INTERRUPTED.code
    if works(found.told):
        return OK.code
    failure = first_failure(found.told)
    return exit_code_of(failure.error).code if failure is not None and failure.error is not None else FAILED.code


def _now() -> datetime:
    return datetime.now(UTC)
