"""GitHub's operations on versions of a package: list, show, delete, restore."""

from collections.abc import Iterator
from typing import Final

from wharf.metadata.records import VersionId
from wharf.registry.http.api import moments, parameters
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation
from wharf.registry.http.api.package_owners import CONTAINER, PACKAGE_NAME, PACKAGE_TYPE, WAYS, Way
from wharf.registry.http.api.packages import asked, package_url
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE, choice, in_path
from wharf.registry.http.api.schemas import ID, MOMENT, TEXT, TEXTS, URI, Shape, listed, one_of, told
from wharf.registry.services.packages.packages import PackageOwner, Packages
from wharf.registry.services.packages.versions import PackageVersions, VersionView

_METADATA: Final = told({"package_type": one_of([CONTAINER]), CONTAINER: told({"tags": TEXTS})})
_VERSION: Final[Shape] = {
    "title": "PackageVersion",
    **told(
        {
            "id": ID,
            "name": TEXT,
            "url": URI,
            "package_html_url": URI,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "html_url": URI,
            "metadata": _METADATA,
        },
        at_times={"deleted_at": MOMENT},
    ),
}
_STATE: Final = choice("state", "Those that are there, or those that can be restored.", "active", "deleted")
_ID: Final = in_path("package_version_id", "The number of the version.", ID)


class VersionsApi:
    def __init__(self, packages: Packages, versions: PackageVersions) -> None:
        self._packages = packages
        self._versions = versions

    def operations(self) -> tuple[Operation, ...]:
        return tuple(operation for way in WAYS for operation in (*self._readings(way), *self._changes(way)))

    def _readings(self, way: Way) -> Iterator[Operation]:
        path = f"{way.path}/packages/{{package_type}}/{{package_name}}/versions"
        named = (*way.parameters, PACKAGE_TYPE, PACKAGE_NAME)
        yield Operation(
            id=f"packages/get-all-package-versions-for-package-owned-by-{way.owned_by}",
            method="GET",
            path=path,
            about=f"The versions of a package of {way.about}, the newest first.",
            needs="the scope read:packages; any role in the owner, unless the package is public; "
            "for deleted ones the scope write:packages and the role maintainer",
            handler=self._list,
            answers={200: listed(_VERSION)},
            parameters=(*named, _STATE, PAGE, PER_PAGE),
        )
        yield Operation(
            id=f"packages/get-package-version-for-{way.listed_for}",
            method="GET",
            path=f"{path}/{{package_version_id}}",
            about=f"One version of a package of {way.about}.",
            needs="the scope read:packages; any role in the owner, unless the package is public",
            handler=self._show,
            answers={200: _VERSION},
            parameters=(*named, _ID),
        )

    def _changes(self, way: Way) -> Iterator[Operation]:
        path = f"{way.path}/packages/{{package_type}}/{{package_name}}/versions/{{package_version_id}}"
        named = (*way.parameters, PACKAGE_TYPE, PACKAGE_NAME, _ID)
        yield Operation(
            id=f"packages/delete-package-version-for-{way.changed_for}",
            method="DELETE",
            path=path,
            about=f"Delete a version of a package of {way.about}, with its tags; for a while it can be restored.",
            needs="the scope delete:packages; the role maintainer",
            handler=self._delete,
            answers={204: None},
            parameters=named,
            refusals=(403, 404, 409),
        )
        yield Operation(
            id=f"packages/restore-package-version-for-{way.changed_for}",
            method="POST",
            path=f"{path}/restore",
            about=f"Bring a deleted version of a package of {way.about} back, with those of its tags that are free.",
            needs="the scope write:packages; the role maintainer",
            handler=self._restore,
            answers={204: None},
            parameters=named,
            refusals=(403, 404, 409),
        )

    async def _list(self, request: ApiRequest) -> ApiReply:
        page = parameters.page(request.query)
        owner, name = await asked(request, self._packages)
        is_deleted = request.query.get("state") == "deleted"
        listing = self._versions.deleted if is_deleted else self._versions.active
        found = await listing(request.caller, name, page.start, page.size)
        shown = [_document(view, owner, str(name), request) for view in found.versions]
        return ApiReply(200, shown, linked(request, page, found.total))

    async def _show(self, request: ApiRequest) -> ApiReply:
        owner, name = await asked(request, self._packages)
        view = await self._versions.show(request.caller, name, _version(request))
        return ApiReply(200, _document(view, owner, str(name), request))

    async def _delete(self, request: ApiRequest) -> ApiReply:
        _, name = await asked(request, self._packages)
        await self._versions.delete(request.caller, name, _version(request))
        return ApiReply(204)

    async def _restore(self, request: ApiRequest) -> ApiReply:
        _, name = await asked(request, self._packages)
        await self._versions.restore(request.caller, name, _version(request))
        return ApiReply(204)


def _version(request: ApiRequest) -> VersionId:
    return VersionId(parameters.number(request, "package_version_id", "version"))


def _document(view: VersionView, owner: PackageOwner, name: str, request: ApiRequest) -> dict[str, object]:
    version = view.record
    deleted = {"deleted_at": moments.written(version.deleted_at)} if version.deleted_at is not None else {}
    return {
        "id": version.id,
        "name": str(version.digest),
        "url": f"{package_url(request, owner, request.path['package_name'])}/versions/{version.id}",
        "package_html_url": f"{request.base}/{name}",
        "created_at": moments.written(version.created_at),
        "updated_at": moments.written(version.updated_at),
        "html_url": f"{request.base}/{name}@{version.digest}",
        "metadata": {"package_type": CONTAINER, CONTAINER: {"tags": [str(tag) for tag in view.tags]}},
        **deleted,
    }
