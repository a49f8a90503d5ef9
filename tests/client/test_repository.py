"""A repository as source and sink, against the registries that people run: wharf's own and Debian's docker-registry."""

import asyncio
import io
import secrets
from collections.abc import Iterator

import pytest

from tests.client.cargo import cargo_of, config, described, image, index, read, unwatched
from tests.client.peers import docker_registry
from tests.client.plain_exchange import PlainExchange
from wharf.client.client import RegistryClient
from wharf.client.repository import RemoteRepository
from wharf.errors import BlobUnknown, ManifestUnknown, RepositoryUnknown
from wharf.images.sink import Arrival, Origin
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest
from wharf.oci.reference import RepositoryName, Tag
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow
NAME = RepositoryName("team/app")


@pytest.fixture(scope="module", params=["wharf", "docker-registry"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("peer")
    if request.param == "wharf":
        with RegistryProcess(folder / "data") as registry:
            yield registry.host
    else:
        with docker_registry(folder) as address:
            yield address


def repository_at(host: str, name: RepositoryName = NAME) -> RemoteRepository:
    return RemoteRepository(RegistryClient(PlainExchange(host)), name)


def requests_of(repository: RemoteRepository) -> list[str]:
    exchange = repository.client.exchange
    assert isinstance(exchange, PlainExchange)
    return exchange.asked


async def shipped(repository: RemoteRepository, *tags: str) -> tuple[Manifest, bytes]:
    layer, configuration = secrets.token_bytes(3_000_000), config()
    for content in (layer, configuration):
        await repository.put_blob(cargo_of(content), unwatched)
    manifest = image(configuration, [layer])
    await repository.put_manifest(manifest, [Tag(tag) for tag in tags])
    return manifest, layer


def test_what_was_put_is_read_back(host: str) -> None:
    async def story() -> None:
        repository = repository_at(host)
        manifest, layer = await shipped(repository, "v1")
        assert manifest == await repository.manifest(Tag("v1"))
        assert manifest == await repository.manifest(manifest.digest())
        reader = await repository.blob(described(layer))
        assert layer == await asyncio.to_thread(read, reader)

    asyncio.run(story())


def test_a_blob_is_read_from_the_middle(host: str) -> None:
    async def story() -> None:
        repository = repository_at(host)
        _, layer = await shipped(repository, "v1")
        reader = await repository.blob(described(layer), 2_000_000)
        assert layer[2_000_000:] == await asyncio.to_thread(read, reader)
        assert b"" == await asyncio.to_thread(read, await repository.blob(described(layer), len(layer)))

    asyncio.run(story())


def test_a_blob_that_is_there_costs_one_request(host: str) -> None:
    async def story() -> None:
        repository = repository_at(host)
        _, layer = await shipped(repository, "v1")
        before = len(requests_of(repository))
        assert Arrival.PRESENT is await repository.put_blob(cargo_of(layer), unwatched)
        assert 1 == len(requests_of(repository)) - before

    asyncio.run(story())


def test_a_blob_of_a_neighbour_is_mounted(host: str) -> None:
    async def story() -> None:
        _, layer = await shipped(repository_at(host), "v1")
        other = repository_at(host, RepositoryName(f"team/{secrets.token_hex(4)}"))
        cargo = cargo_of(layer, origin=Origin(host, NAME))
        assert Arrival.MOUNTED is await other.put_blob(cargo, unwatched)
        assert 2 == len(requests_of(other))

    asyncio.run(story())


def test_an_image_can_have_several_tags(host: str) -> None:
    async def story() -> None:
        repository = repository_at(host)
        manifest, _ = await shipped(repository, "a1", "a2", "a3")
        digests = [await repository.digest_of(Tag(tag)) for tag in ("a1", "a2", "a3")]
        assert [manifest.digest()] * 3 == digests
        assert {Tag("a1"), Tag("a2"), Tag("a3")} <= set(await repository.tags())

    asyncio.run(story())


def test_all_tags_of_a_digest_are_found(host: str) -> None:
    async def story() -> None:
        repository = repository_at(host, RepositoryName(f"team/{secrets.token_hex(4)}"))
        manifest, _ = await shipped(repository, "b1", "b2")
        await shipped(repository, "b3")
        assert (Tag("b1"), Tag("b2")) == await repository.client.tags_of(repository.repository, manifest.digest())

    asyncio.run(story())


def test_a_stream_of_unknown_length_is_stored(host: str) -> None:
    async def story(content: bytes) -> None:
        repository = repository_at(host)
        descriptor = await repository.put_stream("x/y", io.BytesIO(content), unwatched)
        assert (Digest.of(content), len(content)) == (descriptor.digest, descriptor.size)
        assert content == await asyncio.to_thread(read, await repository.blob(descriptor))

    for size in (0, 100, 1024 * 1024, 5_000_000):
        asyncio.run(story(secrets.token_bytes(size)))


def test_an_index_is_stored_with_its_children(host: str) -> None:
    async def story() -> None:
        repository = repository_at(host)
        children = [(await shipped(repository))[0] for _ in range(2)]
        await repository.put_manifest(index(children), [Tag("multi")])
        assert index(children) == await repository.manifest(Tag("multi"))

    asyncio.run(story())


def test_a_referrer_is_listed(host: str) -> None:
    async def story() -> None:
        repository = repository_at(host)
        subject, layer = await shipped(repository, "subject")
        configuration = config()
        await repository.put_blob(cargo_of(configuration), unwatched)
        about = {"mediaType": subject.media_type, "digest": str(subject.digest()), "size": len(subject.raw)}
        signature = image(configuration, [layer], subject=about, artifactType="x/signature")
        await repository.put_manifest(signature, [])
        listed = await repository.referrers(subject.digest())
        assert [(signature.digest(), "x/signature")] == [(each.digest, each.artifact_type) for each in listed]
        assert () == await repository.client.referrers(NAME, subject.digest(), "x/other")

    asyncio.run(story())


def test_a_tag_that_is_not_there_is_answered_with_the_nearest(host: str) -> None:
    async def story() -> None:
        repository = repository_at(host)
        await shipped(repository, "release-1.2.3")
        with pytest.raises(ManifestUnknown) as caught:
            await repository.manifest(Tag("release-1.2"))
        assert "release-1.2.3" == caught.value.nearest[0]

    asyncio.run(story())


def test_a_repository_that_is_not_there_is_answered_with_the_nearest(host: str) -> None:
    async def story() -> None:
        await shipped(repository_at(host), "v1")
        with pytest.raises(RepositoryUnknown) as caught:
            await repository_at(host, RepositoryName("team/ap")).manifest(Tag("v1"))
        assert "team/app" in caught.value.nearest

    asyncio.run(story())


def test_a_blob_that_is_not_there_is_named(host: str) -> None:
    async def story() -> None:
        with pytest.raises(BlobUnknown):
            await repository_at(host).blob(described(b"nowhere"))

    asyncio.run(story())


def test_an_image_is_deleted_by_digest_and_a_blob_by_its_own(host: str) -> None:
    async def story() -> None:
        repository = repository_at(host, RepositoryName(f"team/{secrets.token_hex(4)}"))
        manifest, layer = await shipped(repository, "v1")
        await repository.client.delete_manifest(repository.repository, manifest.digest())
        assert None is await repository.digest_of(Tag("v1"))
        await repository.client.delete_blob(repository.repository, Digest.of(layer))
        assert None is await repository.client.find_blob(repository.repository, Digest.of(layer))

    asyncio.run(story())


def test_the_registry_is_pinged_and_lists_its_repositories(host: str) -> None:
    async def story() -> None:
        repository = repository_at(host)
        await shipped(repository, "v1")
        await repository.client.ping()
        assert NAME in await repository.client.catalog()

    asyncio.run(story())
