"""A layer on its way to one worker while its sender's right is taken away through another."""

import json
import secrets
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.durability.client import RawWire
from tests.durability.store_view import StoreView
from wharf.oci.digest import Digest
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

ADMIN = "Basic " + b64encode(b"admin:correct horse").decode()
LAYER = secrets.token_bytes(3 << 20)
HALF = len(LAYER) // 2
WHOLE = f"/v2/crew/app/blobs/uploads/?digest={Digest.of(LAYER)}"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path / "data", "--workers", "2", admin_password="correct horse") as registry:
        yield registry


def told(registry: RegistryProcess, method: str, path: str, body: object = None) -> Any:
    connection = HTTPConnection("127.0.0.1", registry.port, timeout=120)
    headers = {"Authorization": ADMIN, "Content-Type": "application/json"}
    connection.request(method, OWN + path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    assert answer.status < 300, text
    return json.loads(text or "null")


@pytest.mark.parametrize(("is_revoked", "status"), [(True, 401), (False, 201)])
def test_a_layer_is_published_if_its_sender_may_still_push_when_it_is_here(
    registry: RegistryProcess, *, is_revoked: bool, status: int
) -> None:
    told(registry, "POST", "/orgs", {"login": "crew"})
    tokens = [told(registry, "POST", "/tokens", {"scopes": ["write:packages"]}) for _ in range(2)]
    sent, other = RawWire.to(registry), tokens[0 if is_revoked else 1]["id"]
    sent.say("POST", WHOLE, f"Authorization: Bearer {tokens[0]['token']}", f"Content-Length: {len(LAYER)}")
    sent.socket.sendall(LAYER[:HALF])
    told(registry, "DELETE", f"/tokens/{other}")
    sent.socket.sendall(LAYER[HALF:])
    assert status == sent.heard().status
    sent.close()
    assert [] == StoreView(registry.data).flaws()
