"""A credential helper is a program, `docker-credential-<name>`, that keeps secrets in some store of the machine.

    get    URL on its input          {"ServerURL": …, "Username": …, "Secret": …} on its output
    store  that object on its input
    erase  URL on its input
    list                             {URL: user name} on its output

It fails with a message on its output, of all places, and one message means that there is merely no entry. The user
name `<token>` says that the secret is an identity token.
"""

import base64
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.credentials.keychain import PATIENCE_SECONDS
from wharf.credentials.programs import Outcome, find_program, run_program
from wharf.credentials.secret import Secret, is_writable
from wharf.errors import HelperFailed, LoginImpossible, shown
from wharf.oci.strict_json import JsonValue

PREFIX = "docker-credential-"
_TOKEN_USER = "<token>"  # noqa: S105 - a user name
_KEPT_BACK = "(what looks like an entry with its secret, which is not repeated)"
_NO_ENTRY = "credentials not found in native keychain"


@dataclass(frozen=True, slots=True)
class Helper:
    """Blocking: a helper may ask a keychain, an agent or the network. Each call raises HelperFailed in the end."""

    name: str
    environ: Mapping[str, str] = field(repr=False)
    platform: str = sys.platform
    patience_seconds: float = PATIENCE_SECONDS

    @property
    def program(self) -> str:
        return PREFIX + self.name

    def get(self, url: str) -> Credential | None:
        """None where the helper works and has nothing for this URL."""
        outcome = self._run("get", url)
        if outcome.code != 0:
            return None if _is_no_entry(outcome) else self._fail("get", outcome)
        answer = self._object("get", outcome)
        username, secret = answer.get("Username", ""), answer.get("Secret", "")
        if not isinstance(username, str) or not isinstance(secret, str) or not is_writable(username + secret):
            raise HelperFailed(self.name, "get", "its answer has no user name and secret")
        if username and not secret:
            raise HelperFailed(self.name, "get", "its answer has a user name and no secret")
        if not secret:
            return None
        return IdentityToken(Secret(secret)) if username == _TOKEN_USER else Password(username, Secret(secret))

    def store(self, url: str, credential: Credential) -> None:
        username, secret = _in_two(credential)
        text = json.dumps({"ServerURL": url, "Username": username, "Secret": secret.reveal()})
        outcome = self._run("store", text)
        if outcome.code != 0:
            self._fail("store", outcome, secret)

    def erase(self, url: str) -> None:
        """What is not there is erased already."""
        outcome = self._run("erase", url)
        if outcome.code != 0 and not _is_no_entry(outcome):
            self._fail("erase", outcome)

    def listed(self) -> Mapping[str, str]:
        """The user names by URL."""
        outcome = self._run("list", "")
        if outcome.code != 0:
            self._fail("list", outcome)
        names = self._object("list", outcome)
        return {url: name if isinstance(name, str) else "" for url, name in names.items()}

    def _run(self, action: str, given: str) -> Outcome:
        self._refuse_paths(action)
        found = find_program(self.program, self.environ, self.platform)
        if found.path is None:
            raise HelperFailed(self.name, action, found.instead or f"there is no {shown(self.program)} on PATH")
        try:
            outcome = run_program(found.path, action, given.encode(), self.environ, self.patience_seconds)
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or "it has a NUL in its name or surroundings"
            raise HelperFailed(self.name, action, f"{found.path} could not be started: {reason}") from None
        if outcome.flooded:
            raise HelperFailed(self.name, action, "it wrote without end, and was stopped")
        if outcome.code is None:
            raise HelperFailed(self.name, action, f"it did not answer within {self.patience_seconds:g} seconds")
        return outcome

    def _refuse_paths(self, action: str) -> None:
        if not self.name or any(character in self.name for character in "/\\:\0"):
            raise HelperFailed(self.name, action, "a helper's name is what follows docker-credential-, without a path")

    def _fail(self, action: str, outcome: Outcome, secret: Secret | None = None) -> NoReturn:
        said = _told(outcome, secret)
        raise HelperFailed(self.name, action, f"exit code {outcome.code}", said=said)

    def _object(self, action: str, outcome: Outcome) -> dict[str, JsonValue]:
        if not outcome.out.strip():
            raise HelperFailed(self.name, action, "it ended well and said nothing")
        try:
            value: JsonValue = json.loads(outcome.out)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise HelperFailed(self.name, action, "its answer is not a JSON object")
        return value


def _in_two(credential: Credential) -> tuple[str, Secret]:
    match credential:
        case Password(username, password):
            return username, password
        case IdentityToken(token, _):
            return _TOKEN_USER, token
        case RegistryToken():
            raise LoginImpossible("a helper keeps passwords and identity tokens, no registry tokens", "--store file")


def _is_no_entry(outcome: Outcome) -> bool:
    return outcome.out.decode("utf-8", "replace").strip().casefold() == _NO_ENTRY


def _told(outcome: Outcome, secret: Secret | None) -> str:
    """Its own words. A text that looks like an answer is kept back, and the secret is taken out."""
    texts = (data.decode("utf-8", "replace").strip() for data in (outcome.out, outcome.err))
    return "; ".join(_KEPT_BACK if '"secret"' in text.casefold() else _hidden(text, secret) for text in texts if text)


def _hidden(text: str, secret: Secret | None) -> str:
    if not secret:
        return text
    plain = secret.reveal()
    for form in (plain, json.dumps(plain)[1:-1], base64.b64encode(plain.encode()).decode("ascii")):
        text = text.replace(form, "…")
    return text
