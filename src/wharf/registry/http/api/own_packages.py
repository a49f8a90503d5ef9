"""What GitHub's API of packages lacks: who sees a package, where its tags pointed, what speaks about its versions.

`{name}` is the whole name of the repository, with %2F for each slash. What is public may be read by anybody here.
"""

from typing import Final

from wharf.metadata.records import ReferrerRecord, TagEvent
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.http.api import moments, parameters
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation, Parameter, Place
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE, in_path
from wharf.registry.http.api.schemas import COUNT, DIGEST, ID, MAYBE_TEXT, MOMENT, TAG, TEXT, listed, one_of, sent, told
from wharf.registry.services.packages.history import PackageHistory
from wharf.registry.services.packages.packages import Packages, PackageView, owner_of

_ONE: Final = f"{OWN}/packages/{{name}}"
_NAME: Final = in_path("name", "The whole name of the repository, with %2F for each slash.")
_TAG: Final = in_path("tag", "The tag; also one that is gone.", TAG)
_DIGEST: Final = in_path("digest", "The digest of what is spoken about.", DIGEST)
_ARTIFACT_TYPE: Final = Parameter("artifact_type", Place.QUERY, "Only those of this type.", TEXT)
_VISIBILITY: Final = one_of(["public", "private"])
_PACKAGE: Final = told(
    {
        "id": ID,
        "name": TEXT,
        "owner": MAYBE_TEXT,
        "package": TEXT,
        "visibility": _VISIBILITY,
        "version_count": COUNT,
        "tag_count": COUNT,
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }
)
_EVENT: Final = told(
    {"tag": TEXT, "digest": MAYBE_TEXT, "previous": MAYBE_TEXT, "actor": MAYBE_TEXT, "happened_at": MOMENT}
)
_REFERRER: Final = told(
    {
        "digest": TEXT,
        "media_type": TEXT,
        "artifact_type": MAYBE_TEXT,
        "size": COUNT,
        "annotations": {"type": "object", "additionalProperties": TEXT},
    }
)
_READ: Final = "nothing for what is public; else the scope read:packages and any role in the owner"


class OwnPackagesApi:
    def __init__(self, packages: Packages, history: PackageHistory) -> None:
        self._packages = packages
        self._history = history

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_the_whole(), *self._of_its_past())

    def _of_the_whole(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/packages/get",
                method="GET",
                path=_ONE,
                about="One package.",
                needs=_READ,
                handler=self._show,
                answers={200: _PACKAGE},
                parameters=(_NAME,),
            ),
            Operation(
                id="wharf/packages/set-visibility",
                method="PATCH",
                path=_ONE,
                about="Make a package public, to be pulled by anybody, or private. GitHub's API cannot do that.",
                needs="the scope admin; the role maintainer",
                handler=self._set_visibility,
                answers={200: _PACKAGE},
                parameters=(_NAME,),
                body=sent({"visibility": _VISIBILITY}, required=["visibility"]),
                example={"visibility": "public"},
            ),
        )

    def _of_its_past(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/packages/tag-history",
                method="GET",
                path=f"{_ONE}/tags/{{tag}}/history",
                about="Where a tag pointed, the latest first; `digest` is null where it was taken away. "
                "Who moved it is told to those who may push.",
                needs=_READ,
                handler=self._tag_history,
                answers={200: listed(_EVENT)},
                parameters=(_NAME, _TAG, PAGE, PER_PAGE),
            ),
            Operation(
                id="wharf/packages/referrers",
                method="GET",
                path=f"{_ONE}/referrers/{{digest}}",
                about="What speaks about a version: signatures, attestations, lists of contents.",
                needs=_READ,
                handler=self._referrers,
                answers={200: listed(_REFERRER)},
                parameters=(_NAME, _DIGEST, _ARTIFACT_TYPE, PAGE, PER_PAGE),
            ),
        )

    async def _show(self, request: ApiRequest) -> ApiReply:
        return await self._shown(request, _name(request))

    async def _set_visibility(self, request: ApiRequest) -> ApiReply:
        name = _name(request)
        is_public = parameters.text_in(request.body, "visibility") == "public"
        await self._packages.set_public(request.caller, name, is_public=is_public)
        return await self._shown(request, name)

    async def _shown(self, request: ApiRequest, name: RepositoryName) -> ApiReply:
        return ApiReply(200, _document(await self._packages.show(request.caller, owner_of(name), name)))

    async def _tag_history(self, request: ApiRequest) -> ApiReply:
        page, tag = parameters.page(request.query), Tag.parse(request.path["tag"])
        found = await self._history.of_tag(request.caller, _name(request), tag, page.start, page.size)
        return ApiReply(200, [_event(event) for event in found.events], linked(request, page, found.total))

    async def _referrers(self, request: ApiRequest) -> ApiReply:
        page, subject = parameters.page(request.query), Digest.parse(request.path["digest"])
        kind = request.query.get("artifact_type")
        name = _name(request)
        shown = await self._history.referrers(request.caller, name, subject, kind, page.start, page.size)
        return ApiReply(200, [_referrer(each) for each in shown.found], linked(request, page, shown.total))


def _name(request: ApiRequest) -> RepositoryName:
    return parameters.repository(request.path["name"])


def _document(view: PackageView) -> dict[str, object]:
    return {
        "id": view.record.id,
        "name": str(view.record.name),
        "owner": str(view.owner.login) if view.owner.login else None,
        "package": view.name,
        "visibility": "public" if view.record.is_public else "private",
        "version_count": view.version_count,
        "tag_count": view.tag_count,
        "created_at": moments.written(view.record.created_at),
        "updated_at": moments.written(view.record.updated_at),
    }


def _event(event: TagEvent) -> dict[str, object]:
    return {
        "tag": str(event.tag),
        "digest": str(event.digest) if event.digest else None,
        "previous": str(event.previous) if event.previous else None,
        "actor": event.actor or None,
        "happened_at": moments.written(event.happened_at),
    }


def _referrer(referrer: ReferrerRecord) -> dict[str, object]:
    return {
        "digest": str(referrer.digest),
        "media_type": referrer.media_type,
        "artifact_type": referrer.artifact_type,
        "size": referrer.size,
        "annotations": dict(referrer.annotations),
    }
