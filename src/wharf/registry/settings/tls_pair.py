"""A certificate and its key, as two PEM files: can they be read, and do they belong together?"""

import ssl
from enum import Enum
from pathlib import Path
from typing import Final

from wharf.errors import Malformed

_RSA_BITS: Final = {2048, 3072, 4096}
_CURVES: Final = {"secp256r1", "secp384r1"}
_SPOKEN: Final = "RSA of 2048, 3072 or 4096 bits, ECDSA on P-256 or P-384, or Ed25519"


class Part(Enum):
    """What each file must hold, as PEM names it."""

    CERTIFICATE = "-----BEGIN CERTIFICATE-----"
    KEY = "PRIVATE KEY-----"


def require_part(path: Path, part: Part) -> None:
    """Raises Malformed unless the file can be read and holds that part."""
    try:
        text = path.read_text("ascii", "replace")
    except OSError as error:
        step = "name a file that this user can read"
        raise Malformed(str(path), f"the file cannot be read: {error.strerror}", next_step=step) from error
    if part.value not in text:
        noun = part.name.lower()
        raise Malformed(str(path), f"the file holds no {noun} in PEM form", next_step=f"name the {noun}'s PEM file")
    if part is Part.KEY and "ENCRYPTED" in text:
        step = f"take its passphrase off: openssl pkey -in {path} -out NEW, and name NEW"
        raise Malformed(str(path), "the key is encrypted, and nobody is there to type its passphrase", next_step=step)


def require_pair(certificate: Path, key: Path) -> None:
    """Raises Malformed unless this is the certificate's own key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, password=lambda: b"")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            reason = f"this key does not belong to the certificate {certificate}"
        else:
            reason = f"key and certificate {certificate} cannot be loaded: {error.args[-1]}"
        step = f"compare `openssl x509 -in {certificate} -noout -pubkey` with `openssl pkey -in {key} -pubout`"
        raise Malformed(str(key), reason, next_step=step) from error
    require_spoken(key)


def require_spoken(key: Path) -> None:
    """Raises Malformed unless the server can speak TLS with a key of this kind. OpenSSL knows more kinds."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - start-up time: few have a key
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415 - as above

    match serialization.load_pem_private_key(key.read_bytes(), password=None):
        case ed25519.Ed25519PrivateKey():
            return
        case rsa.RSAPrivateKey(key_size=bits) if bits in _RSA_BITS:
            return
        case ec.EllipticCurvePrivateKey(curve=curve) if curve.name in _CURVES:
            return
    step = f"have a certificate made for a key of one of these kinds: {_SPOKEN}"
    raise Malformed(str(key), "the server cannot speak TLS with a key of this kind", next_step=step)
