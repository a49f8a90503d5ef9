"""A credential, as it is shown: to a token service, to a registry that wants name and password, or to its API."""

from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.protocol.token_flow import NamedPassword, Nobody, Proof, RefreshToken, basic_authorization


def to_token_service(credential: Credential | None) -> Proof:
    """A registry's own token is no proof to anybody else."""
    match credential:
        case Password(username, password):
            return NamedPassword(username, password.reveal())
        case IdentityToken(token, username):
            return RefreshToken(token.reveal(), username)
        case _:
            return Nobody()


def to_registry(credential: Credential | None) -> str:
    """The value of `Authorization`; nothing where there is none to show."""
    match credential:
        case Password(username, secret):
            return basic_authorization(username, secret.reveal())
        case IdentityToken(secret, username) if username:
            return basic_authorization(username, secret.reveal())
        case _:
            return ""


def to_api(credential: Credential | None) -> str:
    """The value of `Authorization` where the registry's API takes what is kept as it is, whatever its kind."""
    match credential:
        case IdentityToken(token) | RegistryToken(token):
            return f"Bearer {token.reveal()}"
        case _:
            return to_registry(credential)
