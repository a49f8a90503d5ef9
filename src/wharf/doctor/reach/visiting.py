"""A visit to a registry: as nobody, or with the credential of this machine; each question with what it demands.

What happens on the way is kept: what was demanded, whether the token service gave a token, what came in the end. A
credential is shown only where it would be shown by wharf itself.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Final, TypeAlias

from wharf.client.login.proof import to_registry, to_token_service
from wharf.client.message import Response
from wharf.client.origin import Address
from wharf.credentials.credential import Credential, RegistryToken
from wharf.doctor.reach.asking import Asker
from wharf.doctor.reach.place import registry_of
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.errors import RemoteAnswered, WharfError
from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import Scope
from wharf.protocol.token import Token
from wharf.protocol.token_flow import Asking, Nobody, Proof, TokenResponse, token_flow
from wharf.protocol.token_service import Demand, read_demand

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_MOST_ROUNDS: Final = 4


class Desk(Enum):
    """What came of asking the token service."""

    NOT_ASKED = "none"
    ANSWERS = "answers"
    UNREACHABLE = "unreachable"
    REFUSES = "refuses"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Visit:
    """`last` is the answer in the end, None where none came; `first` the one to nobody. `said`: by the token desk."""

    first: Response | None = None
    last: Response | None = None
    demand: Demand | None = None
    malformed: bool = False
    desk: Desk = Desk.NOT_ASKED
    said: Response | None = field(default=None, repr=False)
    token: Token | None = field(default=None, repr=False)

    @property
    def status(self) -> int:
        return self.last.status if self.last else 0

    @property
    def was_shown_something(self) -> bool:
        return self.last is not None and self.last is not self.first


@dataclass(frozen=True, slots=True)
class Visitor:
    """`credential` None: nobody. `_held`: what let it in before, for what."""

    asker: Asker
    registry: str
    credential: Credential | None = field(default=None, repr=False)
    _held: dict[tuple[Scope, ...], tuple[str, "Visit"]] = field(default_factory=dict, repr=False, hash=False)

    async def visit(
        self, method: str, target: str, scopes: tuple[Scope, ...] = (), headers: Mapping[str, str] = _NOTHING
    ) -> Visit:
        if (again := await self._with_what_is_held(method, target, scopes, headers)) is not None:
            return again
        first = await self.asker.asked(method, target, headers)
        if first is None or first.status != 401:
            return Visit(first, first)
        plain = not self.asker.origin.is_secure
        try:
            demand = read_demand(first.headers.all("www-authenticate"), self.registry, plain_allowed=plain)
        except WharfError:
            return Visit(first, first, malformed=True)
        shown, visit = await self._shown(Visit(first, first, demand), demand, scopes)
        if not shown:
            return visit
        last = await self.asker.asked(method, target, {**headers, "authorization": shown})
        whole = replace(visit, last=last)
        if last is not None and last.status != 401:
            self._held[scopes] = shown, whole
        return whole

    async def _with_what_is_held(
        self, method: str, target: str, scopes: tuple[Scope, ...], headers: Mapping[str, str]
    ) -> Visit | None:
        if scopes not in self._held:
            return None
        shown, before = self._held[scopes]
        last = await self.asker.asked(method, target, {**headers, "authorization": shown})
        return replace(before, last=last) if last is None or last.status != 401 else None

    async def _shown(self, visit: Visit, demand: Demand, scopes: tuple[Scope, ...]) -> tuple[str, Visit]:
        if demand.token_service is None:
            return to_registry(self.credential) if self.asker.may_show else "", visit
        if isinstance(self.credential, RegistryToken):
            return (f"Bearer {self.credential.token.reveal()}" if self.asker.may_show else ""), visit
        desk, said, token = await self._asked_at_desk(demand, scopes)
        text = f"Bearer {token.text}" if token else ""
        return text, Visit(visit.first, visit.last, demand, desk=desk, said=said, token=token)

    async def _asked_at_desk(self, demand: Demand, scopes: tuple[Scope, ...]) -> "_AtDesk":
        assert demand.token_service is not None
        proof: Proof = to_token_service(self.credential) if self.asker.may_show else Nobody()
        flow = token_flow(Asking(self.registry, demand.token_service, scopes, proof), time.time())
        said: Response | None = None
        try:
            request = next(flow)
            for _ in range(_MOST_ROUNDS):
                address = Address.parse(request.url, self.registry)
                asker = self.asker.at(address.origin)
                said = (
                    await asker.asked(request.method, address.target, request.headers, request.body) if asker else None
                )
                if said is None:
                    return Desk.UNREACHABLE, None, None
                request = flow.send(TokenResponse(said.status, said.body))
        except StopIteration as end:
            token: Token = end.value
            return Desk.ANSWERS, said, token
        except RemoteAnswered:
            refused = said is not None and said.status in {400, 401, 403}
            return (Desk.REFUSES if refused else Desk.ERROR), said, None
        except WharfError:
            return Desk.ERROR, said, None
        return Desk.ERROR, said, None


_AtDesk: TypeAlias = tuple[Desk, Response | None, Token | None]


@dataclass(frozen=True, slots=True)
class Stored:
    """What this machine has for the registry. `known`: whether all who could have something answered."""

    credential: Credential | None = field(default=None, repr=False)
    place: str = ""
    known: bool = True


async def stored_for(scene: Scene) -> Stored:
    """Helpers may ask a person something, and are waited for only so long."""
    registry, repository = scene.aim.registry, scene.aim.repository
    if not registry:
        return Stored(known=False)
    try:
        lookup = await in_time(lambda: scene.keychain.find(registry, repository), scene.patience / 2)
    except OSError:
        return Stored(known=False)
    if lookup.credential is not None:
        return Stored(lookup.credential, lookup.source.place if lookup.source else "")
    return Stored(known=not any(silent.failed for silent in lookup.silent))


async def as_nobody(scene: Scene) -> Visitor | None:
    origin = registry_of(scene)
    asker = await Asker.unbelieving(scene, origin) if origin else None
    return Visitor(asker, scene.aim.registry or "") if asker else None


async def with_credential(scene: Scene, stored: Stored) -> Visitor | None:
    origin = registry_of(scene)
    if stored.credential is None or origin is None:
        return None
    asker = await Asker.trusting(scene, origin)
    return Visitor(asker, scene.aim.registry or "", stored.credential) if asker else None


def to_pull(repository: RepositoryName) -> tuple[Scope, ...]:
    return (Scope("repository", str(repository), frozenset({"pull"})),)
