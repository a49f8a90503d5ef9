"""A repository elsewhere keeps the contract of every place for images: wharf's as it stands, others' where they can."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from tests.client.peers import docker_registry
from tests.client.sessions import PATIENT
from wharf.client.client import RegistryClient
from wharf.client.connect import open_session
from wharf.client.repository import RemoteRepository
from wharf.credentials.keychain import Anonymous
from wharf.errors import ManifestUnknown, RepositoryUnknown
from wharf.images.sink import ImageSink
from wharf.images.source import ImageSource
from wharf.oci.reference import RepositoryName
from wharf.testing.contracts.image_place import ImagePlaceContract, raised, same_image
from wharf.testing.random_image import put_image, random_image
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow


class Visit(RemoteRepository):
    """A repository with a session of its own, which ends with it."""

    def __init__(self, host: str, folder: Path) -> None:
        self_contained = RegistryClient(open_session(host, PATIENT, Anonymous()))
        # What another test brought into the registry would be mounted, and this test is to send it.
        self_contained.habits.mounts_without_from = False
        name = hashlib.sha256(bytes(folder)).hexdigest()[:16]
        super().__init__(self_contained, RepositoryName(f"places/{name}"))

    async def close(self) -> None:
        await self.client.exchange.close()


class Elsewhere(ImagePlaceContract):
    unknown = ManifestUnknown
    host: ClassVar[str]

    async def sink(self, folder: Path) -> Visit:
        return Visit(self.host, folder)

    async def source(self, folder: Path) -> Visit:
        return Visit(self.host, folder)


class TestWharf(Elsewhere):
    knows_its_only_image = False

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _runs(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        with RegistryProcess(tmp_path_factory.mktemp("wharf") / "data") as registry:
            cls.host = registry.host
            yield


class TestDockerRegistry(Elsewhere):
    knows_its_only_image = False
    takes_sha512 = False

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _runs(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        with docker_registry(tmp_path_factory.mktemp("docker-registry")) as host:
            cls.host = host
            yield

    def test_an_image_without_a_tag_is_found_by_its_digest(self, tmp_path: Path) -> None:
        """To this registry a repository without tags is none."""

        async def story(sink: ImageSink, source: ImageSource) -> None:
            await put_image(random_image(3), sink)
            await same_image(random_image(3), source)
            await raised(RepositoryUnknown, source.tags())

        self.run(tmp_path, story)
