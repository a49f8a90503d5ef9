"""What a machine knows of registries: one row for each registry and source, without any secret."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from wharf.access.secret_text import recognised
from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.credentials.keychain import Keychain, Silent, Source


@dataclass(frozen=True, slots=True)
class KnownRegistry:
    """A source that says something of a registry. Rows stand in order of precedence."""

    registry: str
    source: Source
    username: str = ""
    kind: str = "helper"
    """password, identity token, registry token; helper (asked when needed), marker (kept elsewhere), broken."""
    since: datetime | None = None
    """When the file was last written."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that is known, and which sources could not be looked through."""

    known: tuple[KnownRegistry, ...] = ()
    silent: tuple[Silent, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def __add__(self, other: "Inventory") -> "Inventory":
        return Inventory(self.known + other.known, self.silent + other.silent, self.warnings + other.warnings)


class CountableKeychain(Keychain, Protocol):
    """One that can also tell all it has."""

    def inventory(self) -> Inventory: ...


def kind_of_credential(credential: Credential) -> str:
    match credential:
        case Password(password=secret):
            return "password" if recognised(secret.reveal()) is None else "token"
        case IdentityToken():
            return "identity token"
        case RegistryToken():
            return "registry token"
