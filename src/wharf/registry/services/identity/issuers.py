"""Issuers of identities: where one publishes its keys, and what those are at the moment.

An issuer is asked over HTTPS (or plainly, on this machine), briefly, and only if a rule names it. Its keys are
remembered. A key that is not among them makes us ask again, but only now and then: whoever can make us ask cannot make
us ask often.
"""

import asyncio
import time
import urllib.request
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from typing import IO, Final, Protocol
from urllib.parse import urlsplit

from wharf.errors import CredentialRefused, MalformedJson
from wharf.oci.strict_json import JsonValue, parse_object
from wharf.registry.services.clock import Clock

Jwk = Mapping[str, JsonValue]

_DISCOVERY: Final = "/.well-known/openid-configuration"
_FRESH: Final = 3600 * 1000
_STALE: Final = 24 * 3600 * 1000
_BETWEEN_QUESTIONS: Final = 10 * 1000
_MOST_KEYS: Final = 100
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class IssuerSilent(Exception):
    """An issuer that cannot be reached, or does not say what one must."""


class Documents(Protocol):
    async def fetch(self, url: str) -> bytes:
        """Raises IssuerSilent."""


class DocumentsOverHttp:
    """Bounded in time and size; goes nowhere else than it was sent."""

    def __init__(self, *, seconds: float = 5.0, limit: int = 256 << 10) -> None:
        self._seconds = seconds
        self._limit = limit

    @cached_property
    def _abroad(self) -> urllib.request.OpenerDirector:
        return urllib.request.build_opener(_NoRedirects)

    @cached_property
    def _here(self) -> urllib.request.OpenerDirector:
        return urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))

    async def fetch(self, url: str) -> bytes:
        """Through the proxy that the environment names, but on this machine."""
        if not is_safe(url):
            raise IssuerSilent("this is not an address over HTTPS")
        try:
            async with asyncio.timeout(2 * self._seconds):
                return await asyncio.to_thread(self._fetched, url)
        except TimeoutError as silence:
            raise IssuerSilent("it took too long") from silence

    def _fetched(self, url: str) -> bytes:
        deadline = time.monotonic() + self._seconds
        try:
            opener = self._here if urlsplit(url).hostname in _LOOPBACK else self._abroad
            with opener.open(url, timeout=self._seconds) as answer:
                return self._read(answer, deadline)
        except (OSError, ValueError) as problem:
            raise IssuerSilent(str(problem)) from problem

    def _read(self, answer: IO[bytes], deadline: float) -> bytes:
        read = b""
        while piece := answer.read1(self._limit):  # type: ignore[attr-defined]  # what urllib gives can read so
            read += piece
            if len(read) > self._limit:
                raise IssuerSilent("the document is too large")
            if time.monotonic() > deadline:
                raise IssuerSilent("the document came too slowly")
        return read


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


@dataclass(slots=True)
class _Known:
    keys: tuple[Jwk, ...] = ()
    learned_at: int = -_STALE
    asked_at: int = -_STALE


class Issuers:
    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock
        self._known: defaultdict[str, _Known] = defaultdict(_Known)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def keys(self, issuer: str, name: str | None) -> tuple[Jwk, ...]:
        """Those of this name; all where no name was told. Raises CredentialRefused where nothing can be known."""
        async with self._turns[issuer]:
            known = self._known[issuer]
            age = self._since(known.learned_at)
            if age > _FRESH or not _named(known.keys, name):
                await self._ask(issuer, known)
            if self._since(known.learned_at) > _STALE:
                raise CredentialRefused(
                    f"the keys of {issuer} cannot be read at the moment",
                    f"look at {issuer}{_DISCOVERY} from where the registry runs",
                )
            return _named(known.keys, name)

    def _since(self, moment: int) -> int:
        """Never less than nothing: a clock that was set back would make keys good for ever, and no question allowed."""
        return abs(self._clock() - moment)

    async def _ask(self, issuer: str, known: _Known) -> None:
        if self._since(known.asked_at) < _BETWEEN_QUESTIONS:
            return
        known.asked_at = now = self._clock()
        try:
            known.keys = await self._published(issuer)
            known.learned_at = now
        except IssuerSilent:
            return  # what is known is good for a while

    async def _published(self, issuer: str) -> tuple[Jwk, ...]:
        document = _object(await self._documents.fetch(issuer.rstrip("/") + _DISCOVERY))
        place = document.get("jwks_uri")
        if document.get("issuer") != issuer or not isinstance(place, str):
            raise IssuerSilent("the discovery document is somebody else's")
        if urlsplit(issuer).scheme == "https" and urlsplit(place).scheme != "https":
            raise IssuerSilent("the keys are not published over HTTPS")
        keys = _object(await self._documents.fetch(place)).get("keys")
        if not isinstance(keys, list) or len(keys) > _MOST_KEYS:
            raise IssuerSilent("the document of keys holds none")
        return tuple(key for key in keys if isinstance(key, dict))


def is_safe(url: str) -> bool:
    """HTTPS; plain HTTP to this machine alone."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if not parts.hostname or "@" in parts.netloc or parts.fragment or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _named(keys: tuple[Jwk, ...], name: str | None) -> tuple[Jwk, ...]:
    return keys if name is None else tuple(key for key in keys if key.get("kid") == name)


def _object(raw: bytes) -> Mapping[str, JsonValue]:
    try:
        return parse_object(raw)
    except (MalformedJson, ValueError) as problem:
        raise IssuerSilent("this is no JSON object") from problem
