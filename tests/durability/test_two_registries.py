"""Two registries that somebody started on the same folder: they answer as one, as the workers of one do."""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.durability.cargo import IMAGE_TYPE, image_of
from tests.durability.client import Client
from tests.durability.store_view import StoreView
from wharf.oci.digest import Digest
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

PASSWORD = "correct horse"
WHO = {"Authorization": f"Basic {b64encode(f'admin:{PASSWORD}'.encode()).decode()}"}
PLACE, IMAGE = "/v2/crew/app/manifests/v1", image_of(b"a layer")


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[RegistryProcess, RegistryProcess]]:
    """The password that the second one was started with is nobody's: there was an administrator already."""
    with (
        RegistryProcess(tmp_path / "data", "--workers", "1", admin_password=PASSWORD) as one,
        RegistryProcess(tmp_path / "data", "--workers", "1", admin_password="another password") as other,
    ):
        yield one, other


def test_what_is_pushed_pulled_and_revoked_at_one_is_so_at_the_other(
    both: tuple[RegistryProcess, RegistryProcess],
) -> None:
    with Client(both[0]) as here, Client(both[1]) as there:
        for blob in IMAGE.blobs:
            assert 201 == here.ask("POST", f"/v2/crew/app/blobs/uploads/?digest={Digest.of(blob)}", blob, WHO).status
        assert 201 == there.ask("PUT", PLACE, IMAGE.raw, {**WHO, "Content-Type": IMAGE_TYPE}).status
        for one, other in ((here, there), (there, here)) * 10:
            made = json.loads(one.ask("POST", f"{OWN}/tokens", b'{"scopes": ["read:packages"]}', WHO).body)
            bearer = {"Authorization": f"Bearer {made['token']}"}
            assert [200, 200] == [client.ask("GET", PLACE, b"", bearer).status for client in (one, other)]
            assert 204 == one.ask("DELETE", f"{OWN}/tokens/{made['id']}", b"", WHO).status
            assert [401, 401] == [client.ask("GET", PLACE, b"", bearer).status for client in (other, one)]
    for registry in both:
        registry.stop()
        registry.start()
    with closing(sqlite3.connect(both[0].data / "wharf.db")) as store:
        assert [(40,)] == store.execute("SELECT SUM(pulls) FROM pulls").fetchall()
    assert [] == StoreView(both[0].data).flaws()
