"""Who one is at one registry: which source answered, what the registry says to it, and the exit code for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from wharf.cli.exit_codes import CREDENTIAL, NOT_THERE, OK, REFUSED, ExitCode, exit_code_of
from wharf.client.clouds.cloud import Lifetime
from wharf.client.clouds.known import cloud_of
from wharf.client.clouds.shape import SecretShape, shape_of
from wharf.client.login.standing import Standing, Verdict
from wharf.client.notices import RateLimit
from wharf.client.wharf_login import WharfStanding
from wharf.credentials.credential import IdentityToken, Password, secret_of
from wharf.credentials.keychain import Lookup
from wharf.errors import WharfError


class State(Enum):
    LOGGED_IN = "logged in"
    POWERLESS = "logged in, without any right there"
    LETS_EVERYBODY_IN = "the registry asks nobody who they are"
    NOT_CHECKED = "a credential is here; the registry was not asked"
    EXPIRED = "the credential has expired"
    REFUSED = "the registry refuses the credential"
    NO_ANSWER = "a credential is here; the registry could not be asked"
    ANONYMOUS = "not logged in"
    SOURCE_FAILED = "not logged in: a source of credentials failed"


_OF_VERDICT = {
    Verdict.ACCEPTED: State.LOGGED_IN,
    Verdict.POWERLESS: State.POWERLESS,
    Verdict.REFUSED: State.REFUSED,
    Verdict.NOT_ASKED: State.LETS_EVERYBODY_IN,
}
_CODES = {
    State.POWERLESS: REFUSED,
    State.EXPIRED: REFUSED,
    State.REFUSED: REFUSED,
    State.ANONYMOUS: NOT_THERE,
    State.SOURCE_FAILED: CREDENTIAL,
}


@dataclass(frozen=True, slots=True)
class Identity:
    """`asked_at`: when this was found out. `standing` is None where the registry was not or could not be asked."""

    registry: str
    lookup: Lookup
    asked_at: datetime
    since: datetime | None = None
    standing: Standing | None = None
    error: WharfError | None = None
    pulls: RateLimit | None = None
    at_wharf: WharfStanding | None = None
    """What a wharf registry says of its own token."""
    notices: tuple[str, ...] = ()
    """What the registry said beside its answers."""

    @property
    def state(self) -> State:
        if self.lookup.credential is None:
            failed = any(silent.failed for silent in self.lookup.silent)
            return State.SOURCE_FAILED if failed else State.ANONYMOUS
        if self.error is not None:
            return State.NO_ANSWER
        if self.standing is not None:
            return _OF_VERDICT[self.standing.verdict]
        return State.EXPIRED if self.expires is not None and self.expires <= self.asked_at else State.NOT_CHECKED

    @property
    def account(self) -> str:
        """A key file names it; else it is the user name, or what the token service says."""
        match self.lookup.credential:
            case Password(username) | IdentityToken(username=username):
                named = username
            case _:
                named = ""
        told = self.at_wharf.login if self.at_wharf else self.standing.account if self.standing else ""
        return (self.shape.account if self.shape else "") or told or named

    @property
    def shape(self) -> SecretShape | None:
        credential = self.lookup.credential
        return None if credential is None else shape_of(secret_of(credential))

    @property
    def expires(self) -> datetime | None:
        """As the credential says itself, or its registry of it."""
        if self.at_wharf is not None:
            return self.at_wharf.expires
        return self.shape.expires if self.shape else None

    @property
    def latest_end(self) -> datetime | None:
        """For one that does not say: it was there when its file was written, and lives at most so long."""
        most = self.lifetime.at_most
        return self.since + (most or timedelta()) if self.since and most else None

    @property
    def lifetime(self) -> Lifetime:
        return cloud_of(self.registry).lifetime_of(self.shape) if self.shape else Lifetime("")

    @property
    def exit_code(self) -> ExitCode:
        if self.state is State.NO_ANSWER and self.error is not None:
            return exit_code_of(self.error)
        return _CODES.get(self.state, OK)
