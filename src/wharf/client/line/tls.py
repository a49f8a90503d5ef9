"""Whom this machine believes: the certificates it has for a host, gathered where Docker and containers keep them.

    certs.d/<host>/ or certs.d/<host>:<port>/
        *.crt               certificates of authorities, besides those of the system
        name.cert, name.key a certificate of one's own and its key, for registries that ask who connects

The folder is called as the registry is written; for the usual port with or without it.
"""

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from wharf.client.origin import Origin, is_named_insecure
from wharf.client.settings import ClientSettings
from wharf.errors import TlsRefused


class Pair(NamedTuple):
    """A certificate of one's own, and its key."""

    certificate: Path
    key: Path


class Papers(NamedTuple):
    """What was found for one host. `looked_in`: the folders that could have held more."""

    authorities: tuple[Path, ...] = ()
    pairs: tuple[Pair, ...] = ()
    looked_in: tuple[Path, ...] = ()


class TlsContexts:
    """Made when a host is first spoken to; hosts with the same papers share one. Used from many threads.

    To read the authorities of the system takes as long as a whole conversation.
    """

    def __init__(self, settings: ClientSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._contexts: dict[tuple[object, ...], ssl.SSLContext] = {}

    def context_for(self, origin: Origin) -> ssl.SSLContext:
        papers = self.papers_for(origin)
        is_insecure = is_named_insecure(origin, self._settings.insecure)
        kind = (papers.authorities, papers.pairs, is_insecure)
        with self._lock:
            if kind not in self._contexts:
                self._contexts[kind] = self._make(origin, papers, is_insecure=is_insecure)
            return self._contexts[kind]

    def papers_for(self, origin: Origin) -> Papers:
        return find_papers(origin, self._settings)

    def _make(self, origin: Origin, papers: Papers, *, is_insecure: bool) -> ssl.SSLContext:
        context = bare_context()
        if is_insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        else:
            _trust(context, origin, papers, self._settings)
        for pair in papers.pairs[:1]:
            _present(context, origin, pair)
        return context


def bare_context() -> ssl.SSLContext:
    """It believes nobody yet. As in Go, only alternative names count, and a listed certificate needs no issuer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.set_alpn_protocols(["http/1.1"])
    return context


def find_papers(origin: Origin, settings: ClientSettings) -> Papers:
    names = _folder_names(origin, settings.platform)
    files = [path for base in settings.certs_folders for name in names for path in _files_in(base / name, origin)]
    return Papers(
        authorities=(*settings.ca_files, *(path for path in files if path.suffix == ".crt")),
        pairs=tuple(_pairs(files, origin)),
        looked_in=tuple(base / names[0] for base in settings.certs_folders),
    )


def _folder_names(origin: Origin, platform: str) -> tuple[str, ...]:
    """As it is called without the usual port, and with it. Windows allows no colon; Docker leaves it out there."""
    bare = origin.authority.removesuffix(f":{origin.port}")
    names = dict.fromkeys((origin.authority, f"{bare}:{origin.port}"))
    return tuple(name.replace(":", "") if platform == "win32" else name for name in names)


def _files_in(folder: Path, origin: Origin) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as problem:
        raise _unreadable(origin, folder, problem) from problem


def _pairs(files: list[Path], origin: Origin) -> Iterator[Pair]:
    present = set(files)
    for path in files:
        if path.suffix == ".cert":
            key = path.with_suffix(".key")
            if key not in present:
                raise _half_a_pair(origin, f"missing key {key.name} for client certificate {path.name}", path.parent)
            yield Pair(path, key)
        elif path.suffix == ".key" and path.with_suffix(".cert") not in present:
            missing = path.with_suffix(".cert").name
            raise _half_a_pair(origin, f"missing client certificate {missing} for key {path.name}", path.parent)


def _trust(context: ssl.SSLContext, origin: Origin, papers: Papers, settings: ClientSettings) -> None:
    file, folder = settings.environ.get("SSL_CERT_FILE"), settings.environ.get("SSL_CERT_DIR")
    if file or folder:
        _load(context, origin, Path(file) if file else None, Path(folder) if folder else None)
    else:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    for path in papers.authorities:
        _load(context, origin, path)


def _load(context: ssl.SSLContext, origin: Origin, file: Path | None, folder: Path | None = None) -> None:
    try:
        context.load_verify_locations(file, folder)
    except ssl.SSLError as problem:
        raise TlsRefused(
            origin.authority,
            "a file of certificates cannot be used",
            evidence=[f"file: {file}", "it holds no certificate in PEM form"],
            next_step=f"put a certificate in PEM form (-----BEGIN CERTIFICATE-----) there, or remove {file}",
        ) from problem
    except OSError as problem:
        raise _unreadable(origin, file or Path(), problem) from problem


def _present(context: ssl.SSLContext, origin: Origin, pair: Pair) -> None:
    try:
        # Without a password: else OpenSSL asks for one on the terminal, in the middle of everything.
        context.load_cert_chain(pair.certificate, pair.key, password=lambda: b"")
    except ssl.SSLError as problem:
        raise TlsRefused(
            origin.authority,
            "the client certificate cannot be used",
            evidence=[f"certificate: {pair.certificate}", f"key: {pair.key}", str(problem.reason or "not in PEM form")],
            next_step="make sure that the key belongs to the certificate, is in PEM form and has no password",
        ) from problem
    except OSError as problem:
        raise _unreadable(origin, pair.key, problem) from problem


def _half_a_pair(origin: Origin, reason: str, folder: Path) -> TlsRefused:
    return TlsRefused(
        origin.authority,
        reason,
        evidence=[f"folder: {folder}"],
        next_step="put the missing file beside it; certificates of authorities have names that end in .crt",
    )


def _unreadable(origin: Origin, path: Path, problem: OSError) -> TlsRefused:
    return TlsRefused(
        origin.authority,
        "a file of certificates cannot be read",
        evidence=[f"path: {path}", problem.strerror or type(problem).__name__],
        next_step=f"make {path} readable for the account that runs wharf",
    )
