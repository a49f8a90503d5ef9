"""The server process: prepares the stores, starts the workers, collects garbage now and then, stops gracefully."""

import asyncio
import errno
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes, SSLProtocols
from granian.http import HTTP1Settings, HTTP2Settings
from granian.log import LogLevels

from wharf import __version__
from wharf.content.filesystem import FilesystemContent
from wharf.content.reserve import Reserve
from wharf.errors import AddressTaken, SettingRefused
from wharf.metadata.records import ListedRepository
from wharf.registry.app import build_app, build_metadata
from wharf.registry.connections import WAITING, connections_at_once, warn_of_few
from wharf.registry.first_words import Mouth
from wharf.registry.housekeeping import Housekeeper, chores_of
from wharf.registry.metrics import metrics_of
from wharf.registry.server_log import AS_WE_LOG
from wharf.registry.services.clock import system_clock
from wharf.registry.services.identity.first_start import FirstPassword, ensure_administrator
from wharf.registry.services.identity.passwords import Passwords
from wharf.registry.settings import Address, Settings
from wharf.registry.stops import end_with, hear_when_running, keep_from_workers
from wharf.registry.workers import Workers

_log = logging.getLogger("wharf.registry")

_FROM_NOW_ON_PRIVATE = """\
  What is stored here already is private from now on: only administrators get at it. To go on:
    its owner gets members:   wharf admin org create REGISTRY/{owner}
    everybody may pull it:    wharf admin visibility REGISTRY/{name} public
    no accounts, as before:   wharf serve --open

"""

# Pieces of a push are as large as one read; a MiB keeps the number of messages to Python small.
_READ_BUFFER = 1 << 20
_HTTP2 = HTTP2Settings(
    initial_stream_window_size=8 << 20,
    initial_connection_window_size=32 << 20,
    max_frame_size=1 << 20,
    max_headers_size=64 << 10,
    max_concurrent_streams=128,
    keep_alive_interval=30_000,
    keep_alive_timeout=20,
)


def serve(settings: Settings, first_password: str | None = None) -> None:
    """Run until told to stop (SIGTERM, SIGINT); then finish what is under way."""
    _require_free(settings.listen)  # before somebody is shown a password once, and never again
    with metrics_of(settings) as metrics:
        _prepare(settings, first_password)
        held = connections_at_once()
        workers = _workers(settings, held)
        workers.on_startup(partial(_announce, settings, held))
        keep_from_workers()
        housekeeper = Housekeeper(chores_of(settings))
        housekeeper.start()
        try:
            workers.run(partial(_load, settings, os.getpid(), metrics))
        finally:
            housekeeper.stop()
            _log.info("stopped")


def _workers(settings: Settings, held: int) -> Workers:
    return Workers(
        address=settings.listen.host,
        port=settings.listen.port,
        interface=Interfaces.ASGI,
        runtime_mode=RuntimeModes.st if _reads_ahead(settings) else RuntimeModes.mt,
        workers=settings.workers,
        runtime_threads=1 if _reads_ahead(settings) else 2,  # one reads a file while the other sends
        loop=Loops.auto,
        backlog=WAITING,
        backpressure=held,
        http=HTTPModes.auto if settings.tls_cert else HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=_READ_BUFFER, header_read_timeout=_header_patience(settings)),
        http2_settings=_HTTP2,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=AS_WE_LOG,
        ssl_cert=settings.tls_cert,
        ssl_key=settings.tls_key,
        ssl_protocol_min=SSLProtocols.tls12,
        workers_kill_timeout=_stop_seconds(settings),
    )


def _stop_seconds(settings: Settings) -> int:
    return max(1, int(settings.stop_timeout))


def _load(settings: Settings, parent: int, metrics: socket.socket | None, mouth: Mouth) -> Callable[..., Any]:
    """In a worker process: its own stores, its own threads."""
    end_with(parent)
    on_live = partial(hear_when_running, _stop_seconds(settings), then=mouth.tell_that_it_serves)
    app = build_app(settings, reads_ahead=_reads_ahead(settings), on_live=on_live, metrics=metrics)
    Reserve(settings.data).keep()  # not before the database is open: on a disk that is nearly full it needs the room
    return app


def _reads_ahead(settings: Settings) -> bool:
    """Bodies in HTTP/2 frames come over TLS, and are only asked for ahead on one thread: it alone keeps their order."""
    return settings.tls_cert is not None


def _prepare(settings: Settings, first_password: str | None) -> None:
    """Make the folder and bring the schema up to date once, before there are workers to race for it."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        Reserve(settings.data).give_up()
        FilesystemContent(settings.data, settings.durability).close()
        metadata = build_metadata(settings)
    except OSError as error:
        raise _refused_folder(settings.data, error) from error
    try:
        if not settings.open:
            password = asyncio.run(ensure_administrator(metadata, Passwords(), system_clock, first_password))
            if password is not None:
                _welcome(password)
                _tell_what_is_private(asyncio.run(metadata.read(lambda ledger: ledger.catalogue.page(None, "", 1))))
    finally:
        metadata.close()


def _refused_folder(data: Path, error: OSError) -> SettingRefused:
    where = "" if error.filename in {None, str(data)} else f": {error.filename}"
    reason = f"{error.strerror or error}{where}"
    is_theirs = error.errno in {errno.EACCES, errno.EPERM}
    step = "run as whom the folder belongs to, or choose another with --data"
    return SettingRefused(
        "data", str(data), "the file system", reason, step if is_theirs else "choose another with --data"
    )


def _welcome(password: FirstPassword) -> None:
    """Told once, and to whoever started the registry: it goes to the terminal, not into the log."""
    if password.was_made:
        told = f"The first account is admin, its password {password.text}\n  It is not shown again."
        sys.stderr.write(f"\n  {told}\n\n")


def _tell_what_is_private(repositories: Sequence[ListedRepository]) -> None:
    """To somebody whose registry was open until now, and whose machines are about to be refused."""
    for each in repositories:
        sys.stderr.write(_FROM_NOW_ON_PRIVATE.format(name=each.name, owner=each.name.owner or "team"))


def _require_free(address: Address) -> None:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise AddressTaken(str(address)) from error
            raise SettingRefused(
                "listen", str(address), "the system", error.strerror or str(error), "choose another with --listen"
            ) from error


def _header_patience(settings: Settings) -> int:
    return min(60_000, max(1, int(settings.client_silence * 1000)))


def _announce(settings: Settings, held: int) -> None:
    warn_of_few(held)
    scheme = "https" if settings.tls_cert else "http"
    _log.info("wharf %s serves %s://%s, data in %s", __version__, scheme, settings.listen, settings.data)
    if not settings.open:
        _log.info("accounts: log in with `docker login` or `wharf login` (pid %d)", os.getpid())
        return
    _log.info("open: anybody who reaches this address may read, write and delete (pid %d)", os.getpid())
