"""How a connection begins: by the straight way or through a proxy, and under TLS where the origin says so."""

import contextlib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Final

from wharf.client.line.over_tls import over_tls
from wharf.client.line.tls import Papers, TlsContexts, bare_context
from wharf.client.line.workers import Watch
from wharf.client.origin import Origin, is_loopback
from wharf.client.proxy import Proxy
from wharf.client.settings import ClientSettings
from wharf.errors import Unreachable

_LONGEST_PROXY_HEAD: Final = 64 * 1024
_HANDSHAKE: Final = 0x16
_ALERT: Final = 0x15
_PATIENCE_WITH_A_GREETING: Final = 3.0
_PATIENCE_WITH_THIS_MACHINE: Final = 1.0


class Dialler:
    """Opens sockets. Every one is guarded by the watch of the work that it is opened for."""

    def __init__(self, settings: ClientSettings) -> None:
        self._settings = settings
        self._contexts = TlsContexts(settings)

    def proxy_for(self, origin: Origin) -> Proxy | None:
        return self._settings.proxies.proxy_for(origin)

    def papers_for(self, origin: Origin) -> Papers:
        return self._contexts.papers_for(origin)

    def dial(self, origin: Origin, watch: Watch) -> socket.socket:
        """Raises OSError where nobody answers, and TlsRefused or PlainHttp."""
        if not origin.is_secure:
            return self._open(origin, watch)
        try:
            return self._secured(origin, self._contexts.context_for(origin), watch)
        except ssl.SSLError as problem:
            from wharf.client.line.tls_refusal import refusal_of  # noqa: PLC0415 - start-up time

            if watch.stopped:
                raise
            papers = self._contexts.papers_for(origin)
            raise refusal_of(origin, problem, papers, self._again(origin, watch)) from problem

    def speaks_tls(self, origin: Origin, watch: Watch) -> bool:
        """Greets as TLS does, and looks only at the first byte that comes back. Raises OSError if nobody is there."""
        sock = self._open(origin, watch)
        with contextlib.closing(sock):
            here = is_loopback(origin.host)
            sock.settimeout(_PATIENCE_WITH_THIS_MACHINE if here else _PATIENCE_WITH_A_GREETING)
            try:
                sock.sendall(_greeting(origin.host))
                answer = sock.recv(1)
            except OSError:
                return False
            finally:
                watch.release()
        return answer[:1] in {bytes([_HANDSHAKE]), bytes([_ALERT])}

    def _again(self, origin: Origin, watch: Watch) -> Callable[[ssl.SSLContext], ssl.SSLSocket]:
        return lambda context: self._secured(origin, context, watch)

    def _secured(self, origin: Origin, context: ssl.SSLContext, watch: Watch) -> ssl.SSLSocket:
        plain = self._open(origin, watch)
        with _closed_on_error(plain):
            secured = over_tls(plain, context, _spoken(origin.host), with_handshake=False)
        with _closed_on_error(secured):
            watch.guard(secured)
            secured.settimeout(self._settings.timeouts.connect)
            secured.do_handshake()
        return secured

    def _open(self, origin: Origin, watch: Watch) -> socket.socket:
        proxy = self.proxy_for(origin)
        if proxy is None:
            return self._connect(origin.host, origin.port, watch)
        try:
            sock = self._connect(proxy.host, proxy.port, watch)
        except OSError as problem:
            raise _no_proxy(origin, proxy, str(problem.strerror or "no answer")) from problem
        if origin.is_secure:
            with _closed_on_error(sock):
                _tunnel(sock, origin, proxy, time.monotonic() + self._settings.timeouts.connect)
        return sock

    def _connect(self, host: str, port: int, watch: Watch) -> socket.socket:
        """To the first of the host's addresses that answers."""
        last: OSError | None = None
        for family, kind, protocol, _, address in socket.getaddrinfo(_spoken(host), port, type=socket.SOCK_STREAM):
            sock = socket.socket(family, kind, protocol)
            try:
                with _closed_on_error(sock):
                    watch.guard(sock)
                    sock.settimeout(self._settings.timeouts.connect)
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    sock.connect(address)
                    return sock
            except OSError as problem:
                last = problem
        raise last or OSError("the name has no address")


def _spoken(host: str) -> bytes:
    """A host as it goes over the wire. For a text Python would first load the rules for names in all scripts."""
    return host.encode("ascii")


def _tunnel(sock: socket.socket, origin: Origin, proxy: Proxy, deadline: float) -> None:
    """CONNECT: from here on the proxy hands bytes to and fro."""
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    target = f"{host}:{origin.port}"
    authorization = f"Proxy-Authorization: {proxy.authorization}\r\n" if proxy.authorization else ""
    try:
        sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n".encode("latin-1"))
        status_line = _read_head(sock, deadline).split(b"\r\n", 1)[0].decode("latin-1")
    except OSError as problem:
        raise _no_proxy(origin, proxy, problem.strerror or "no answer") from problem
    status = status_line.split(" ")[1:2]
    if not status_line.startswith("HTTP/1.") or status != ["200"]:
        raise _refused_by_proxy(origin, proxy, status_line)


def _read_head(sock: socket.socket, deadline: float) -> bytes:
    """Byte by byte: what follows the head belongs to the other side of the tunnel."""
    head = bytearray()
    while not head.endswith(b"\r\n\r\n"):
        if time.monotonic() > deadline:
            raise TimeoutError
        byte = sock.recv(1)
        if not byte or len(head) > _LONGEST_PROXY_HEAD:
            break
        head += byte
    return bytes(head)


def _greeting(host: str) -> bytes:
    """The first thing that TLS says to a host."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    talk = bare_context().wrap_bio(incoming, outgoing, server_hostname=_spoken(host))
    with contextlib.suppress(ssl.SSLWantReadError):
        talk.do_handshake()
    return outgoing.read()


@contextlib.contextmanager
def _closed_on_error(sock: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        sock.close()
        raise


def _no_proxy(origin: Origin, proxy: Proxy, reason: str) -> Unreachable:
    return Unreachable(
        origin.authority,
        f"the proxy {proxy} does not answer: {reason}",
        evidence=[f"proxy: {proxy}, from the environment"],
        next_step="look at HTTPS_PROXY and HTTP_PROXY, or leave this host out of it: NO_PROXY",
    )


def _refused_by_proxy(origin: Origin, proxy: Proxy, status_line: str) -> Unreachable:
    wants_login = " 407" in status_line
    advice = "give the proxy its credentials: HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT"
    other = f"ask who runs the proxy to let {origin.authority} through, or leave it out of the proxy: NO_PROXY"
    return Unreachable(
        origin.authority,
        f"the proxy {proxy} {'asks for a login' if wants_login else 'does not let us through'}",
        evidence=[f"it said: {status_line[:100]!a}"],
        next_step=advice if wants_login else other,
    )
