"""Why a TLS connection did not come about, in the words of whoever has to mend it.

OpenSSL says little more than a number. So the certificate in question is fetched again, over a connection on which
nothing is said, and read: whose it is, for which names, until when.
"""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from wharf.client.line.tls import Papers, bare_context
from wharf.client.origin import Origin
from wharf.errors import PlainHttp, RemoteProblem, TlsRefused, Unreachable, shown

Handshake = Callable[[ssl.SSLContext], ssl.SSLSocket]
"""A new connection to the same place, with this context; whoever calls it closes the socket."""

_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
_UNKNOWN_ISSUER: Final = frozenset({2, 18, 19, 20, 21, 27, 28})
_WRONG_NAME: Final = frozenset({62, 64})
_IGNORE_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which the ssl module has no name for

_NOT_TLS: Final = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE", "PACKET_LENGTH")
_WANTS_CERTIFICATE: Final = ("CERTIFICATE_REQUIRED",)
_REFUSES_CERTIFICATE: Final = ("ALERT_BAD_CERTIFICATE", "ALERT_UNKNOWN_CA", "ALERT_CERTIFICATE_", "ALERT_ACCESS_DENIED")
_TOO_OLD: Final = ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a server's certificate says of itself."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    begins: str
    ends: str


def refusal_of(origin: Origin, problem: ssl.SSLError, papers: Papers, handshake: Handshake) -> RemoteProblem:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return _unbelieved(origin, problem, papers, certificate_shown(handshake))
    reason = problem.reason or ""
    if isinstance(problem, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Unreachable(origin.authority, "it hung up during the TLS greeting")
    if _holds(reason, _NOT_TLS):
        return PlainHttp(origin.authority)
    return client_side_refusal(origin, problem, papers)


def client_side_refusal(origin: Origin, problem: ssl.SSLError, papers: Papers) -> TlsRefused:
    """The server hung up on us. In TLS 1.3 this is learnt only when its answer is read."""
    reason = problem.reason or str(problem)
    said = [f"TLS said: {shown(reason.lower().replace('_', ' '))}"]
    mine = [f"shown to it: {papers.pairs[0].certificate}"] if papers.pairs else ["no certificate was shown to it"]
    if _holds(reason, _REFUSES_CERTIFICATE + _WANTS_CERTIFICATE) or (papers.pairs and "HANDSHAKE_FAILURE" in reason):
        cause = "it does not accept the client certificate" if papers.pairs else "it asks for a client certificate"
        return TlsRefused(origin.authority, cause, evidence=[*said, *mine], next_step=_where_to_put_a_pair(origin))
    if _holds(reason, _TOO_OLD):
        return TlsRefused(
            origin.authority,
            "it speaks no version of TLS that is still safe",
            evidence=[*said, "wharf speaks TLS 1.2 and 1.3"],
            next_step="ask its operator to switch on TLS 1.2 or 1.3",
        )
    cause = "it breaks the greeting off, as servers do that miss a client certificate"
    advice = f"{_where_to_put_a_pair(origin)}, if it asks for one; else ask its operator which TLS it speaks"
    return TlsRefused(origin.authority, cause, evidence=[*said, *mine], next_step=advice)


def certificate_shown(handshake: Handshake) -> Certificate | None:
    """Read without believing it. The ssl module reads only what it has verified: so it is made its own authority."""
    try:
        believing_all = bare_context()
        believing_all.check_hostname = False
        believing_all.verify_mode = ssl.CERT_NONE
        with handshake(believing_all) as connection:
            raw = connection.getpeercert(binary_form=True)
        believing_this = bare_context()
        believing_this.check_hostname = False
        believing_this.verify_flags |= _IGNORE_TIME
        believing_this.load_verify_locations(cadata=raw or b"")
        with handshake(believing_this) as connection:
            return _read(connection.getpeercert() or {})
    except (OSError, ValueError, RemoteProblem):
        return None


def _read(facts: Mapping[str, object]) -> Certificate:
    names = facts.get("subjectAltName", ())
    return Certificate(
        subject=_name(facts.get("subject")),
        issuer=_name(facts.get("issuer")),
        names=tuple(shown(str(value)) for _, value in names) if isinstance(names, tuple) else (),
        begins=shown(str(facts.get("notBefore", ""))),
        ends=shown(str(facts.get("notAfter", ""))),
    )


def _name(parts: object) -> str:
    """`CN=registry.local, O=Example`"""
    pairs = [pair for group in parts for pair in group] if isinstance(parts, tuple) else []
    short = {"commonName": "CN", "organizationName": "O", "organizationalUnitName": "OU", "countryName": "C"}
    return shown(", ".join(f"{short.get(key, key)}={value}" for key, value in pairs)) or "nobody"


def _unbelieved(
    origin: Origin, problem: ssl.SSLCertVerificationError, papers: Papers, found: Certificate | None
) -> TlsRefused:
    code = problem.verify_code
    if code in _WRONG_NAME:
        return _wrong_name(origin, found)
    if code in {_EXPIRED, _NOT_YET_VALID}:
        return _wrong_time(origin, found, expired=code == _EXPIRED)
    if code in _UNKNOWN_ISSUER:
        return _unknown_issuer(origin, papers, found)
    reason = shown(problem.verify_message or "its certificate is not valid")
    return TlsRefused(
        origin.authority, reason, evidence=_about(found), next_step="ask its operator for a valid certificate"
    )


def _wrong_name(origin: Origin, found: Certificate | None) -> TlsRefused:
    kind = "IP" if _is_address(origin.host) else "DNS"
    if found is not None and not found.names:
        reason = "its certificate has no alternative names (SAN); the common name alone is not believed any more"
    elif kind == "IP":
        reason = f"its certificate is not valid for the address {origin.host}: it has no such IP SAN"
    else:
        reason = f"its certificate is not valid for {origin.host}"
    names = [f"it is valid for: {', '.join(found.names[:10]) or 'no name at all'}"] if found else []
    return TlsRefused(
        origin.authority,
        reason,
        evidence=[*names, *_about(found)],
        next_step=f"issue it again with the SAN {kind}:{origin.host}, or use a name that it is valid for",
    )


def _wrong_time(origin: Origin, found: Certificate | None, *, expired: bool) -> TlsRefused:
    reason = "its certificate has expired" if expired else "its certificate is not valid yet"
    return TlsRefused(
        origin.authority,
        reason,
        evidence=[f"valid from {found.begins} until {found.ends}" if found else "", f"this machine's clock: {_now()}"],
        next_step=f"{'renew the certificate' if expired else 'wait'}, or set the clock of this machine if it is wrong",
    )


def _unknown_issuer(origin: Origin, papers: Papers, found: Certificate | None) -> TlsRefused:
    itself = found is not None and found.issuer == found.subject
    reason = "its certificate is signed by itself" if itself else "its certificate is signed by an unknown authority"
    known = [f"known besides the system's: {path}" for path in papers.authorities]
    folder = papers.looked_in[0] if papers.looked_in else f"/etc/docker/certs.d/{origin.authority}"
    what = "that certificate" if itself else "the certificate of the authority, with any in between,"
    looked = f"looked in: {', '.join(map(str, papers.looked_in)) or 'no certs.d'}"
    return TlsRefused(
        origin.authority,
        reason,
        evidence=[*_about(found), *known, looked],
        next_step=f"put {what} into {folder}/ca.crt, or name it: --ca-file FILE",
    )


def _about(found: Certificate | None) -> list[str]:
    return [f"subject: {found.subject}", f"issuer: {found.issuer}"] if found else []


def _where_to_put_a_pair(origin: Origin) -> str:
    return f"put client.cert and client.key into /etc/docker/certs.d/{origin.authority}/"


def _holds(reason: str, fragments: tuple[str, ...]) -> bool:
    return any(fragment in reason for fragment in fragments)


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _now() -> str:
    from datetime import UTC, datetime  # noqa: PLC0415 - start-up time

    return datetime.now(UTC).strftime("%b %d %H:%M:%S %Y GMT")
