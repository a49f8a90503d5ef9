"""Stories told to a registry that misbehaves, and what comes of them."""

import asyncio
from typing import TypeVar

import pytest

from tests.client.cargo import cargo_of, config, image, read, unwatched
from tests.client.sessions import Story, run_at
from wharf.client.repository import RemoteRepository
from wharf.errors import WharfError
from wharf.images.sink import Arrival
from wharf.images.verified import Verified
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_MANIFEST
from wharf.oci.reference import RepositoryName
from wharf.testing.hostile_registry import HostileRegistry

T = TypeVar("T")
NAME = RepositoryName("team/app")
LARGE = 3_000_000


def tagged(registry: HostileRegistry, tag: str = "v1") -> Digest:
    manifest = image(config(), [b"layer"])
    return registry.shelf.put_manifest(str(NAME), manifest.raw, OCI_MANIFEST, tag)


def run(registry: HostileRegistry, story: Story[T]) -> T:
    return run_at(registry.host, story, NAME, pauses=[0.0] * 6)


def refused(registry: HostileRegistry, story: Story[object], kind: type[WharfError]) -> WharfError:
    with pytest.raises(kind) as caught:
        run(registry, story)
    return caught.value


def verified_content(registry: HostileRegistry, descriptor: Descriptor, offset: int = 0) -> bytes:
    async def story(repository: RemoteRepository) -> bytes:
        reader = await repository.blob(descriptor, offset)
        return await asyncio.to_thread(read, reader if offset else Verified(reader, descriptor))

    return run(registry, story)


def pushed(registry: HostileRegistry, content: bytes) -> Arrival:
    return run(registry, lambda repository: repository.put_blob(cargo_of(content), unwatched))
