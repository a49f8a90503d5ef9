"""Whether a server is believed: by the authorities of the system, by those in a file, and whether it believes us."""

import ssl
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Final

from wharf.client.line.over_tls import over_tls
from wharf.client.line.tls import Pair, bare_context
from wharf.client.origin import Origin
from wharf.client.settings import ClientSettings
from wharf.doctor.reach.certificate import Certificate, read_certificate

_IGNORE_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which the ssl module has no name for
_UNKNOWN_ISSUER: Final = frozenset({2, 18, 19, 20, 21, 27, 28})
_MOST_SAID: Final = 4096

Line = Callable[[], AbstractContextManager[socket]]
"""Opens a new connection to the server."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What came of one handshake, and of one question after it. `leaf`: the certificate that was shown."""

    refused: ssl.SSLError | None = None
    said: bytes = b""
    leaf: Certificate | None = None
    broke_off: bool = False
    """The connection was ended in the middle, without a word of TLS."""

    @property
    def is_unbelieved(self) -> bool:
        return isinstance(self.refused, ssl.SSLCertVerificationError) and self.refused.verify_code in _UNKNOWN_ISSUER

    @property
    def is_believed(self) -> bool:
        """Alerts come from the other side, after it was believed."""
        return (self.refused is None and not self.broke_off) or "ALERT" in self.reason

    @property
    def reason(self) -> str:
        return (self.refused.reason or "") if self.refused else ""


def context_of_system(settings: ClientSettings) -> ssl.SSLContext:
    """The authorities of the system and those named on the command line: not those in folders for single hosts."""
    context = _looking_at_the_chain_alone()
    file, folder = settings.environ.get("SSL_CERT_FILE"), settings.environ.get("SSL_CERT_DIR")
    if file or folder:
        context.load_verify_locations(file or None, folder or None)
    else:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    for path in settings.ca_files:
        context.load_verify_locations(path)
    return context


def context_of_files(files: Iterable[Path]) -> ssl.SSLContext | None:
    """None if none of them holds a certificate. Raises OSError for one that cannot be read."""
    context, found = _looking_at_the_chain_alone(), False
    for path in files:
        text = path.read_bytes()
        try:
            context.load_verify_locations(cadata=text.decode("ascii"))
            found = True
        except (ssl.SSLError, ValueError):
            continue
    return context if found else None


def context_of_nobody(pair: Pair | None = None) -> ssl.SSLContext:
    """It believes everybody, and shows them this. It is for looking, and nothing of value is said over it."""
    context = _looking_at_the_chain_alone()
    context.verify_mode = ssl.CERT_NONE
    if pair is not None:
        context.load_cert_chain(pair.certificate, pair.key, password=lambda: b"")
    return context


def talked(line: Line, origin: Origin, context: ssl.SSLContext, ask: bytes = b"") -> Talk:
    """Raises OSError where no connection comes about; what TLS says against it is an answer."""
    leaf: Certificate | None = None
    with line() as plain:
        try:
            with over_tls(plain, context, origin.host) as secured:
                leaf = read_certificate(secured.getpeercert(binary_form=True) or b"")
                if not ask:
                    return Talk(leaf=leaf)
                secured.sendall(ask)
                return Talk(said=secured.recv(_MOST_SAID), leaf=leaf)
        except ssl.SSLError as problem:
            return Talk(problem, leaf=leaf)
        except ConnectionError:
            return Talk(leaf=leaf, broke_off=True)


def certificates_in(path: Path) -> tuple[Certificate, ...]:
    """Those of a file in PEM form; nothing where there are none."""
    try:
        text = path.read_bytes()[: 1024 * 1024].decode("ascii", "replace")
    except OSError:
        return ()
    found = []
    for block in text.split(_BEGIN)[1:]:
        try:
            raw = ssl.PEM_cert_to_DER_cert(_BEGIN + block.partition(_END)[0] + _END)
        except ValueError:
            continue
        found.append(read_certificate(raw))
    return tuple(each for each in found if each is not None)


_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"


def _looking_at_the_chain_alone() -> ssl.SSLContext:
    """Names and dates are judged from the certificate itself, by the clock of the scene."""
    context = bare_context()
    context.check_hostname = False
    context.verify_flags |= _IGNORE_TIME
    return context
