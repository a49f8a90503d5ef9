"""A root, an authority below it, and a server's certificate: sent whole, or without what stands in between."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from tests.client.certificates import Identity


@dataclass(frozen=True)
class Chain:
    """`root` in PEM form, `between` as it is fetched."""

    folder: Path
    root: bytes
    key: EllipticCurvePrivateKey
    middle: x509.Certificate

    @classmethod
    def create(cls, folder: Path, house: str = "Acme Works") -> Self:
        folder.mkdir(parents=True)
        root_key, key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
        root_name, name = _named(house, "Acme Root"), _named(house, "Acme Issuing")
        root = _authority(root_name, root_name, root_key, root_key, path_length=1)
        middle = _authority(root_name, name, root_key, key, path_length=0)
        return cls(folder, root.public_bytes(Encoding.PEM), key, middle)

    @property
    def between(self) -> bytes:
        return self.middle.public_bytes(Encoding.DER)

    def alone(self, issuer_at: str = "") -> Identity:
        return self._issued(issuer_at, b"")

    def whole(self) -> Identity:
        return self._issued("", ssl.DER_cert_to_PEM_cert(self.between).encode())

    def _issued(self, issuer_at: str, more: bytes) -> Identity:
        key = generate_private_key(SECP256R1())
        builder = _builder(self.middle.subject, _named("Acme Works", "registry"), key)
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        builder = builder.add_extension(names, critical=False)
        if issuer_at:
            place = x509.UniformResourceIdentifier(issuer_at)
            told = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
            builder = builder.add_extension(x509.AuthorityInformationAccess([told]), critical=False)
        identity = Identity(self.folder / "server.cert", self.folder / "server.key")
        signed = builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)
        identity.certificate.write_bytes(signed + more)
        identity.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return identity


def _authority(
    issuer: x509.Name,
    subject: x509.Name,
    signing: EllipticCurvePrivateKey,
    key: EllipticCurvePrivateKey,
    *,
    path_length: int,
) -> x509.Certificate:
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    return _builder(issuer, subject, key).add_extension(constraints, critical=True).sign(signing, hashes.SHA256())


def _builder(issuer: x509.Name, subject: x509.Name, key: EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
    return builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=3))


def _named(house: str, name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, house), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
