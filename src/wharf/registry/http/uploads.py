"""Uploads on the wire: begun by POST, continued by PATCH, finished by PUT, asked about by GET, given up by DELETE."""

from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.protocol import routes
from wharf.protocol.routes import BlobAt, UploadAt, UploadStart
from wharf.registry.http import door
from wharf.registry.http.message import Headers, Reply, Request, headers
from wharf.registry.services.uploads import Addressed, Uploads

_EMPTY = (b"content-length", 0)  # not beside a 204, which has no body by its nature


class UploadHandlers:
    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    async def start(self, route: UploadStart, request: Request) -> Reply:
        """POST is three requests in one: mount a blob, push it whole, or begin an upload."""
        name = door.name(route.name)
        mounted = request.query.get("mount")
        if mounted is not None and await self._mount(name, door.digest(mounted), request):
            return _stored(name, door.digest(mounted))
        whole = request.query.get("digest")
        if whole is not None:
            return await self._push_whole(name, door.digest(whole), request)
        begun = await self._uploads.begin(request.caller, name, door.algorithm(request.query))
        return _accepted(begun, 0)

    async def status(self, route: UploadAt, request: Request) -> Reply:
        at = door.addressed(route)
        return Reply(204, _progress(at, await self._uploads.received(request.caller, at)))

    async def append(self, route: UploadAt, request: Request) -> Reply:
        at = door.addressed(route)
        return _accepted(at, await self._uploads.append(request.caller, at, door.chunk(request)))

    async def finish(self, route: UploadAt, request: Request) -> Reply:
        at = door.addressed(route)
        digest = door.digest(request.query.get("digest") or "")
        await self._uploads.finish(request.caller, at, digest, door.chunk(request))
        return _stored(at.name, digest)

    async def cancel(self, route: UploadAt, request: Request) -> Reply:
        await self._uploads.cancel(request.caller, door.addressed(route))
        return Reply(204)

    async def _mount(self, name: RepositoryName, digest: Digest, request: Request) -> bool:
        source = request.query.get("from")
        return await self._uploads.mount(request.caller, name, digest, door.name(source) if source else None)

    async def _push_whole(self, name: RepositoryName, digest: Digest, request: Request) -> Reply:
        await self._uploads.push_whole(request.caller, name, digest, door.chunk(request))
        return _stored(name, digest)


def _stored(name: RepositoryName, digest: Digest) -> Reply:
    location = routes.build(BlobAt(str(name), str(digest)))
    return Reply(201, headers(((b"location", location), (b"docker-content-digest", str(digest)), _EMPTY)))


def _accepted(at: Addressed, received: int) -> Reply:
    return Reply(202, (*_progress(at, received), *headers((_EMPTY,))))


def _progress(at: Addressed, received: int) -> Headers:
    """`Range` names the last byte we have; with none yet there is no honest way to say so but `0-0`."""
    location = routes.build(UploadAt(str(at.name), str(at.upload)))
    return headers(
        (
            (b"location", location),
            (b"range", f"0-{max(received - 1, 0)}"),
            (b"docker-upload-uuid", str(at.upload)),
        )
    )
