"""The registry put together: stores, use cases, handlers, shell. Imported by who runs it, and by no one else."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from wharf.content.filesystem import FilesystemContent
from wharf.content.reserve import Reserve
from wharf.content.store import ContentStore, Durability
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.registry.http.api.site import ApiSite
from wharf.registry.http.blobs import BlobHandlers
from wharf.registry.http.body import Patience
from wharf.registry.http.device_login import DeviceLoginSite
from wharf.registry.http.distribution import Distribution, NoRealm, Realm
from wharf.registry.http.health import Health
from wharf.registry.http.listings import ListingHandlers
from wharf.registry.http.manifests import ManifestHandlers
from wharf.registry.http.origin import Origin
from wharf.registry.http.peer import Peers
from wharf.registry.http.realm import TokenRealm
from wharf.registry.http.request_log import RequestLog, human, machine
from wharf.registry.http.search import SearchSite
from wharf.registry.http.shell import Shell
from wharf.registry.http.site import Site
from wharf.registry.http.token import TokenSite
from wharf.registry.http.uploads import UploadHandlers
from wharf.registry.operations import Ground, operations
from wharf.registry.services.access import AccessPolicy, Doorkeeper, Gate, OpenDoor, OpenToAll
from wharf.registry.services.clock import Clock, system_clock
from wharf.registry.services.deletion import Deletion
from wharf.registry.services.identity.docker_tokens import DockerTokens, Lives, SignedDoor
from wharf.registry.services.identity.identification import GuardedDoor
from wharf.registry.services.identity.password_login import PasswordLogin
from wharf.registry.services.identity.passwords import Passwords
from wharf.registry.services.identity.role_policy import RolePolicy
from wharf.registry.services.identity.signing import Signing
from wharf.registry.services.identity.token_use import TokenUse, WatchedDoor
from wharf.registry.services.leases import Leases
from wharf.registry.services.listing import Listing
from wharf.registry.services.misses import Misses
from wharf.registry.services.more_room import RoomyStore
from wharf.registry.services.publishing import Publishing
from wharf.registry.services.pull import Pull
from wharf.registry.services.statistics.counting import SETTLE_SECONDS, Counting
from wharf.registry.services.statistics.meter import Meter
from wharf.registry.services.statistics.meter_line import MeterLine
from wharf.registry.services.uploads import Uploads
from wharf.registry.services.webhooks.courier import Courier
from wharf.registry.services.webhooks.delivery import Delivery
from wharf.registry.services.webhooks.posting import HttpPost
from wharf.registry.services.webhooks.reach import Reach
from wharf.registry.settings import LogFormat, Settings


def build_app(
    settings: Settings, *, reads_ahead: bool, on_live: Callable[[], None], metrics: socket.socket | None = None
) -> Shell:
    """The registry of one worker process, on the stores that its settings name. `metrics`: where it tells readings."""
    content = FilesystemContent(settings.data, settings.durability)
    metadata = build_metadata(settings)
    log = RequestLog(machine if settings.log_format is LogFormat.JSON else human)
    entrance = build_entrance(metadata, settings, system_clock, Passwords())
    of_owners = Reach.of_owners(settings.webhook_networks)
    base = settings.public_url or _own_url(settings)
    delivery = Delivery(metadata, system_clock, HttpPost(), base, of_owners=of_owners)
    courier = Courier(delivery, settings.data / "outbox.lock")
    parts = (content, metadata, settings, entrance, system_clock, log, on_live)
    if metrics is None:
        return assemble(*parts, reads_ahead=reads_ahead, beside=[courier])
    line = MeterLine(metadata, metrics)
    return assemble(*parts, reads_ahead=reads_ahead, beside=[courier, line], meter=line.meter)


def _own_url(settings: Settings) -> str:
    return f"{'https' if settings.tls_cert else 'http'}://{settings.listen}"


def build_metadata(settings: Settings) -> SqliteMetadata:
    return SqliteMetadata(settings.data, forced=settings.durability is Durability.FULL)


@dataclass(frozen=True, slots=True)
class Entrance:
    """Who comes, what they may, and where they are sent who did not say who they are; `sites`: what answers there."""

    doorkeeper: Doorkeeper
    policy: AccessPolicy
    realm: Realm
    passwords: Passwords
    sites: tuple[Site, ...] = ()


def build_entrance(
    metadata: MetadataStore,
    settings: Settings,
    clock: Clock,
    passwords: Passwords,
    policy: AccessPolicy | None = None,
) -> Entrance:
    """`policy`: another one than follows from the settings."""
    if settings.open:
        return Entrance(OpenDoor(), policy or OpenToAll(), NoRealm(), passwords)
    metadata = RoomyStore(metadata, Reserve(settings.data).given_up)
    origin, policy = Origin(settings.public_url), policy or RolePolicy(metadata)
    signing = Signing(metadata, clock, settings.signing_key_age)
    signed = SignedDoor(metadata, signing, clock, origin.name)
    door = GuardedDoor(metadata, PasswordLogin(metadata, passwords, clock), clock, signed)
    lives = Lives(short=settings.token_life, kept=settings.token_age)
    tokens = DockerTokens(metadata, Gate(policy), signing, clock, lives)
    return Entrance(door, policy, TokenRealm(origin), passwords, (TokenSite(tokens, door, origin),))


class Companion(Protocol):
    """What a worker does beside its requests."""

    def start(self) -> None: ...

    async def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class WorkerLife:
    """What begins with a worker's requests, and what is written down and closed, in this order, after the last."""

    on_live: Callable[[], None]
    companions: Sequence[Companion]
    counting: Counting
    use: TokenUse
    metadata: MetadataStore
    content: ContentStore

    def begin(self) -> None:
        self.on_live()
        for companion in self.companions:
            companion.start()

    async def end(self) -> None:
        for companion in self.companions:
            await companion.stop()
        await self.counting.close()
        await self.use.close()
        self.metadata.close()
        self.content.close()


