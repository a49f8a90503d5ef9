"""Azure's container registry: a token of Microsoft Entra ID is exchanged for one of the registry's own.

    POST /oauth2/exchange   grant_type=access_token&service=HOST&tenant=TENANT&access_token=TOKEN   -> refresh_token
    POST /oauth2/token      grant_type=refresh_token&service=HOST&scope=SCOPE&refresh_token=TOKEN   -> access_token

The second step is that of any OAuth2 token service; what is kept is the refresh token, under a user name of zeros.
Service principals and the registry's admin user send name and password as everywhere.
"""

from collections.abc import Generator
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from wharf.client.clouds.cloud import UNTIL_REVOKED, Advice, Cloud, Lifetime, certain, host_of, likely, remark
from wharf.client.clouds.obtained import Obtained
from wharf.client.clouds.shape import Kind, SecretShape
from wharf.client.login.claims import claims_of
from wharf.client.message import FORM, Request, Response
from wharf.credentials.credential import IdentityToken
from wharf.credentials.secret import Secret
from wharf.errors import RemoteAnswered, RemoteDenied, RemoteMisbehaved, RemoteUnauthenticated, WharfError
from wharf.oci.strict_json import parse_object

TOKEN_USER: Final = "00000000-0000-0000-0000-000000000000"  # noqa: S105 - a user name
_DOMAINS: Final = (".azurecr.io", ".azurecr.cn", ".azurecr.us")
_DOING: Final = "exchange a token of Microsoft Entra ID for one of its own"
_FORM: Final = MappingProxyType({"content-type": FORM, "accept": "application/json"})
_ERRORS: Final[dict[int, type[RemoteAnswered]]] = {400: RemoteUnauthenticated, 401: RemoteUnauthenticated,
                                                   403: RemoteDenied}  # fmt: skip


def exchange_entra_token(registry: str, token: Secret, tenant: str) -> Generator[Request, Response, Obtained]:
    """From a token for Azure as a whole to one for this registry."""
    form = {"grant_type": "access_token", "service": host_of(registry), "access_token": token.reveal()}
    if tenant:
        form["tenant"] = tenant
    response = yield Request("POST", "/oauth2/exchange", _FORM, urlencode(form).encode())
    if response.status != 200:
        raise _refusal(registry, response)
    refresh = _refresh_token(registry, response.body)
    claims = claims_of(refresh)
    return Obtained(
        IdentityToken(refresh, TOKEN_USER),
        by="a token of Microsoft Entra ID, exchanged for one of this registry",
        expires=claims.expires if claims else None,
    )


def _refresh_token(registry: str, body: bytes) -> Secret:
    """Without a word of the body in the error: a secret may stand in it."""
    try:
        found = parse_object(body).get("refresh_token")
    except WharfError:
        found = None
    if not isinstance(found, str) or not found:
        raise RemoteMisbehaved(registry, "its answer to the exchange holds no refresh_token")
    return Secret(found)


def _refusal(registry: str, response: Response) -> RemoteAnswered:
    kind = _ERRORS.get(response.status, RemoteAnswered)
    return kind(
        registry,
        _DOING,
        response.status,
        next_step="take a fresh token, of an account with the role AcrPull or AcrPush on this registry: az account "
        "get-access-token --resource https://containerregistry.azure.net",
    )


def _username_for(shape: SecretShape) -> str:
    return TOKEN_USER if shape.kind in {Kind.AZURE_REFRESH, Kind.ENTRA_ACCESS} else ""


def _lifetime(shape: SecretShape) -> Lifetime:
    if shape.kind in {Kind.AZURE_REFRESH, Kind.ENTRA_ACCESS}:
        return Lifetime("about 3 hours from when it was made", timedelta(hours=3))
    return UNTIL_REVOKED


def _advice(username: str, shape: SecretShape) -> tuple[Advice, ...]:
    right = _username_for(shape)
    if right and username != right:
        return (certain(f"{shape.kind.value} goes with a user name of zeros", f"--username {right}"),)
    if username == TOKEN_USER and not right:
        return (likely("the user name of zeros goes with a token of Azure, and this does not look like one",
                       "az acr login --name NAME --expose-token prints one"),)  # fmt: skip
    if "@" in username:
        return (likely("a person's Azure account has no password here", "log in with a token of Entra ID"),)
    if not right:
        return (remark("the admin user's password gives everything to whoever has it: prefer a token or a principal"),)
    return ()


ACR: Final = Cloud(
    name="Azure Container Registry",
    recognises=lambda registry: host_of(registry).endswith(_DOMAINS),
    username_for=_username_for,
    lifetime_of=_lifetime,
    advice=_advice,
    ways_in=(
        (
            "as oneself: az account get-access-token --resource https://containerregistry.azure.net "
            "--query accessToken --output tsv | wharf login NAME.azurecr.io --password-stdin"
        ),
        "as a service principal: wharf login NAME.azurecr.io --username APPLICATION_ID --password-stdin",
        "as the admin user, if it is enabled: wharf login NAME.azurecr.io --username NAME --password-stdin",
    ),
    usual_mistakes=(
        "the token is older than three hours",
        "the account has no role on this registry: AcrPull to pull, AcrPush to push, AcrDelete to delete",
        "the service principal's secret has expired: a year is its default",
        "the admin user is not enabled: az acr update --name NAME --admin-enabled true",
        "the registry's firewall does not let this machine in",
    ),
)
