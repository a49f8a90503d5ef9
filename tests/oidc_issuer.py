"""An issuer of identities as GitHub and GitLab are one: a server on loopback with a discovery and a JWKS document.

Its keys can be changed under whoever remembers them, and it can be made to lie, to be slow, and to say too much.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from wharf.registry.services.clock import Clock, system_clock

DISCOVERY = "/.well-known/openid-configuration"
AUDIENCE = "registry.example"
SUBJECT = "repo:crew/app:ref:refs/heads/main"

SecretKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class IssuersKey:
    name: str
    algorithm: str
    secret: SecretKey

    @classmethod
    def new(cls, name: str, algorithm: str = "ES256", bits: int = 2048) -> "IssuersKey":
        match algorithm:
            case "ES256":
                return cls(name, algorithm, ec.generate_private_key(ec.SECP256R1()))
            case "EdDSA":
                return cls(name, algorithm, ed25519.Ed25519PrivateKey.generate())
        return cls(name, algorithm, rsa.generate_private_key(public_exponent=65537, key_size=bits))

    def public(self) -> dict[str, Any]:
        match self.secret:
            case rsa.RSAPrivateKey():
                facts = RSAAlgorithm.to_jwk(self.secret.public_key(), as_dict=True)
            case ec.EllipticCurvePrivateKey():
                facts = ECAlgorithm.to_jwk(self.secret.public_key(), as_dict=True)
            case _:
                facts = OKPAlgorithm.to_jwk(self.secret.public_key(), as_dict=True)
        return {**facts, "kid": self.name, "use": "sig", "alg": self.algorithm}


class OidcIssuer:
    """`documents`: what it answers in place of the truth, by path; `asked`: the paths that it was asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.keys = [IssuersKey.new("first")]
        self.documents: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        self.pause: float = 0.0
        self.asked: list[str] = []
        self.url = ""
        self.ending = Event()

    def token(self, key: IssuersKey | None = None, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """As a job would be given it; a claim that is None is left out."""
        signer, now = key or self.keys[0], self._clock() // 1000
        usual = {"iss": self.url, "sub": SUBJECT, "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + 300}
        told = {
            name: value for name, value in {**usual, "jti": uuid.uuid4().hex, **claims}.items() if value is not None
        }
        return jwt.encode(told, signer.secret, signer.algorithm, {"kid": signer.name, **(header or {})})

    def answer(self, path: str) -> bytes:
        self.asked.append(path)
        if path in self.documents:
            return self.documents[path]
        if path == DISCOVERY:
            return json.dumps({"issuer": self.url, "jwks_uri": f"{self.url}/keys"}).encode()
        return json.dumps({"keys": [key.public() for key in self.keys]}).encode()


@contextmanager
def oidc_issuer(clock: Clock = system_clock) -> Iterator[OidcIssuer]:
    issuer = OidcIssuer(clock)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = issuer.answer(self.path)
            if self.path in issuer.redirects:
                self.send_response(302)
                self.send_header("Location", issuer.redirects[self.path])
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._trickle(body)

        def _trickle(self, body: bytes) -> None:
            if not issuer.pause:
                self.wfile.write(body)
                return
            for byte in body:
                if issuer.ending.wait(issuer.pause):
                    return
                self.wfile.write(bytes([byte]))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
            return

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return  # whoever asked has gone

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield issuer
    finally:
        issuer.ending.set()
        server.shutdown()
        thread.join()
        server.server_close()
