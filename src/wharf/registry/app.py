"""The registry put together: stores, use cases, handlers, shell. Imported by who runs it, and by no one else."""

from collections.abc import Callable

from wharf.content.filesystem import FilesystemContent
from wharf.content.reserve import Reserve
from wharf.content.store import ContentStore, Durability
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.registry.http.blobs import BlobHandlers
from wharf.registry.http.body import Patience
from wharf.registry.http.distribution import Distribution, Realm
from wharf.registry.http.health import Health
from wharf.registry.http.listings import ListingHandlers
from wharf.registry.http.manifests import ManifestHandlers
from wharf.registry.http.peer import Peers
from wharf.registry.http.request_log import RequestLog, human, machine
from wharf.registry.http.shell import Shell
from wharf.registry.http.uploads import UploadHandlers
from wharf.registry.services.access import AccessPolicy, Gate, OpenToAll
from wharf.registry.services.clock import Clock, system_clock
from wharf.registry.services.deletion import Deletion
from wharf.registry.services.leases import Leases
from wharf.registry.services.listing import Listing
from wharf.registry.services.misses import Misses
from wharf.registry.services.publishing import Publishing
from wharf.registry.services.pull import Pull
from wharf.registry.services.uploads import Uploads
from wharf.registry.settings import LogFormat, Settings


def build_app(settings: Settings, *, reads_ahead: bool, on_live: Callable[[], None]) -> Shell:
    """The registry of one worker process, on the stores that its settings name."""
    content = FilesystemContent(settings.data, settings.durability)
    metadata = build_metadata(settings)
    log = RequestLog(machine if settings.log_format is LogFormat.JSON else human)
    return assemble(content, metadata, settings, OpenToAll(), system_clock, log, on_live, reads_ahead=reads_ahead)


def build_metadata(settings: Settings) -> SqliteMetadata:
    return SqliteMetadata(settings.data, forced=settings.durability is Durability.FULL)


def assemble(
    content: ContentStore,
    metadata: MetadataStore,
    settings: Settings,
    policy: AccessPolicy,
    clock: Clock,
    log: RequestLog,
    on_live: Callable[[], None],
    *,
    reads_ahead: bool = False,
) -> Shell:
    def close() -> None:
        metadata.close()
        content.close()

    return Shell(
        build_distribution(content, metadata, settings, Gate(policy), clock),
        Health(metadata),
        log,
        Peers(settings.trusted_proxies),
        Patience(silence_seconds=settings.client_silence),
        on_live,
        close,
        reads_ahead=reads_ahead,
    )


def build_distribution(
    content: ContentStore, metadata: MetadataStore, settings: Settings, gate: Gate, clock: Clock
) -> Distribution:
    pull = Pull(content, metadata, gate, Leases(metadata, clock, settings.gc_grace))
    deletion = Deletion(metadata, gate, clock, Reserve(settings.data).given_up)
    misses = Misses(metadata, gate, clock)
    return Distribution(
        BlobHandlers(pull, deletion, content),
        UploadHandlers(Uploads(content, metadata, gate, clock)),
        ManifestHandlers(pull, Publishing(metadata, gate, clock), deletion, misses, settings.max_manifest_bytes),
        ListingHandlers(Listing(metadata, gate), misses),
        Realm(),
    )