def assemble(
    content: ContentStore,
    metadata: MetadataStore,
    settings: Settings,
    entrance: Entrance,
    clock: Clock,
    log: RequestLog,
    on_live: Callable[[], None],
    *,
    reads_ahead: bool = False,
    beside: Sequence[Companion] = (),
    meter: Meter | None = None,
) -> Shell:
    gate, origin = Gate(entrance.policy), Origin(settings.public_url)
    settle_seconds = 0.0 if settings.workers == 1 else SETTLE_SECONDS
    counting = Counting(metadata, clock, settle_seconds, (meter or Meter()).pulled)
    use = TokenUse(metadata, clock)
    life = WorkerLife(on_live, beside, counting, use, metadata, content)
    ground = Ground(metadata, gate, clock, entrance.passwords, settings, counting)
    sites = [
        *entrance.sites,
        SearchSite(Listing(metadata, gate)),
        DeviceLoginSite(origin),
        ApiSite(operations(ground), origin),
        build_distribution(content, metadata, settings, gate, clock, counting, entrance.realm),
    ]
    return Shell(
        sites,
        WatchedDoor(entrance.doorkeeper, use),
        Health(metadata),
        log,
        Peers(settings.trusted_proxies),
        Patience(silence_seconds=settings.client_silence),
        life.begin,
        life.end,
        reads_ahead=reads_ahead,
        meter=meter,
    )


def build_distribution(
    content: ContentStore,
    metadata: MetadataStore,
    settings: Settings,
    gate: Gate,
    clock: Clock,
    counting: Counting,
    realm: Realm | None = None,
) -> Distribution:
    pull = Pull(content, metadata, gate, Leases(metadata, clock, settings.gc_grace))
    deletion = Deletion(RoomyStore(metadata, Reserve(settings.data).given_up), gate, clock)
    misses = Misses(metadata, gate, clock)
    return Distribution(
        BlobHandlers(pull, deletion, content),
        UploadHandlers(Uploads(content, metadata, gate, clock)),
        ManifestHandlers(
            pull, counting, Publishing(metadata, gate, clock), deletion, misses, settings.max_manifest_bytes
        ),
        ListingHandlers(Listing(metadata, gate), misses),
        realm or NoRealm(),
    )
