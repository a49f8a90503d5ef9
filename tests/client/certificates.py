"""Certificates for tests: an authority of one's own, and what it signs, right or wrong on purpose."""

import ipaddress
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wharf.client.line.over_tls import ClosedWhenLeft


@dataclass(frozen=True)
class Identity:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path

    def server_context(self, clients_signed_by: Path | None = None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        if clients_signed_by is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients_signed_by)
        return context


def taking_in_tls(context: ssl.SSLContext, accepted: socket.socket) -> ssl.SSLSocket:
    context.sslsocket_class = ClosedWhenLeft
    return context.wrap_socket(accepted, server_side=True)


def listening_in_tls(context: ssl.SSLContext, listener: socket.socket) -> ssl.SSLSocket:
    """Every connection that it takes is secured."""
    secured = context.wrap_socket(listener, server_side=True)
    context.sslsocket_class = ClosedWhenLeft
    return secured


@dataclass(frozen=True)
class Authority:
    folder: Path
    key: EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def create(cls, folder: Path, name: str = "Test Authority") -> Self:
        folder.mkdir(parents=True, exist_ok=True)
        key = generate_private_key(SECP256R1())
        subject = _named(name)
        builder = _builder(subject, subject, key, timedelta(days=-1), timedelta(days=30))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        certificate = builder.add_extension(_usage(authority=True), critical=True).sign(key, hashes.SHA256())
        (folder / "ca.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
        return cls(folder, key, certificate)

    @property
    def file(self) -> Path:
        return self.folder / "ca.crt"

    def issue(
        self,
        *names: str,
        common_name: str = "registry.test",
        begins: timedelta = timedelta(hours=-1),
        ends: timedelta = timedelta(days=7),
        for_clients: bool = False,
    ) -> Identity:
        key = generate_private_key(SECP256R1())
        builder = _builder(_named(common_name), self.certificate.subject, key, begins, ends)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(authority=False), critical=True)
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH if for_clients else ExtendedKeyUsageOID.SERVER_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(_names(names)), critical=False)
        return _written(self.folder, key, builder.sign(self.key, hashes.SHA256()))


def self_signed(folder: Path, *names: str) -> Identity:
    key = generate_private_key(SECP256R1())
    subject = _named("self.test")
    builder = _builder(subject, subject, key, timedelta(hours=-1), timedelta(days=7))
    builder = builder.add_extension(x509.SubjectAlternativeName(_names(names)), critical=False)
    return _written(folder, key, builder.sign(key, hashes.SHA256()))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, begins: timedelta, ends: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now + begins).not_valid_after(now + ends)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _names(names: Sequence[str]) -> list[x509.GeneralName]:
    return [x509.IPAddress(ipaddress.ip_address(n)) if n[0].isdigit() else x509.DNSName(n) for n in names]


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _written(folder: Path, key: EllipticCurvePrivateKey, certificate: x509.Certificate) -> Identity:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{certificate.serial_number:x}"
    identity = Identity(folder / f"{name}.cert", folder / f"{name}.key")
    identity.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    identity.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return identity
