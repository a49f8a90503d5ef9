"""The line to an origin: straight, or through the proxy that the environment names, with nothing said on it yet."""

import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

from wharf.client.origin import Origin
from wharf.client.proxy import Proxy
from wharf.client.settings import ClientSettings
from wharf.doctor.reach.connecting import connected
from wharf.errors import SettingRefused

_LONGEST_HEAD: Final = 64 * 1024


class ProxyAnswer(NamedTuple):
    """To CONNECT. `status` 0: what came was no HTTP. `silent`: nothing came."""

    status: int
    silent: bool = False


def proxy_on(origin: Origin, settings: ClientSettings) -> Proxy | None:
    """One that cannot be used is as good as none: that it is so is another finding."""
    try:
        return settings.proxies.proxy_for(origin)
    except SettingRefused:
        return None


@contextlib.contextmanager
def line_to(origin: Origin, settings: ClientSettings, seconds: float) -> Iterator[socket.socket]:
    """Raises OSError where it does not come about."""
    proxy = proxy_on(origin, settings)
    place = (proxy.host, proxy.port) if proxy else (origin.host, origin.port)
    with connected(*place, seconds) as connection:
        if proxy is not None:
            answer = asked_to_connect(connection, origin, proxy, seconds)
            if answer.status != 200:
                raise ConnectionRefusedError(f"the proxy answered {answer.status}")
        yield connection


def asked_to_connect(connection: socket.socket, origin: Origin, proxy: Proxy, seconds: float) -> ProxyAnswer:
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    target = f"{host}:{origin.port}"
    authorization = f"Proxy-Authorization: {proxy.authorization}\r\n" if proxy.authorization else ""
    head = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n"
    connection.sendall(head.encode("latin-1"))
    said = _read_head(connection, time.monotonic() + seconds)
    words = said.split(b"\r\n", 1)[0].split(b" ")
    is_http = words[0].startswith(b"HTTP/1.") and len(words) > 1 and words[1].isdigit()
    return ProxyAnswer(int(words[1][:3]) if is_http else 0, silent=not said)


def _read_head(connection: socket.socket, deadline: float) -> bytes:
    """Byte by byte: what follows belongs to whoever is behind the proxy."""
    head = bytearray()
    while not head.endswith(b"\r\n\r\n") and len(head) < _LONGEST_HEAD:
        if time.monotonic() > deadline:
            raise TimeoutError
        byte = connection.recv(1)
        if not byte:
            break
        head += byte
        if len(head) == 5 and head != b"HTTP/":
            break
    return bytes(head)
