"""A tag goes and its manifest stays, with all its other tags: also in registries that delete by digest only.

There the tag is first led to a stand-in, a manifest that is nobody else's; deleting that takes the tag with it. That
the registry deletes at all is tried before the tag is touched: on what is not there, then on another stand-in. If the
last step fails, the tag is led back to where it was.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Final

from wharf.client.client import RegistryClient
from wharf.client.repository import RemoteRepository
from wharf.errors import NotThere, RemoteAnswered, RemoteDenied, RemoteUnauthenticated, WharfError
from wharf.images.reading import BlobReader
from wharf.images.sink import Cargo
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest, parse_manifest
from wharf.oci.media_types import OCI_CONFIG, OCI_MANIFEST
from wharf.oci.reference import RepositoryName, Tag

_CANNOT_BY_TAG: Final = frozenset({400, 404, 405, 501})
_DELETES_NOTHING: Final = 405
_CONFIG: Final = b"{}"


async def remove_tag(client: RegistryClient, repository: RepositoryName, tag: Tag) -> None:
    try:
        await client.delete_manifest(repository, tag)
    except RemoteAnswered as refused:
        if isinstance(refused, RemoteUnauthenticated | RemoteDenied) or refused.status not in _CANNOT_BY_TAG:
            raise
        await _by_stand_in(client, repository, tag)


async def _by_stand_in(client: RegistryClient, repository: RepositoryName, tag: Tag) -> None:
    original = await client.manifest(repository, tag)
    await _refuse_where_nothing_goes(client, repository)
    await _put_config(client, repository)
    trial = await client.put_manifest(repository, _stand_in())
    await client.delete_manifest(repository, trial)
    stand_in = await client.put_manifest(repository, _stand_in(), [tag])
    try:
        await client.delete_manifest(repository, stand_in)
    except WharfError:
        await client.put_manifest(repository, original, [tag])
        raise


async def _refuse_where_nothing_goes(client: RegistryClient, repository: RepositoryName) -> None:
    """Docker's registry, where deleting is not allowed, says so of what is not there, too: nothing is put there yet."""
    try:
        await client.delete_manifest(repository, _stand_in().digest())
    except NotThere:
        return
    except RemoteAnswered as refused:
        if refused.status == _DELETES_NOTHING:
            raise refused.seen_at("tried on a digest that nothing has, before the tag is touched") from None


def _stand_in() -> Manifest:
    """Unlike any other, so that nothing but the tag leads to it."""
    config = Descriptor(OCI_CONFIG, Digest.of(_CONFIG), len(_CONFIG))
    document = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": config.to_json(),
        "layers": [],
        "annotations": {"org.opencontainers.image.description": f"a tag on its way out: {secrets.token_hex(16)}"},
    }
    return parse_manifest(json.dumps(document).encode(), OCI_MANIFEST)


async def _put_config(client: RegistryClient, repository: RepositoryName) -> None:
    descriptor = Descriptor(OCI_CONFIG, Digest.of(_CONFIG), len(_CONFIG))

    async def opened(offset: int) -> BlobReader:
        return _Bytes(_CONFIG[offset:])

    await RemoteRepository(client, repository).put_blob(Cargo(descriptor, opened), lambda _: None)


@dataclass(slots=True)
class _Bytes:
    rest: bytes

    def readinto(self, buffer: memoryview, /) -> int:
        size = min(len(self.rest), len(buffer))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size

    def close(self) -> None:
        pass
