"""A session with one registry: whoever holds it asks, and is answered; what lies between is done here.

Threads do what blocks, and a session has its own; it leaves none behind.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from wharf.client.exchange import LARGEST_DOCUMENT
from wharf.client.line.redirect import is_redirect, next_hop
from wharf.client.line.retry import is_repeatable, wait_after_failure, wait_after_status
from wharf.client.line.transport import Answer, NoAnswer, Outgoing, Transport
from wharf.client.line.workers import Watch, Workers
from wharf.client.login.shown import NOTHING_SHOWN, Shown
from wharf.client.message import FORM, Headers, OpenResponse, Request, Response, Upload
from wharf.client.notices import Notices, RateLimit
from wharf.client.origin import Address, Origin, is_loopback, is_named_insecure, origin_of_registry
from wharf.client.settings import ClientSettings
from wharf.errors import RateLimited, RemoteMisbehaved, TlsRefused, Unreachable, shown
from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import Scope

if TYPE_CHECKING:  # start-up time: an open registry is asked without any credential
    from wharf.client.login.discretion import Discretion
    from wharf.client.login.passport import Passport
    from wharf.credentials.keychain import Keychain, Lookup

_MOST_ROUNDS: Final = 4
_LARGEST_TOKEN_ANSWER: Final = 1024 * 1024
_PRIVATE_FIELDS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


class _Wish(NamedTuple):
    """How an answer is wanted: whole and not larger than this, or to be read by the caller.

    `stays`: credentials in the request are meant for one origin, and without them nobody else is to be asked.
    """

    limit: int
    opened: bool = False
    stays: bool = False


class Session:
    """Implements `client.exchange.Exchange`. Belongs to one event loop."""

    def __init__(
        self,
        registry: str,
        settings: ClientSettings,
        keychain: "Keychain",
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = lambda: os.urandom(1)[0] / 255,
    ) -> None:
        self._registry = registry
        self._settings = settings
        self._keychain = keychain
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._workers = Workers(registry)
        self._transport = Transport(settings)
        self._passport: Passport | None = None
        self._notices = Notices(registry, settings.notice)
        self._discretion: Discretion | None = None
        self._home: Origin | None = None
        self._finding_home = asyncio.Lock()
        self._has_been_let_in = False

    @property
    def registry(self) -> str:
        return self._registry

    @property
    def rate_limit(self) -> RateLimit | None:
        """What the registry last said of it."""
        return self._notices.rate_limit

    @property
    def passport(self) -> "Passport":
        """It is needed only where a registry asks for it."""
        from wharf.client.login.passport import Passport  # noqa: PLC0415 - start-up time: open registries do without

        if self._passport is None:
            self._passport = Passport(self._registry, self._find_credential, self._ask_token_service, self._clock)
        return self._passport

    async def ask(self, request: Request, scopes: Sequence[Scope], limit: int = LARGEST_DOCUMENT) -> Response:
        answer = await self._authorised(request, scopes, _Wish(limit))
        assert isinstance(answer, Response)
        return answer

    async def open(self, request: Request, scopes: Sequence[Scope]) -> OpenResponse:
        answer = await self._authorised(request, scopes, _Wish(LARGEST_DOCUMENT, opened=True))
        if isinstance(answer, OpenResponse):
            return answer
        return OpenResponse(answer.status, answer.headers, _Held(answer.body), answer.url)

    async def send(self, request: Request, limit: int = LARGEST_DOCUMENT) -> Response:
        """The request to any address, with no proof of who asks but its own; a 401 is an answer like others.

        A redirect to another place is followed only without credentials.
        """
        address, wish = await self._address(request), _Wish(limit, stays="authorization" in request.headers)
        self._refuse_what_is_overheard(request, address.origin)
        answer = await self._patiently(request, address, NOTHING_SHOWN, wish)
        assert isinstance(answer, Response)
        return answer

    def _refuse_what_is_overheard(self, request: Request, origin: Origin) -> None:
        """A registry without TLS may name a token service anywhere; a credential goes there only if it is allowed."""
        shows_something = "authorization" in request.headers or bool(request.body)
        if shows_something and not (origin.is_secure or self._may_speak_plain(origin)):
            raise TlsRefused(
                origin.authority,
                "a credential is not sent there in plain HTTP",
                evidence=[f"{self._registry} names it as its token service"],
                next_step=f"give it a certificate, or allow it by name: --insecure {origin.authority}",
            )

    async def close(self) -> None:
        """Ends what is still under way. Twice does no harm."""
        self._transport.shut()
        if self._passport is not None:
            await self._passport.close()
        await self._workers.close()
        self._transport.close()

    async def _authorised(self, request: Request, scopes: Sequence[Scope], wish: _Wish) -> Answer:
        """First with what is known to be demanded; after each refusal with what it demands, until that is all."""
        home, address = await self._at_home(), await self._address(request)
        if home.is_secure and not address.origin.is_secure:
            raise RemoteMisbehaved(self._registry, "an address out of TLS, in plain HTTP", [address.without_query])
        if address.origin != home:
            return await self._patiently(request, address, NOTHING_SHOWN, wish)
        await self._be_known_before(request, scopes)
        showing = await self._passport.show(scopes) if self._passport else NOTHING_SHOWN
        for _ in range(_MOST_ROUNDS):
            answer = await self._patiently(request, address, showing, wish)
            if answer.status != 401 or not isinstance(answer, Response) or not answer.url.startswith(f"{home}/"):
                self._has_been_let_in = True
                return answer
            if isinstance(request.body, Upload):
                # It is read by now, at least in part. Whoever has it can open it again, and is let in then.
                self.passport.forget(showing)
                return answer
            showing = await self.passport.show_more(
                answer, _did(request), showing, scopes, plain_allowed=self._may_be_plain(home)
            )
        raise RemoteMisbehaved(self._registry, "it demands ever more logins for one request")

    async def _address(self, request: Request) -> Address:
        is_of_ours = request.url.startswith("/")
        return Address.parse(f"{await self._at_home()}{request.url}" if is_of_ours else request.url, self._registry)

    async def _be_known_before(self, request: Request, scopes: Sequence[Scope]) -> None:
        """A body that can be sent only once is not sent to learn that it may not be sent."""
        if isinstance(request.body, Upload) and not self._has_been_let_in:
            await self.ask(Request("GET", "/v2/"), scopes)

    async def _patiently(self, request: Request, address: Address, showing: Shown, wish: _Wish) -> Answer:
        tried = 0
        while True:
            answer = await self._followed(request, address, showing, wish)
            wait = self._wait_after(request, answer, tried)
            if wait is None:
                return self._told(request, self._cleaned(answer))
            await self._sleep(wait)
            tried += 1

    def _cleaned(self, answer: Answer | NoAnswer) -> Answer | NoAnswer:
        return self._discretion.cleaned(answer) if self._discretion and isinstance(answer, Response) else answer

    def _discreet_headers(self, answer: Answer) -> Headers:
        return self._discretion.cleaned_headers(answer.headers) if self._discretion else answer.headers

    def _wait_after(self, request: Request, answer: Answer | NoAnswer, tried: int) -> float | None:
        retries, chance = self._settings.retries, self._chance()
        if isinstance(answer, NoAnswer):
            return wait_after_failure(request, answer.failure, tried, retries, chance)
        asked = answer.headers.first("retry-after")
        return wait_after_status(request, answer.status, asked, tried, retries, chance, self._clock())

    def _told(self, request: Request, answer: Answer | NoAnswer) -> Answer:
        """The end of patience: what there is goes to the caller, as an answer or as an error."""
        if isinstance(answer, NoAnswer):
            raise answer.error
        if answer.status == 429:
            raise self._rate_limited(request, answer)
        return answer

    def _rate_limited(self, request: Request, answer: Answer) -> RateLimited:
        from wharf.protocol.token_refusal import said_in  # noqa: PLC0415 - start-up time

        said = list(said_in(answer.body, ())) if isinstance(answer, Response) else []
        wait = answer.headers.first("retry-after")
        said += [f"Retry-After: {shown(wait)}"] if wait else []
        return RateLimited(self._registry, _did(request), answer.status, said)

    async def _followed(self, request: Request, address: Address, showing: Shown, wish: _Wish) -> Answer | NoAnswer:
        """Along all redirects. What proves who asks goes no further than the registry itself."""
        path: tuple[Address, ...] = (address,)
        credentials_go_along = True
        while True:
            outgoing = self._outgoing(request, path[-1], showing if credentials_go_along else None)
            answer = await self._exchange(outgoing, wish)
            if isinstance(answer, NoAnswer):
                return answer
            if credentials_go_along:
                self._notices.read(self._discreet_headers(answer))
            location = answer.headers.first("location")
            if not is_redirect(request.method, answer.status, location):
                return answer
            hop = next_hop(self._registry, path, location or "")
            if wish.stays and not hop.keeps_credentials:
                return answer
            credentials_go_along = credentials_go_along and hop.keeps_credentials
            path = (*path, hop.address)

    async def _exchange(self, outgoing: Outgoing, wish: _Wish) -> Answer | NoAnswer:
        def work(watch: Watch) -> Answer | NoAnswer:
            return self._transport.exchange(outgoing, watch, wish.limit, opened=wish.opened)

        return await self._workers.run(work, _put_away)

    def _outgoing(self, request: Request, address: Address, showing: Shown | None) -> Outgoing:
        """`showing` None: a stranger is spoken to, who learns nothing of us."""
        fields = {name.lower(): value for name, value in request.headers.items()}
        if showing is None:
            fields = {name: value for name, value in fields.items() if name not in _PRIVATE_FIELDS}
        elif address.origin == self._home:
            fields = {name.lower(): value for name, value in self._settings.headers.items()} | fields
        if showing is not None and showing.authorization:
            fields["authorization"] = showing.authorization
        self._remember(fields, request.body)
        fields = {"user-agent": self._settings.user_agent, "accept-encoding": "identity", **fields}
        return Outgoing(
            self._registry, request.method, address, tuple(fields.items()), request.body, is_repeatable(request)
        )

    def _remember(self, fields: Mapping[str, str], body: bytes | Upload) -> None:
        """Open registries are shown no secrets, and need no discretion."""
        if "authorization" in fields or fields.get("content-type") == FORM:
            from wharf.client.login.discretion import Discretion  # noqa: PLC0415 - start-up time

            self._discretion = self._discretion or Discretion()
            self._discretion.remember(fields, body)

    async def _ask_token_service(self, request: Request) -> Response:
        return await self.send(request, _LARGEST_TOKEN_ANSWER)

    async def _find_credential(self, repository: RepositoryName | None) -> "Lookup":
        lookup = await self._workers.run(lambda _: self._keychain.find(self._registry, repository))
        for warning in lookup.warnings:
            self._notices.tell_once(warning)
        return lookup

    def _may_be_plain(self, home: Origin) -> bool:
        """Whether this registry's own token service may be without TLS."""
        return not home.is_secure or is_named_insecure(home, self._settings.insecure)

    def _may_speak_plain(self, origin: Origin) -> bool:
        return is_loopback(origin.host) or is_named_insecure(origin, self._settings.insecure)

    async def _at_home(self) -> Origin:
        """Where the registry is; whether with TLS, a registry on this machine or one named insecure is asked once."""
        async with self._finding_home:
            if self._home is None:
                secure = origin_of_registry("https", self._registry)
                may_be_plain = self._may_speak_plain(secure)
                self._home = await self._workers.run(lambda w: self._asked_home(secure, w)) if may_be_plain else secure
            return self._home

    def _asked_home(self, secure: Origin, watch: Watch) -> Origin:
        plain = origin_of_registry("http", self._registry)
        try:
            return secure if self._transport.speaks_tls(Address(secure, "/"), watch) else plain
        except Unreachable:
            if plain.port == secure.port:
                raise
            return plain


class _Held:
    """A body that is here already, read as if it were still to come."""

    def __init__(self, body: bytes) -> None:
        self._left = memoryview(body)

    def readinto(self, buffer: memoryview, /) -> int:
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def close(self) -> None:
        self._left = self._left[:0]


def _did(request: Request) -> str:
    path = request.url.partition("?")[0]
    return f"answer {request.method} {path}"


def _put_away(answer: Answer | NoAnswer) -> None:
    if isinstance(answer, OpenResponse):
        answer.reader.close()
