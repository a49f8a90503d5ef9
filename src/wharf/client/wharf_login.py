"""A login at a wharf registry: a token is made for it and kept in the password's place, and it says what it may do.

Docker's own way, a refresh token, is good for images alone there. A token can do what its account may, has an end, and
can be taken back by itself. Whatever a login made is taken back when somebody logs out, what docker made too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Self

from wharf.access.secret_text import SecretKind, SecretText, recognised
from wharf.credentials.credential import Credential, Password, RegistryToken, secret_of
from wharf.credentials.secret import Secret
from wharf.oci.members import Members
from wharf.protocol.api_paths import own
from wharf.protocol.token import claims_of
from wharf.protocol.token_flow import CLIENT_ID

if TYPE_CHECKING:  # start-up time: whether a secret is of wharf is known without asking anybody
    from wharf.client.wharf_api import WharfApi

LABEL: Final = "wharf login"
_ALL: Final = ("admin",)
_ISSUER: Final = "wharf"


@dataclass(frozen=True, slots=True)
class WharfStanding:
    """What the registry says of a credential. `repositories`: the patterns that it is limited to; none is no limit."""

    login: str
    administrator: bool
    roles: Mapping[str, str]
    scopes: tuple[str, ...]
    kind: str = ""
    label: str = ""
    token_id: int | None = None
    repositories: tuple[str, ...] = ()
    expires: datetime | None = None

    @classmethod
    def read(cls, answer: Members) -> Self:
        token = answer.inner("token")
        return cls(
            login=answer.text("login"),
            administrator=answer.flag("administrator"),
            roles=answer.text_map("roles"),
            scopes=answer.texts("scopes"),
            kind=token.text("kind"),
            label=token.text("label"),
            token_id=token.number("id") if token.values else None,
            repositories=token.texts("repositories"),
            expires=_moment(token.text("expires_at")),
        )

    @property
    def is_for_images_alone(self) -> bool:
        return self.kind == SecretKind.REFRESH.value


@dataclass(frozen=True, slots=True)
class KeptToken:
    credential: Password
    expires: datetime | None


def is_of_wharf(secret: Secret | None) -> bool:
    """Whether a wharf registry gave it out: form and checksum say so."""
    return secret is not None and recognised(secret.reveal()) is not None


def is_given_by_wharf(token: RegistryToken | None) -> bool:
    """Whether a wharf registry says that it gave this short-lived token. It is no proof, and shown to nobody else."""
    return token is not None and claims_of(token.token.reveal()).get("iss") == _ISSUER


def token_in(credential: Credential | None) -> SecretText | None:
    """What a wharf registry gave out, if that is what is kept."""
    return None if credential is None else recognised(secret_of(credential).reveal())


async def standing_at_wharf(api: "WharfApi") -> WharfStanding:
    return await api.get(own("me"), "tell who asks", WharfStanding.read)


async def token_to_keep(api: "WharfApi", given: Password) -> KeptToken:
    """A token that was given is kept as it is."""
    if is_of_wharf(given.password):
        return KeptToken(given, None)
    wish = {"label": LABEL, "scopes": list(_ALL)}
    text, expires = await api.post(own("tokens"), "make a token for this login", _made, wish)
    await _give_back_refresh_token(api)
    return KeptToken(Password(given.username, Secret(text)), expires)


async def give_up(api: "WharfApi", token: SecretText) -> bool:
    """Ends it, asked by nobody in particular: the token speaks for itself. Whether it was good until now."""
    return await api.post(own("revocations"), "end this login", _was_good, {"token": token.text})


def _was_good(answer: Members) -> bool:
    return answer.flag("revoked")


async def give_back(api: "WharfApi") -> bool:
    """Takes back the token that a login was given. One that somebody made is left alone."""
    standing = await standing_at_wharf(api)
    if standing.token_id is None or standing.label != LABEL:
        return False
    await api.delete(own("tokens", str(standing.token_id)), "take back the token of this login")
    return True


async def _give_back_refresh_token(api: "WharfApi") -> None:
    """The one that the registry gave when the password was tried, and that nobody keeps: the newest of its kind."""
    newest = await api.every(own("tokens"), "list the tokens", _Listed.read, most_pages=1)
    unused = next((each for each in newest if each.is_unused_login), None)
    if unused is not None:
        await api.delete(own("tokens", str(unused.id)), "take back a token that nobody keeps")


@dataclass(frozen=True, slots=True)
class _Listed:
    id: int
    is_unused_login: bool

    @classmethod
    def read(cls, row: Members) -> Self:
        is_login = row.text("kind") == SecretKind.REFRESH.value and row.text("label") == CLIENT_ID
        return cls(row.number("id"), is_login and row.text("state") == "good" and not row.text("last_used_at"))


def _made(answer: Members) -> tuple[str, datetime | None]:
    return answer.text("token"), _moment(answer.text("expires_at"))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
