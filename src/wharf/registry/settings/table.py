"""The registry's settings: one table that flags, environment, wharf.toml, help and documentation are made from.

They are read once, at the start, into one frozen value that is passed to whoever needs it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from wharf.content.keys import Tree
from wharf.content.store import Durability
from wharf.errors import Malformed, SettingRefused
from wharf.registry.settings.accounts import (
    ACCOUNTS,
    KEEP_DAILY_PULLS,
    KEEP_DELETED,
    METRICS_LISTEN,
    OPEN,
    PUBLIC_URL,
    SIGNING_KEY_AGE,
    TOKEN_AGE,
    TOKEN_LIFE,
    WEBHOOK_NETWORKS,
)
from wharf.registry.settings.sources import Machine, Setting, Sources, find_setting_file
from wharf.registry.settings.tls_pair import Part, require_pair, require_part
from wharf.registry.settings.values import (
    NEVER,
    NONE,
    Address,
    LogFormat,
    Network,
    WebhookNetworks,
    at_least,
    at_most,
    one_of,
    parse_address,
    parse_count,
    parse_duration,
    parse_networks,
    parse_path,
    parse_size,
    unless,
)

__all__ = [
    "COLLECTING",
    "RETAINING",
    "SERVING",
    "TABLE",
    "TENDING",
    "Address",
    "LogFormat",
    "Settings",
    "Use",
    "load_settings",
]

_TIME: Final = (str, int, float)
_MIB: Final = 1 << 20


def _default_data(machine: Machine, environ: Mapping[str, str]) -> str:
    if machine.is_root:
        return "/var/lib/wharf"
    if environ.get("XDG_DATA_HOME", "").startswith("/"):
        return f"{environ['XDG_DATA_HOME']}/wharf"
    if environ.get("HOME"):
        return f"{environ['HOME']}/.local/share/wharf"
    raise Malformed("", "there is no HOME to keep it in", next_step="name a folder with --data or WHARF_DATA")


def _default_workers(machine: Machine, environ: Mapping[str, str]) -> str:
    return str(min(machine.cpus, 4))


DATA: Final = Setting(
    "data",
    "The folder that holds everything: blobs, uploads and the database.",
    "/var/lib/wharf for root, else $XDG_DATA_HOME/wharf or ~/.local/share/wharf",
    parse_path,
    "DIR",
    derived=_default_data,
)
LISTEN: Final = Setting(
    "listen",
    "The address and port to serve on; only loopback if the registry is open.",
    "127.0.0.1:5000",
    parse_address,
    "ADDRESS",
    (str, int),
)
WORKERS: Final = Setting(
    "workers",
    "How many processes serve.",
    "the number of CPUs, at most 4",
    at_least(1, "1", at_most(256, "256", parse_count)),
    "N",
    (int,),
    _default_workers,
)
TLS_CERT: Final = Setting(
    "tls-cert",
    "The certificate to serve HTTPS with, and those that lead to its root, in one PEM file.",
    NONE,
    unless(NONE, parse_path),
    "FILE",
)
TLS_KEY: Final = Setting(
    "tls-key",
    "The key of that certificate, as a PEM file without a passphrase.",
    NONE,
    unless(NONE, parse_path),
    "FILE",
)
DURABILITY: Final = Setting(
    "durability",
    "What a finished push survives: power loss (full), or only a crash of wharf itself (relaxed, faster).",
    Durability.FULL.value,
    one_of(Durability),
    "full|relaxed",
)
GC_INTERVAL: Final = Setting(
    "gc-interval",
    'How often garbage is collected in the background; "never" leaves it to `wharf admin gc`.',
    "6h",
    unless(NEVER, at_least(1.0, "1s", parse_duration)),
    "TIME",
    _TIME,
)
GC_GRACE: Final = Setting(
    "gc-grace",
    "How long garbage collection spares blobs that no manifest names; longer than the longest push.",
    "24h",
    parse_duration,
    "TIME",
    _TIME,
)
GC_UNTAGGED: Final = Setting(
    "gc-untagged",
    'After how long garbage collection takes manifests that no tag, index or subject keeps; "never" keeps them.',
    NEVER,
    unless(NEVER, parse_duration),
    "TIME",
    _TIME,
)
UPLOAD_AGE: Final = Setting(
    "upload-age",
    "How long an unfinished upload can still be resumed.",
    "24h",
    parse_duration,
    "TIME",
    _TIME,
)
STOP_TIMEOUT: Final = Setting(
    "stop-timeout", "How long a graceful stop waits for transfers under way.", "5m", parse_duration, "TIME", _TIME
)
CLIENT_SILENCE: Final = Setting(
    "client-silence",
    "How long a client may be silent in the middle of a request.",
    "60s",
    at_least(1.0, "1s", parse_duration),
    "TIME",
    _TIME,
)
MAX_MANIFEST_BYTES: Final = Setting(
    "max-manifest-bytes",
    "The largest manifest that is taken: at least 4MiB, as the specification asks, and at most 64MiB.",
    "4194304",
    at_least(4 * _MIB, "4MiB", at_most(64 * _MIB, "64MiB", parse_size)),
    "SIZE",
    (str, int),
)
LOG_FORMAT: Final = Setting(
    "log-format",
    "Lines for a person, or JSON objects; auto is human on a terminal.",
    LogFormat.AUTO.value,
    one_of(LogFormat),
    "auto|human|json",
)
TRUSTED_PROXIES: Final = Setting(
    "trusted-proxies",
    "The networks whose proxies are believed when they tell the client's address.",
    "127.0.0.0/8,::1/128",
    parse_networks,
    "NETWORKS",
    (str, list),
)
TABLE: Final[tuple[Setting[object], ...]] = (
    DATA,
    LISTEN,
    WORKERS,
    TLS_CERT,
    TLS_KEY,
    DURABILITY,
    GC_INTERVAL,
    GC_GRACE,
    GC_UNTAGGED,
    UPLOAD_AGE,
    STOP_TIMEOUT,
    CLIENT_SILENCE,
    MAX_MANIFEST_BYTES,
    LOG_FORMAT,
    TRUSTED_PROXIES,
    *ACCOUNTS,
)


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path
    listen: Address
    workers: int
    tls_cert: Path | None
    tls_key: Path | None
    durability: Durability
    gc_interval: float | None
    gc_grace: float
    gc_untagged: float | None
    upload_age: float
    stop_timeout: float
    client_silence: float
    max_manifest_bytes: int
    log_format: LogFormat
    trusted_proxies: tuple[Network, ...]
    open: bool
    public_url: str | None
    metrics_listen: Address | None
    token_life: float
    token_age: float
    signing_key_age: float
    keep_deleted: float
    keep_daily_pulls: float
    webhook_networks: WebhookNetworks


Check = Callable[[Settings, Sources], Iterator[SettingRefused]]


@dataclass(frozen=True, slots=True)
class Use:
    """What the settings are read for: which of them matter, and what must then hold beyond each alone."""

    asked: tuple[Setting[object], ...]
    checks: tuple[Check, ...]


def _open_on_loopback_only(settings: Settings, sources: Sources) -> Iterator[SettingRefused]:
    if settings.open and not settings.listen.is_loopback:
        yield sources.refusal(
            LISTEN,
            f"{settings.listen.host} can be reached from other machines, and while open is true "
            f"({sources.place(OPEN)}) anybody there might do anything",
            "leave open away, and people log in; or listen on 127.0.0.1 or [::1]",
        )


def _tls_files_fit(settings: Settings, sources: Sources) -> Iterator[SettingRefused]:
    """One problem at a time: a file that cannot be read belongs to nothing."""
    certificate, key = settings.tls_cert, settings.tls_key
    if certificate is not None and key is not None:
        yield from islice(_pair_problems(certificate, key, sources), 1)
    elif certificate is not None:
        yield sources.refusal(TLS_CERT, "it is a certificate without its key", "name the key too, as tls-key")
    elif key is not None:
        yield sources.refusal(TLS_KEY, "it is a key without its certificate", "name the certificate too, as tls-cert")


def _pair_problems(certificate: Path, key: Path, sources: Sources) -> Iterator[SettingRefused]:
    for setting, require in (
        (TLS_CERT, partial(require_part, certificate, Part.CERTIFICATE)),
        (TLS_KEY, partial(require_part, key, Part.KEY)),
        (TLS_KEY, partial(require_pair, certificate, key)),
    ):
        try:
            require()
        except Malformed as error:
            yield sources.refusal(setting, error.reason, error.diagnostics().next_step)


def _store_is_there(settings: Settings, sources: Sources) -> Iterator[SettingRefused]:
    """So that a slip of the pen collects nothing, and makes no new store in a wrong place."""
    try:
        Tree(settings.data).blobs.stat()
    except OSError as error:
        reason = f"there is no registry in {settings.data}: {error.strerror}"
        yield sources.refusal(DATA, reason, "name the folder that the registry was started with")


SERVING: Final = Use(TABLE, (_open_on_loopback_only, _tls_files_fit))
COLLECTING: Final = Use((DATA, DURABILITY, GC_GRACE, GC_UNTAGGED, UPLOAD_AGE, KEEP_DELETED), (_store_is_there,))
RETAINING: Final = Use((DATA, DURABILITY, KEEP_DAILY_PULLS), (_store_is_there,))
TENDING: Final = Use((DATA, DURABILITY), (_store_is_there,))


def load_settings(
    flags: Mapping[str, str],
    environ: Mapping[str, str],
    config: Path | None,
    use: Use = SERVING,
    machine: Machine | None = None,
) -> Settings:
    """Raises SettingRefused; where several settings are wrong, an ExceptionGroup of them."""
    machine = machine or Machine.here()
    asked = frozenset(setting.name for setting in use.asked)
    sources = Sources(flags, environ, find_setting_file(config, environ, machine), machine, asked)
    _raise([*sources.unknown(TABLE), *sources.unreadable(use.asked)])
    settings = _read(sources)
    _raise([refusal for check in use.checks for refusal in check(settings, sources)])
    return settings


def _raise(refusals: list[SettingRefused]) -> None:
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise ExceptionGroup("settings", refusals)


def _read(sources: Sources) -> Settings:
    return Settings(
        data=sources.folder(DATA) / sources.read(DATA),
        listen=sources.read(LISTEN),
        workers=sources.read(WORKERS),
        tls_cert=_read_path(sources, TLS_CERT),
        tls_key=_read_path(sources, TLS_KEY),
        durability=sources.read(DURABILITY),
        gc_interval=sources.read(GC_INTERVAL),
        gc_grace=sources.read(GC_GRACE),
        gc_untagged=sources.read(GC_UNTAGGED),
        upload_age=sources.read(UPLOAD_AGE),
        stop_timeout=sources.read(STOP_TIMEOUT),
        client_silence=sources.read(CLIENT_SILENCE),
        max_manifest_bytes=sources.read(MAX_MANIFEST_BYTES),
        log_format=sources.read(LOG_FORMAT),
        trusted_proxies=sources.read(TRUSTED_PROXIES),
        open=sources.read(OPEN),
        public_url=sources.read(PUBLIC_URL),
        metrics_listen=sources.read(METRICS_LISTEN),
        token_life=sources.read(TOKEN_LIFE),
        token_age=sources.read(TOKEN_AGE),
        signing_key_age=sources.read(SIGNING_KEY_AGE),
        keep_deleted=sources.read(KEEP_DELETED),
        keep_daily_pulls=sources.read(KEEP_DAILY_PULLS),
        webhook_networks=sources.read(WEBHOOK_NETWORKS),
    )


def _read_path(sources: Sources, setting: Setting[Path | None]) -> Path | None:
    path = sources.read(setting)
    return None if path is None else sources.folder(setting) / path
