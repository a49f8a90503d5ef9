"""A line that is secured from here on, and closed if that fails.

Python's own socket for TLS takes the plain one over before it looks whether the other side is still there. Where that
one has hung up in between, it gives up and leaves what it took open, in nobody's hands.
"""

import errno
import os
import socket
import ssl


def over_tls(
    plain: socket.socket, context: ssl.SSLContext, host: str | bytes, *, with_handshake: bool = True
) -> ssl.SSLSocket:
    """Takes the plain line over, whatever becomes of it. Raises OSError."""
    context.sslsocket_class = ClosedWhenLeft
    name = host if isinstance(host, bytes) else host.encode("idna")
    return context.wrap_socket(plain, server_hostname=name, do_handshake_on_connect=with_handshake)


class ClosedWhenLeft(ssl.SSLSocket):
    """The one moment that the library's own forgets: the other side is asked for, and is no longer there."""

    def getpeername(self) -> object:
        try:
            return super().getpeername()
        except OSError as problem:
            self.close()
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET)) from problem
