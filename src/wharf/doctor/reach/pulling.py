"""Manifests and blobs as a client pulls them, to be looked at and forgotten again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from wharf.client.documents import read_manifest
from wharf.client.message import Response
from wharf.client.origin import Address
from wharf.doctor.reach.visiting import Visit, Visitor, as_nobody, stored_for, to_pull, with_credential
from wharf.doctor.scene import Scene
from wharf.errors import WharfError
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest
from wharf.oci.media_types import ACCEPTED_MANIFESTS
from wharf.oci.reference import RepositoryName, Tag
from wharf.protocol import paths

_MOST_HOPS: Final = 4
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, and by whom: `nobody`, and whoever is stored, if anybody is."""

    repository: RepositoryName
    which: Tag | Digest
    nobody: Visitor
    known: Visitor | None = None

    @property
    def best(self) -> Visitor:
        return self.known or self.nobody


async def wanted_in(scene: Scene) -> Wanted | None:
    """None where no image is known, or nobody answers."""
    if scene.aim.reference is None:
        return None
    reference = scene.aim.reference.with_default_tag()
    which = reference.digest or reference.tag
    nobody = await as_nobody(scene)
    if nobody is None or which is None:
        return None
    return Wanted(reference.repository, which, nobody, await with_credential(scene, await stored_for(scene)))


async def asked_for_manifest(
    visitor: Visitor, wanted: Wanted, method: str = "HEAD", accept: Sequence[str] = ACCEPTED_MANIFESTS
) -> Visit:
    target = paths.manifest(wanted.repository, wanted.which)
    return await visitor.visit(method, target, to_pull(wanted.repository), {"accept": ", ".join(accept)})


async def manifest_at(visitor: Visitor, repository: RepositoryName, which: Tag | Digest) -> Manifest | None:
    visit = await visitor.visit(
        "GET", paths.manifest(repository, which), to_pull(repository), {"accept": ", ".join(ACCEPTED_MANIFESTS)}
    )
    return readable(visitor, visit.last) if visit.last is not None and visit.status == 200 else None


def readable(visitor: Visitor, response: Response) -> Manifest | None:
    try:
        return read_manifest(visitor.registry, response)
    except WharfError:
        return None


async def is_there(visitor: Visitor, repository: RepositoryName, target: str) -> bool | None:
    """None where it cannot be told."""
    visit = await visitor.visit("HEAD", target, to_pull(repository), {"accept": ", ".join(ACCEPTED_MANIFESTS)})
    if visit.status in _REDIRECTS or visit.status == 200:
        return True
    return False if visit.status == 404 else None


async def blob_at(visitor: Visitor, repository: RepositoryName, digest: Digest, limit: int) -> bytes | None:
    """Along redirects, on which nothing is shown. None for what is larger, or is not what its digest says."""
    visit = await visitor.visit("GET", paths.blob(repository, digest), to_pull(repository))
    answer = visit.last
    for _ in range(_MOST_HOPS):
        location = answer.headers.first("location") if answer and answer.status in _REDIRECTS else None
        if answer is None or location is None:
            break
        answer = await _followed(visitor, urljoin(answer.url, location), limit)
    if answer is None or answer.status != 200 or len(answer.body) > limit:
        return None
    return answer.body if Digest.of(answer.body, digest.algorithm) == digest else None


async def _followed(visitor: Visitor, url: str, limit: int) -> Response | None:
    try:
        address = Address.parse(url, visitor.registry)
    except WharfError:
        return None
    asker = visitor.asker.at(address.origin)
    return await asker.asked("GET", address.target, limit=limit) if asker else None
