"""What proves to a registry who asks. Nothing of it ever shows a secret."""

from dataclasses import dataclass
from typing import TypeAlias

from wharf.credentials.secret import Secret


@dataclass(frozen=True, slots=True)
class Password:
    """A name and a password, or a token in its place: Basic."""

    username: str
    password: Secret


@dataclass(frozen=True, slots=True)
class IdentityToken:
    """An OAuth2 refresh token, which the registry's token service exchanges for short ones."""

    token: Secret
    username: str = ""


@dataclass(frozen=True, slots=True)
class RegistryToken:
    """A bearer token that is sent to the registry as it is."""

    token: Secret


Credential: TypeAlias = Password | IdentityToken | RegistryToken


def secret_of(credential: Credential) -> Secret:
    """What of it is to be kept from others."""
    return credential.password if isinstance(credential, Password) else credential.token
