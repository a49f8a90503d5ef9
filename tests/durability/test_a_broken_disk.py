"""A disk that breaks, so that the system lets nobody write to it any more: pulls go on, the rest says what is wrong."""

import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.cargo import IMAGE_TYPE, image_of
from tests.durability.client import Client
from tests.durability.processes import eventually
from tests.durability.small_disk import small_disk
from wharf.oci.digest import Digest
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

PASSWORD = "correct horse"
WHO = {"Authorization": f"Basic {b64encode(f'admin:{PASSWORD}'.encode()).decode()}"}
NAME, IMAGE = "crew/app", image_of(b"a layer")
NEW = b"a new layer"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    """With an image, and somebody who is logged in, when its disk breaks."""
    with small_disk("ext4", tmp_path) as disk:
        running = RegistryProcess(disk.folder / "data", "--workers", "1", admin_password=PASSWORD)
        running.log = tmp_path / "log"
        with running, Client(running) as client:
            for blob in IMAGE.blobs:
                asked(client, "POST", f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(blob)}", blob)
            asked(client, "PUT", f"/v2/{NAME}/manifests/v1", IMAGE.raw)
            assert 200 == asked(client, "GET", "/token?service=x")
            break_it(disk.folder)
            yield running


def break_it(folder: Path) -> None:
    device = subprocess.run(["findmnt", "-no", "SOURCE", folder], capture_output=True, text=True, check=True).stdout
    trigger = Path(f"/sys/fs/ext4/{Path(device.strip()).name}/trigger_fs_error")
    if not trigger.exists():
        pytest.skip("no disk can be broken here")
    subprocess.run(["mount", "-o", "remount,errors=remount-ro", folder], check=True)
    trigger.write_text("a test")
    assert eventually(lambda: not can_write(folder))


def can_write(folder: Path) -> bool:
    try:
        (folder / "probe").touch()
    except OSError:
        return False
    return True


def asked(client: Client, method: str, path: str, body: bytes = b"") -> int:
    return client.ask(method, path, body, {**WHO, "Content-Type": IMAGE_TYPE}).status


def test_pulls_go_on_and_all_else_is_refused_and_explained_in_the_log(registry: RegistryProcess) -> None:
    with Client(registry) as client:
        reading = ("/readyz", f"/v2/{NAME}/manifests/v1", f"/v2/{NAME}/blobs/{Digest.of(IMAGE.config)}", "/token")
        assert [200, 200, 200, 200] == [asked(client, "GET", path) for path in reading]
        writing = (
            ("POST", f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(NEW)}", NEW),
            ("PUT", f"/v2/{NAME}/manifests/v2", IMAGE.raw),
            ("DELETE", f"/v2/{NAME}/manifests/v1", b""),
            ("DELETE", "/orgs/crew/packages/container/app", b""),
            ("POST", f"{OWN}/orgs", b'{"login": "late"}'),
            ("GET", "/token?offline_token=true", b""),
        )
        assert [503] * len(writing) == [asked(client, *one) for one in writing]
    assert eventually(lambda: len(writing) == len(refusals(registry)))
    said = refusals(registry)
    assert "the registry's disk takes nothing: Read-only file system" in said[0]
    assert not any("full" in line or "Traceback" in line for line in registry.log.read_text().splitlines())


def refusals(registry: RegistryProcess) -> list[str]:
    return [line for line in registry.log.read_text().splitlines() if "was refused" in line]
