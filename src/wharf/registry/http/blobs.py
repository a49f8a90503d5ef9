"""Blobs on the wire: whole, in part, or only asked about; and deleted."""

from wharf.content.store import BlobReader, Location
from wharf.metadata.records import BlobRecord
from wharf.oci.digest import Digest
from wharf.protocol.ranges import ByteRange, parse_range
from wharf.protocol.routes import BlobAt
from wharf.registry.http import door
from wharf.registry.http.message import FileBody, Headers, Reply, Request, StreamBody, headers
from wharf.registry.services.deletion import Deletion
from wharf.registry.services.pull import Pull

_ANY_BYTES = "application/octet-stream"


class BlobHandlers:
    def __init__(self, pull: Pull, deletion: Deletion, content: BlobReader) -> None:
        self._pull = pull
        self._deletion = deletion
        self._content = content

    async def get(self, route: BlobAt, request: Request) -> Reply:
        blob = await self._pull.blob(request.caller, door.name(route.name), door.digest(route.digest))
        if _is_known_to_client(request, blob.digest):
            return Reply(304, _identity(blob.digest))
        window = parse_range(request.header(b"range"), blob.size) if _range_counts(request, blob) else None
        return self._part(blob, window) if window else self._whole(blob)

    async def head(self, route: BlobAt, request: Request) -> Reply:
        blob = await self._pull.presence(request.caller, door.name(route.name), door.digest(route.digest))
        if _is_known_to_client(request, blob.digest):
            return Reply(304, _identity(blob.digest))
        return Reply(200, _described(blob, blob.size))

    async def delete(self, route: BlobAt, request: Request) -> Reply:
        await self._deletion.blob(request.caller, door.name(route.name), door.digest(route.digest))
        return Reply(202, headers(((b"content-length", 0),)))

    def _whole(self, blob: BlobRecord) -> Reply:
        location = Location(blob.location)
        path = self._content.file(location)
        everything = ByteRange(0, blob.size)
        body = FileBody(path) if path and blob.size else StreamBody(self._content.read(location, everything))
        return Reply(200, _described(blob, blob.size), body)

    def _part(self, blob: BlobRecord, window: ByteRange) -> Reply:
        place = headers(((b"content-range", window.content_range(blob.size)),))
        body = StreamBody(self._content.read(Location(blob.location), window))
        return Reply(206, (*_described(blob, window.stop - window.start), *place), body)


def _described(blob: BlobRecord, length: int) -> Headers:
    facts = headers(((b"content-type", _ANY_BYTES), (b"content-length", length), (b"accept-ranges", "bytes")))
    return (*facts, *_identity(blob.digest))


def _identity(digest: Digest) -> Headers:
    """A blob never changes under its digest, so a client or proxy may keep it for ever."""
    return headers(
        (
            (b"docker-content-digest", str(digest)),
            (b"etag", _etag(digest)),
            (b"cache-control", "private, max-age=31536000, immutable"),
        )
    )


def _etag(digest: Digest) -> str:
    return f'"{digest}"'


def _is_known_to_client(request: Request, digest: Digest) -> bool:
    return matches_etag(request.header(b"if-none-match"), digest)


def _range_counts(request: Request, blob: BlobRecord) -> bool:
    """If-Range: the part is only wanted of the very same blob. Of nothing there are no parts: clients that resume at
    the first byte of an empty blob are content with all of it."""
    condition = request.header(b"if-range")
    return blob.size > 0 and condition in {None, _etag(blob.digest)}


def matches_etag(header: str | None, digest: Digest) -> bool:
    if header is None:
        return False
    known = [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")]
    return "*" in known or str(digest) in known
