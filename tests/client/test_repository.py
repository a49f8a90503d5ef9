"""A repository as source and sink, against the registries that people run: wharf's own and Debian's docker-registry."""

import asyncio
import io
import secrets
from collections.abc import Iterator
from functools import partial
from typing import TypeVar

import pytest

from tests.client.cargo import cargo_of, config, described, image, index, read, unwatched
from tests.client.peers import docker_registry
from tests.client.sessions import Story, requests_of, run_at
from wharf.client.leading import Tags
from wharf.client.repository import RemoteRepository
from wharf.errors import BlobUnknown, ManifestUnknown, RepositoryUnknown
from wharf.images.sink import Arrival, Origin
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest
from wharf.oci.reference import RepositoryName, Tag
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow
T = TypeVar("T")
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


def run(host: str, story: Story[T], name: RepositoryName = NAME) -> T:
    return run_at(host, story, name)


def fresh_name() -> RepositoryName:
    return RepositoryName(f"team/{secrets.token_hex(4)}")


async def shipped(repository: RemoteRepository, *tags: str) -> tuple[Manifest, bytes]:
    layer, configuration = secrets.token_bytes(3_000_000), config()
    for content in (layer, configuration):
        await repository.put_blob(cargo_of(content), unwatched)
    manifest = image(configuration, [layer])
    await repository.put_manifest(manifest, [Tag(tag) for tag in tags])
    return manifest, layer


def test_what_was_put_is_read_back(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        manifest, layer = await shipped(repository, "v1")
        assert manifest == await repository.manifest(Tag("v1"))
        assert manifest == await repository.manifest(manifest.digest())
        reader = await repository.blob(described(layer))
        assert layer == await asyncio.to_thread(read, reader)

    run(host, story)


def test_a_blob_is_read_from_the_middle(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        _, layer = await shipped(repository, "v1")
        reader = await repository.blob(described(layer), 2_000_000)
        assert layer[2_000_000:] == await asyncio.to_thread(read, reader)
        assert b"" == await asyncio.to_thread(read, await repository.blob(described(layer), len(layer)))

    run(host, story)


def test_a_blob_that_is_there_costs_one_request(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        _, layer = await shipped(repository, "v1")
        before = len(requests_of(repository))
        assert Arrival.PRESENT is await repository.put_blob(cargo_of(layer), unwatched)
        assert 1 == len(requests_of(repository)) - before

    run(host, story)


def test_a_blob_of_a_neighbour_is_mounted(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        _, layer = await shipped(repository, "v1")
        other = RemoteRepository(repository.client, fresh_name())
        before = len(requests_of(other))
        cargo = cargo_of(layer, origin=Origin(host, NAME))
        assert Arrival.MOUNTED is await other.put_blob(cargo, unwatched)
        assert 2 == len(requests_of(other)) - before

    run(host, story)


def test_an_image_can_have_several_tags(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        manifest, _ = await shipped(repository, "a1", "a2", "a3")
        digests = [await repository.digest_of(Tag(tag)) for tag in ("a1", "a2", "a3")]
        assert [manifest.digest()] * 3 == digests
        assert {Tag("a1"), Tag("a2"), Tag("a3")} <= set(await repository.tags())

    run(host, story)


def test_all_tags_of_a_digest_are_found(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        manifest, _ = await shipped(repository, "b1", "b2")
        await shipped(repository, "b3")
        tags = await Tags.read(repository.client, repository.repository)
        assert (Tag("b1"), Tag("b2")) == tags.of(manifest.digest())

    run(host, story, fresh_name())


def test_a_stream_of_unknown_length_is_stored(host: str) -> None:
    async def stored(content: bytes, repository: RemoteRepository) -> None:
        descriptor = await repository.put_stream("x/y", io.BytesIO(content), unwatched)
        assert (Digest.of(content), len(content)) == (descriptor.digest, descriptor.size)
        assert content == await asyncio.to_thread(read, await repository.blob(descriptor))

    for size in (0, 100, 1024 * 1024, 5_000_000):
        run(host, partial(stored, secrets.token_bytes(size)))


def test_an_index_is_stored_with_its_children(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        children = [(await shipped(repository))[0] for _ in range(2)]
        await repository.put_manifest(index(children), [Tag("multi")])
        assert index(children) == await repository.manifest(Tag("multi"))

    run(host, story)


def test_a_referrer_is_listed(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        subject, layer = await shipped(repository, "subject")
        configuration = config()
        await repository.put_blob(cargo_of(configuration), unwatched)
        about = {"mediaType": subject.media_type, "digest": str(subject.digest()), "size": len(subject.raw)}
        signature = image(configuration, [layer], subject=about, artifactType="x/signature")
        await repository.put_manifest(signature, [])
        listed = await repository.referrers(subject.digest())
        assert [(signature.digest(), "x/signature")] == [(each.digest, each.artifact_type) for each in listed]
        assert () == await repository.client.referrers(NAME, subject.digest(), "x/other")

    run(host, story)


def test_a_tag_that_is_not_there_is_answered_with_the_nearest(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        await shipped(repository, "release-1.2.3")
        with pytest.raises(ManifestUnknown) as caught:
            await repository.manifest(Tag("release-1.2"))
        assert "release-1.2.3" == caught.value.nearest[0]

    run(host, story)


def test_a_repository_that_is_not_there_is_answered_with_the_nearest(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        await shipped(repository, "v1")
        with pytest.raises(RepositoryUnknown) as caught:
            await repository.client.manifest(RepositoryName("team/ap"), Tag("v1"))
        assert f"{repository.client.registry}/team/app" in caught.value.nearest

    run(host, story)


def test_a_blob_that_is_not_there_is_named(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        with pytest.raises(BlobUnknown):
            await repository.blob(described(b"nowhere"))

    run(host, story)


def test_an_image_is_deleted_by_digest_and_a_blob_by_its_own(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        manifest, layer = await shipped(repository, "v1")
        await repository.client.delete_manifest(repository.repository, manifest.digest())
        assert None is await repository.digest_of(Tag("v1"))
        await repository.client.delete_blob(repository.repository, Digest.of(layer))
        assert None is await repository.client.find_blob(repository.repository, Digest.of(layer))

    run(host, story, fresh_name())


def test_the_registry_is_pinged_and_lists_its_repositories(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        await shipped(repository, "v1")
        await repository.client.ping()
        assert NAME in await repository.client.catalog()

    run(host, story)


def test_whether_a_tag_is_there_is_known_without_reading_it(host: str) -> None:
    async def story(repository: RemoteRepository) -> None:
        await shipped(repository, "here")
        before = len(requests_of(repository))
        assert (True, False) == (await repository.has(Tag("here")), await repository.has(Tag("away")))
        assert ["HEAD", "HEAD"] == [request.split()[0] for request in requests_of(repository)[before:]]

    run(host, story, fresh_name())
