"""The token service: where docker and its like ask for a token, with GET or POST, and get what they may have.

What is not granted is left out, and no error: the registry refuses when the token is used. Scopes that cannot be read
are passed over, as the reference implementation does.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl

from wharf.access.secret_text import recognised
from wharf.errors import (
    CredentialRefused,
    MalformedField,
    MalformedQuery,
    NotSupported,
    WharfError,
)
from wharf.protocol.challenge import Challenge
from wharf.protocol.scope import Scope, merged
from wharf.registry.http.errors import JSON, error_reply
from wharf.registry.http.message import Headers, Reply, Request, headers
from wharf.registry.http.origin import Origin
from wharf.registry.http.realm import TOKEN_PATH
from wharf.registry.services.access import Caller, Doorkeeper
from wharf.registry.services.clock import in_iso
from wharf.registry.services.identity.docker_tokens import DockerToken, DockerTokens, Wish

_MOST_BYTES: Final = 64 << 10
_MOST_FIELDS: Final = 200
_MOST_SCOPES: Final = 100
_MOST_CHARACTERS: Final = 4096  # of scopes together: the token travels in a header
_LONGEST_NAME: Final = 100
_ALWAYS: Final = ((b"cache-control", "no-store"), (b"pragma", "no-cache"))


class TokenSite:
    def __init__(self, tokens: DockerTokens, doorkeeper: Doorkeeper, origin: Origin) -> None:
        self._tokens = tokens
        self._doorkeeper = doorkeeper
        self._origin = origin

    def serves(self, path: str) -> bool:
        return path == TOKEN_PATH

    async def reply(self, request: Request) -> Reply:
        match request.method:
            case "GET" | "HEAD":
                return await self._by_query(request)
            case "POST":
                return await self._by_form(request)
        raise NotSupported(request.method, ["GET", "HEAD", "POST"])

    def refusal(self, error: WharfError, request: Request) -> Reply:
        return error_reply(error, request.request_id, (*headers(_ALWAYS), *self._hints(error, request)))

    async def _by_query(self, request: Request) -> Reply:
        query = request.query
        wish = Wish(
            _scopes(text.replace("+", " ") for text in query.all("scope")),  # a space, as a form would write it
            self._origin.host(request),
            _named(query.get("client_id")),
            keeps=query.get("offline_token") == "true",
        )
        return _given(await self._tokens.give(request.caller, wish))

    async def _by_form(self, request: Request) -> Reply:
        form = _form(await request.body.whole("request", _MOST_BYTES))
        caller = await self._caller(form, request.caller.address)
        wish = Wish(
            _scopes(form.get("scope", [])),
            self._origin.host(request),
            _named(_first(form, "client_id")),
            keeps=_first(form, "access_type") == "offline",
        )
        given = await self._tokens.give(caller, wish)
        return _given(given, kept=_first(form, "refresh_token"))

    async def _caller(self, form: Mapping[str, list[str]], address: str) -> Caller:
        match _first(form, "grant_type"):
            case "password":
                name, password = _required(form, "username"), _required(form, "password")
                return await self._doorkeeper.identify(_basic(name, password), address)
            case "refresh_token":
                secret = recognised(_required(form, "refresh_token"))
                if secret is None:
                    raise CredentialRefused("this is no refresh token")
                return await self._tokens.caller_of_kept(secret, address)
        raise MalformedField("grant_type", "grant_type is `password` or `refresh_token`")

    def _hints(self, error: WharfError, request: Request) -> Headers:
        if isinstance(error, CredentialRefused):
            challenge = Challenge("Basic", {"realm": self._origin.host(request)})
            return headers(((b"www-authenticate", str(challenge)),))
        return ()


def _given(token: DockerToken, kept: str | None = None) -> Reply:
    refresh = token.refresh or kept
    document = {
        "token": token.text,
        "access_token": token.text,
        "token_type": "Bearer",
        "expires_in": token.life,
        "issued_at": in_iso(token.issued_at),
        "scope": " ".join(str(scope) for scope in token.granted),
        **({"refresh_token": refresh} if refresh else {}),
    }
    body = json.dumps(document).encode()
    facts = ((b"content-type", JSON), (b"content-length", len(body)), *_ALWAYS)
    return Reply(200, headers(facts), body)


def _scopes(texts: Iterable[str]) -> tuple[Scope, ...]:
    words = [word for text in texts for word in text.split(" ") if word]
    if len(words) > _MOST_SCOPES or sum(map(len, words)) > _MOST_CHARACTERS:
        reason = f"at most {_MOST_SCOPES} scopes of {_MOST_CHARACTERS} characters together"
        raise MalformedQuery(f"{len(words)} scopes", reason, where="scope", next_step="ask for fewer at once")
    return merged(scope for word in words if (scope := _scope(word)) is not None)


def _scope(word: str) -> Scope | None:
    try:
        return Scope.parse(word)
    except MalformedQuery:
        return None


def _form(raw: bytes) -> Mapping[str, list[str]]:
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise MalformedField("the form", "the form cannot be read") from None
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def _first(form: Mapping[str, list[str]], name: str) -> str | None:
    return next(iter(form.get(name, ())), None)


def _required(form: Mapping[str, list[str]], name: str) -> str:
    value = _first(form, name)
    if not value:
        raise MalformedField(name, f"{name} is missing")
    return value


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def _named(text: str | None) -> str:
    """What a client calls itself, for the list of its owner's tokens."""
    return "".join(letter for letter in text or "" if letter.isprintable())[:_LONGEST_NAME] or "a client"
