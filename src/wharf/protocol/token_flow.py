"""How a token comes about: what is asked of a token service, one request after the other, and what its answers mean.

Nothing is sent from here. The flow is a generator: it yields requests, is given their responses, and ends with a
token or with the error that says who refused it and why.

    anonymous        GET
    name, password   GET with Basic; where that method is not known, POST with grant_type=password
    refresh token    POST with grant_type=refresh_token; where that is not known, GET with Basic
"""

import base64
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias
from urllib.parse import urlencode

from wharf.errors import RateLimited, RemoteAnswered, RemoteDenied, RemoteMisbehaved, RemoteUnauthenticated
from wharf.protocol.scope import Scope, merged
from wharf.protocol.token import Token, read_token
from wharf.protocol.token_refusal import is_about_the_grant, said_in
from wharf.protocol.token_service import TokenService

CLIENT_ID: Final = "wharf"
_UNKNOWN_METHOD: Final = frozenset({404, 405, 501})
_REFUSALS: Final[Mapping[int, type[RemoteAnswered]]] = MappingProxyType(
    {400: RemoteUnauthenticated, 401: RemoteUnauthenticated, 403: RemoteDenied, 429: RateLimited}
)


@dataclass(frozen=True, slots=True)
class Nobody:
    """Whoever asks without a credential."""


@dataclass(frozen=True, slots=True)
class NamedPassword:
    """A name, and a password or what stands for one."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A long-lived token that is good for short ones only."""

    text: str = field(repr=False)
    username: str = ""


Proof: TypeAlias = Nobody | NamedPassword | RefreshToken


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a token service. `proof_from` says in words where the proof comes from, for errors.

    `offline`: whether a refresh token is wanted as well, to be stored in place of the password.
    """

    registry: str
    service: TokenService
    scopes: tuple[Scope, ...]
    proof: Proof = field(default_factory=Nobody)
    proof_from: str = ""
    offline: bool = False

    @property
    def all_scopes(self) -> tuple[Scope, ...]:
        """What is wanted, and what the challenge says is needed."""
        return merged((*self.scopes, *self.service.scopes))


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Of it only method and address may be shown, and of the address not the query."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class TokenResponse:
    status: int
    body: bytes = field(repr=False)


TokenFlow: TypeAlias = Generator[TokenRequest, TokenResponse, Token]


def token_flow(asking: Asking, now: float) -> TokenFlow:
    """`now`, in seconds, is when the flow begins: a token is never believed to live longer than it does."""
    requests = _requests(asking)
    for request in requests[:-1]:
        response = yield request
        if not _is_not_understood(request, response):
            return _token_of(asking, response, now)
    return _token_of(asking, (yield requests[-1]), now)


def basic_authorization(username: str, password: str) -> str:
    """The value of the header `Authorization` that names and proves an account."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def _requests(asking: Asking) -> tuple[TokenRequest, ...]:
    match asking.proof:
        case NamedPassword(username, password):
            grant = {"grant_type": "password", "username": username, "password": password}
            return _get(asking, username, password), _post(asking, grant)
        case RefreshToken(text, username):
            first = _post(asking, {"grant_type": "refresh_token", "refresh_token": text})
            return (first, _get(asking, username, text)) if username else (first,)
        case Nobody():
            return (_get(asking),)


def _get(asking: Asking, username: str = "", password: str = "") -> TokenRequest:
    fields = [("service", asking.service.service)] if asking.service.service else []
    fields += [("account", username)] if username else []
    fields += [("scope", str(scope)) for scope in asking.all_scopes]
    fields += [("client_id", CLIENT_ID)]
    fields += [("offline_token", "true")] if asking.offline else []
    realm = asking.service.realm
    headers = {"authorization": basic_authorization(username, password)} if password else {}
    return TokenRequest("GET", f"{realm}{'&' if '?' in realm else '?'}{urlencode(fields)}", headers)


def _post(asking: Asking, grant: Mapping[str, str]) -> TokenRequest:
    form = {**grant, "client_id": CLIENT_ID}
    if asking.service.service:
        form["service"] = asking.service.service
    if asking.all_scopes:
        form["scope"] = " ".join(map(str, asking.all_scopes))
    if asking.offline:
        form["access_type"] = "offline"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return TokenRequest("POST", asking.service.realm, headers, urlencode(form).encode("ascii"))


def _is_not_understood(request: TokenRequest, response: TokenResponse) -> bool:
    """Whether the service does not know this way to ask. Some answer a POST that they do not know with 401."""
    if response.status in _UNKNOWN_METHOD:
        return True
    return request.method == "POST" and (
        response.status == 401 or (response.status == 400 and is_about_the_grant(response.body))
    )


def _token_of(asking: Asking, response: TokenResponse, now: float) -> Token:
    if response.status == 200:
        return read_token(asking.registry, response.body, asking.all_scopes, now)
    raise _refusal(asking, response)


def _refusal(asking: Asking, response: TokenResponse) -> RemoteAnswered | RemoteMisbehaved:
    said = said_in(response.body, secrets_of(asking.proof))
    if 300 <= response.status < 400:
        return RemoteMisbehaved(asking.registry, "its token service sends credentials elsewhere", [_told(asking)])
    whom = asking.proof_from or "asked without a credential"
    refusal = _REFUSALS.get(response.status, RemoteAnswered)
    return refusal(asking.registry, _wish(asking), response.status, [*said, whom, _told(asking)])


def secrets_of(proof: Proof) -> Sequence[str]:
    """What must not be seen in the words of a service that repeats what it was told."""
    match proof:
        case NamedPassword(username, password):
            return password, basic_authorization(username, password).removeprefix("Basic ")
        case RefreshToken(text, username):
            return text, basic_authorization(username, text).removeprefix("Basic ")
        case Nobody():
            return ()


def _wish(asking: Asking) -> str:
    scopes = ", ".join(map(str, asking.all_scopes))
    return f"give a token for {scopes}" if scopes else "give a token"


def _told(asking: Asking) -> str:
    return f"token service: {asking.service.realm.partition('?')[0]}"
