"""A registry that stands where `gh` looks for a server of GitHub's: over TLS, with accounts, at the usual port."""

import json
import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.clients.certificates import certificate_in, flags_of
from tests.clients.programs import Home, Program
from tests.clients.registry_view import OCI_CONFIG, OCI_IMAGE
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

PASSWORD = "a password of the harbour master"
ADMIN = ("admin", PASSWORD)
PATIENCE = 240.0
HTTPS = 443
GH = Path(sys.executable).parent / "gh"


@dataclass(frozen=True, slots=True)
class CodeHost:
    """`name` is how clients call it: with its port, unless it is the usual one."""

    registry: RegistryProcess
    certificate: Path
    client: httpx.Client

    @property
    def name(self) -> str:
        return self.registry.host.removesuffix(f":{HTTPS}")

    def ask(self, method: str, path: str, document: object = None) -> Any:
        """As the administrator."""
        answer = self.client.request(method, path, json=document)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def token(self, *scopes: str) -> str:
        wanted = {"label": "for gh", "scopes": list(scopes), "expires_in": 3600}
        return str(self.ask("POST", "/api/wharf/v1/tokens", wanted)["token"])

    def push(self, name: str, *tags: str, story: str = "") -> str:
        config = json.dumps({"story": story or " ".join(tags)}).encode()
        digest = Digest.of(config)
        blob = self.client.post(f"/v2/{name}/blobs/uploads/", params={"digest": str(digest)}, content=config)
        assert blob.status_code == 201, blob.text
        raw = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": OCI_IMAGE,
                "config": {"mediaType": OCI_CONFIG, "digest": str(digest), "size": len(config)},
                "layers": [],
            }
        ).encode()
        for reference in tags or (str(Digest.of(raw)),):
            put = self.client.put(f"/v2/{name}/manifests/{reference}", content=raw, headers={"content-type": OCI_IMAGE})
            assert put.status_code == 201, put.text
        return str(Digest.of(raw))

    def gh(self, home: Home, **more: str) -> Program:
        return Program(str(GH), environment={**self._environment(home), "GH_HOST": self.name, **more})

    def shell(self, home: Home, **more: str) -> Program:
        """For lines as people write them, with pipes in them."""
        return Program("bash", "-euo", "pipefail", "-c", environment={**self._environment(home), **more})

    def _environment(self, home: Home) -> Mapping[str, str]:
        trusted = str(self.certificate / "ca.crt")
        return {
            **home.environment,
            "SSL_CERT_FILE": trusted,
            "CURL_CA_BUNDLE": trusted,
            "GH_PROMPT_DISABLED": "1",
            "GH_NO_UPDATE_NOTIFIER": "1",
            "NO_COLOR": "1",
        }


@contextmanager
def code_host(folder: Path, port: int | None = None) -> Iterator[CodeHost]:
    certificate = certificate_in(folder / "code-host")
    registry = RegistryProcess(folder / "data", *flags_of(certificate), admin_password=PASSWORD)
    registry.port = port or registry.port
    trusting = ssl.create_default_context(cafile=str(certificate / "ca.crt"))
    with (
        registry,
        httpx.Client(base_url=registry.url, auth=ADMIN, verify=trusting, trust_env=False, timeout=PATIENCE) as client,
    ):
        yield CodeHost(registry, certificate, client)
