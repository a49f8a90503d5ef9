"""A credential, as it is shown: to a token service, or to a registry that wants name and password itself."""

from wharf.credentials.credential import Credential, IdentityToken, Password
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
