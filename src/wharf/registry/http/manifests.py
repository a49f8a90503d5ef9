"""Manifests on the wire: pulled by tag or digest, pushed, deleted."""

from wharf.errors import NotThere, TooMany
from wharf.metadata.records import ManifestRecord
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.protocol import routes
from wharf.protocol.routes import ManifestAt
from wharf.registry.http import door
from wharf.registry.http.blobs import matches_etag
from wharf.registry.http.message import Headers, Reply, Request, headers
from wharf.registry.services.deletion import Deletion
from wharf.registry.services.misses import Misses
from wharf.registry.services.publishing import Publishing, Submission
from wharf.registry.services.pull import Pull
from wharf.registry.services.statistics.counting import Counting

MOST_TAGS = 100


class ManifestHandlers:
    def __init__(
        self,
        pull: Pull,
        counting: Counting,
        publishing: Publishing,
        deletion: Deletion,
        misses: Misses,
        most_bytes: int,
    ) -> None:
        self._pull = pull
        self._counting = counting
        self._publishing = publishing
        self._deletion = deletion
        self._misses = misses
        self._most_bytes = most_bytes

    async def get(self, route: ManifestAt, request: Request) -> Reply:
        try:
            found, is_known = await self._found(route, request)
        except NotThere as miss:
            raise await self._misses.explained(request.caller, miss) from None
        return Reply(304, _identity(found.digest)) if is_known else Reply(200, _described(found), found.body)

    async def head(self, route: ManifestAt, request: Request) -> Reply:
        found, is_known = await self._found(route, request)
        return Reply(304, _identity(found.digest)) if is_known else Reply(200, _described(found))

    async def put(self, route: ManifestAt, request: Request) -> Reply:
        name = door.name(route.name)
        await self._publishing.admit(request.caller, name)
        submission = Submission(
            name=name,
            reference=door.reference(route.reference),
            tags=_tags(route, request),
            media_type=_media_type(request),
            raw=await request.body.whole("manifest", self._most_bytes),
        )
        published = await self._publishing.publish(request.caller, submission)
        facts: list[tuple[bytes, str | int]] = [
            (b"location", _location(submission.name, published.digest)),
            (b"docker-content-digest", str(published.digest)),
            (b"content-length", 0),
        ]
        if published.subject:
            facts.append((b"oci-subject", str(published.subject)))
        facts += [(b"oci-tag", str(tag)) for tag in submission.tags]
        return Reply(201, headers(facts))

    async def delete(self, route: ManifestAt, request: Request) -> Reply:
        await self._deletion.manifest(request.caller, door.name(route.name), door.reference(route.reference))
        return Reply(202, headers(((b"content-length", 0),)))

    async def _found(self, route: ManifestAt, request: Request) -> tuple[ManifestRecord, bool]:
        """The manifest, and whether the client has it already."""
        name, reference = door.name(route.name), door.reference(route.reference)
        found = await self._pull.manifest(request.caller, name, reference)
        is_known = matches_etag(request.header(b"if-none-match"), found.digest)
        is_pull = request.method == "GET" and not is_known
        self._counting.read(request.caller, name, reference, found, is_pull=is_pull)
        return found, is_known


def _tags(route: ManifestAt, request: Request) -> tuple[Tag, ...]:
    """Tags are given beside a digest; beside a tag they would be a second way to say the same."""
    if not isinstance(door.reference(route.reference), Digest):
        return ()
    tags = door.tags(request.query)
    if len(tags) > MOST_TAGS:
        raise TooMany("tags", MOST_TAGS)
    return tags


def _media_type(request: Request) -> str | None:
    text = (request.header(b"content-type") or "").partition(";")[0].strip()
    return text or None


def _location(name: RepositoryName, digest: Digest) -> str:
    return routes.build(ManifestAt(str(name), str(digest)))


def _described(found: ManifestRecord) -> Headers:
    return (
        (b"content-type", found.media_type.encode()),
        (b"content-length", str(len(found.body)).encode()),
        *_identity(found.digest),
    )


def _identity(digest: Digest) -> Headers:
    text = str(digest).encode()
    return ((b"docker-content-digest", text), (b"etag", b'"' + text + b'"'))
