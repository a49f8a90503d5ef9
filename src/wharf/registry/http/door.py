"""The door: words of a path, query or header become types that cannot be wrong. Behind it are no bare strings."""

from wharf.content.store import UploadId
from wharf.errors import MalformedQuery
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.reference import RepositoryName, Tag, parse_tag_or_digest
from wharf.protocol.paging import PageRequest, parse_page
from wharf.protocol.ranges import ByteRange, parse_content_range
from wharf.protocol.routes import UploadAt
from wharf.registry.http.message import Query, Request
from wharf.registry.services.uploads import Addressed, Chunk

__all__ = ["addressed", "algorithm", "chunk", "digest", "name", "page", "reference", "tags"]

name = RepositoryName.parse
digest = Digest.parse
reference = parse_tag_or_digest


def addressed(route: UploadAt) -> Addressed:
    return Addressed(RepositoryName.parse(route.name), UploadId.parse(route.upload))


def algorithm(query: Query) -> Algorithm:
    text = query.get("digest-algorithm")
    if text is None:
        return Algorithm.SHA256
    try:
        return Algorithm(text)
    except ValueError:
        known = ", ".join(Algorithm)
        raise MalformedQuery(text, "this digest algorithm is not supported", next_step=f"use one of: {known}") from None


def chunk(request: Request) -> Chunk:
    return Chunk(_span(request), request.content_length, request.body.pieces())


def page(query: Query, default: int, limit: int) -> PageRequest:
    return parse_page(query.get("n"), query.get("last"), default, limit)


def tags(query: Query) -> tuple[Tag, ...]:
    return tuple(Tag.parse(text) for text in query.all("tag"))


def _span(request: Request) -> ByteRange | None:
    header = request.header(b"content-range")
    return None if header is None else parse_content_range(header)
