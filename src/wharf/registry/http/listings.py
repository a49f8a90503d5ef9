"""Lists on the wire: tags, repositories and referrers, each page with a link to the next."""

import json

from wharf.errors import NotThere
from wharf.oci.media_types import OCI_INDEX
from wharf.protocol import routes
from wharf.protocol.paging import next_link
from wharf.protocol.routes import Catalog, ReferrersOf, TagList
from wharf.registry.http import door
from wharf.registry.http.errors import JSON
from wharf.registry.http.message import Headers, Reply, Request, headers
from wharf.registry.services.fallback import referrer_descriptor, referrers_index
from wharf.registry.services.listing import Listing
from wharf.registry.services.misses import Misses

DEFAULT_PAGE = 1000
LARGEST_PAGE = 10_000


class ListingHandlers:
    def __init__(self, listing: Listing, misses: Misses) -> None:
        self._listing = listing
        self._misses = misses

    async def tags(self, route: TagList, request: Request) -> Reply:
        asked = door.page(request.query, DEFAULT_PAGE, LARGEST_PAGE)
        try:
            found = await self._listing.tags(request.caller, door.name(route.name), asked)
        except NotThere as miss:
            raise await self._misses.explained(request.caller, miss) from None
        tags = [str(tag) for tag in found.items]
        more = _link(routes.build(route), asked.n, tags[-1]) if found.more else ()
        return _json({"name": route.name, "tags": tags}, more)

    async def catalog(self, route: Catalog, request: Request) -> Reply:
        asked = door.page(request.query, DEFAULT_PAGE, LARGEST_PAGE)
        found = await self._listing.repositories(request.caller, asked)
        names = [str(name) for name in found.items]
        more = _link(routes.build(route), asked.n, names[-1]) if found.more else ()
        return _json({"repositories": names}, more)

    async def referrers(self, route: ReferrersOf, request: Request) -> Reply:
        subject = door.digest(route.digest)
        artifact_type = request.query.get("artifactType")
        asked = door.page(request.query, DEFAULT_PAGE, DEFAULT_PAGE)
        found = await self._listing.referrers(request.caller, door.name(route.name), subject, artifact_type, asked)
        body = referrers_index(referrer_descriptor(referrer) for referrer in found.items)
        extra: Headers = ()
        if artifact_type is not None:
            extra += headers(((b"oci-filters-applied", "artifactType"),))
        if found.more:
            kept = (("artifactType", artifact_type),) if artifact_type is not None else ()
            extra += _link(routes.build(route), asked.n, str(found.items[-1].digest), kept)
        return Reply(200, (*headers(((b"content-type", OCI_INDEX), (b"content-length", len(body)))), *extra), body)


def _link(path: str, n: int, last: str, extra: tuple[tuple[str, str], ...] = ()) -> Headers:
    return headers(((b"link", next_link(path, n, last, extra)),))


def _json(document: object, extra: Headers) -> Reply:
    body = json.dumps(document, ensure_ascii=False).encode()
    return Reply(200, (*headers(((b"content-type", JSON), (b"content-length", len(body)))), *extra), body)
