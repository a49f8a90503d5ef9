"""GitHub's operations on packages as wholes: list, show, delete, restore."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from wharf.oci.reference import RepositoryName
from wharf.registry.http.api import moments, parameters
from wharf.registry.http.api.github_accounts import SIMPLE_USER
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation, Parameter, Place
from wharf.registry.http.api.package_owners import (
    CONTAINER,
    PACKAGE_NAME,
    PACKAGE_TYPE,
    TYPES,
    WAYS,
    Way,
    address_of,
    name_in,
    owner_document,
    owner_in,
)
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE, choice
from wharf.registry.http.api.schemas import COUNT, ID, MOMENT, TEXT, URI, Shape, listed, one_of, told
from wharf.registry.services.packages.packages import PackageOwner, Packages, PackageView

PACKAGE: Final[Shape] = {
    "title": "Package",
    **told(
        {
            "id": ID,
            "name": TEXT,
            "package_type": one_of([CONTAINER]),
            "owner": {"anyOf": [SIMPLE_USER, {"type": "null"}]},
            "version_count": COUNT,
            "visibility": one_of(["private", "public"]),
            "url": URI,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "html_url": URI,
        }
    ),
}
LIST: Final = listed(PACKAGE)
_KIND: Final = choice("package_type", "The kind of packages to list; here are containers only.", *TYPES, required=True)
_VISIBILITY: Final = choice("visibility", "Only those that are seen by these.", "public", "private", "internal")
_TOKEN: Final = Parameter("token", Place.QUERY, "GitHub's; it is not minded here.", TEXT)
_READ: Final = "the scope read:packages; shown are those that are public, and those of one's own owners"


class PackagesApi:
    def __init__(self, packages: Packages) -> None:
        self._packages = packages

    def operations(self) -> tuple[Operation, ...]:
        return tuple(operation for way in WAYS for operation in (*self._lists(way), *self._singles(way)))

    def _lists(self, way: Way) -> Iterator[Operation]:
        yield Operation(
            id=f"packages/list-docker-migration-conflicting-packages-for-{way.listed_for}",
            method="GET",
            path=f"{way.path}/docker/conflicts",
            about=f"Packages of {way.about} that a migration left behind; there never are any.",
            needs="the scope read:packages",
            handler=self._conflicts,
            answers={200: LIST},
            parameters=way.parameters,
        )
        yield Operation(
            id=f"packages/list-packages-for-{way.listed_for}",
            method="GET",
            path=f"{way.path}/packages",
            about=f"The packages of {way.about}, by name.",
            needs=_READ,
            handler=self._list,
            answers={200: LIST},
            parameters=(*way.parameters, _KIND, _VISIBILITY, PAGE, PER_PAGE),
        )

    def _singles(self, way: Way) -> Iterator[Operation]:
        path = f"{way.path}/packages/{{package_type}}/{{package_name}}"
        named = (*way.parameters, PACKAGE_TYPE, PACKAGE_NAME)
        yield Operation(
            id=f"packages/get-package-for-{way.listed_for}",
            method="GET",
            path=path,
            about=f"One package of {way.about}.",
            needs="the scope read:packages; any role in the owner, unless the package is public",
            handler=self._show,
            answers={200: PACKAGE},
            parameters=named,
        )
        yield Operation(
            id=f"packages/delete-package-for-{way.changed_for}",
            method="DELETE",
            path=path,
            about=f"Delete a whole package of {way.about}; for a while it can be restored.",
            needs="the scope delete:packages; the role maintainer",
            handler=self._delete,
            answers={204: None},
            parameters=named,
        )
        yield Operation(
            id=f"packages/restore-package-for-{way.changed_for}",
            method="POST",
            path=f"{path}/restore",
            about=f"Bring a deleted package of {way.about} back, unless it was begun anew.",
            needs="the scope write:packages; the role maintainer",
            handler=self._restore,
            answers={204: None},
            parameters=(*named, _TOKEN),
            refusals=(403, 404, 409),
        )

    async def _conflicts(self, request: ApiRequest) -> ApiReply:
        await owner_in(request, self._packages)
        return ApiReply(200, [])

    async def _list(self, request: ApiRequest) -> ApiReply:
        page = parameters.page(request.query)
        owner = await owner_in(request, self._packages)
        visibility = request.query.get("visibility")
        public = None if visibility is None else visibility == "public"
        shown, total = await self._packages.page(request.caller, owner, page.start, page.size, public=public)
        if request.query.get("package_type") != CONTAINER or visibility == "internal":
            shown, total = [], 0
        return ApiReply(200, [package_document(view, request) for view in shown], linked(request, page, total))

    async def _show(self, request: ApiRequest) -> ApiReply:
        owner, name = await self._asked(request)
        return ApiReply(200, package_document(await self._packages.show(request.caller, owner, name), request))

    async def _delete(self, request: ApiRequest) -> ApiReply:
        _, name = await self._asked(request)
        await self._packages.delete(request.caller, name)
        return ApiReply(204)

    async def _restore(self, request: ApiRequest) -> ApiReply:
        _, name = await self._asked(request)
        await self._packages.restore(request.caller, name)
        return ApiReply(204)

    async def _asked(self, request: ApiRequest) -> tuple[PackageOwner, RepositoryName]:
        return await asked(request, self._packages)


async def asked(request: ApiRequest, packages: Packages) -> tuple[PackageOwner, RepositoryName]:
    """Which package of whom."""
    owner = await owner_in(request, packages)
    return owner, name_in(request, owner)


def package_document(view: PackageView, request: ApiRequest) -> dict[str, object]:
    return {
        "id": view.record.id,
        "name": view.name,
        "package_type": CONTAINER,
        "owner": owner_document(request, view.owner),
        "version_count": view.version_count,
        "visibility": "public" if view.record.is_public else "private",
        "url": package_url(request, view.owner, view.name),
        "created_at": moments.written(view.record.created_at),
        "updated_at": moments.written(view.record.updated_at),
        "html_url": f"{request.base}/{view.record.name}",
    }


def package_url(request: ApiRequest, owner: PackageOwner, package: str) -> str:
    return f"{address_of(request, owner)}/packages/{CONTAINER}/{quote(package, safe='')}"
