"""The API of statistics: pulls and room, of a package, of an owner, of the registry. GitHub has no such thing."""

from collections.abc import Sequence
from typing import Final

from wharf.metadata.usage import Room
from wharf.oci.digest import Digest
from wharf.registry.http.api import moments
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation, Parameter, Place
from wharf.registry.http.api.parameters import in_path, login, repository
from wharf.registry.http.api.schemas import COUNT, DAY, DIGEST, MAYBE_MOMENT, MAYBE_TEXT, TAG, TEXT, Shape, listed, told
from wharf.registry.services.statistics.statistics import (
    Days,
    PackageStatistics,
    PulledVersion,
    Question,
    Statistics,
    WholeStatistics,
)

_USUAL_DAYS: Final = 30
_MOST_DAYS: Final = 366
_DAYS_PARAMETER: Final = Parameter(
    "days",
    Place.QUERY,
    "The last so many days, today included.",
    {"type": "integer", "minimum": 1, "maximum": _MOST_DAYS, "default": _USUAL_DAYS},
)
_TAG_PARAMETER: Final = Parameter("tag", Place.QUERY, "Only pulls of this tag.", TAG)
_DIGEST_PARAMETER: Final = Parameter("digest", Place.QUERY, "Only pulls of this manifest.", DIGEST)


def _rows(members: Shape) -> Shape:
    return listed(told(members))


_STORAGE: Final = told(
    dict.fromkeys(
        (
            *("bytes", "own_bytes", "shared_bytes", "restorable_bytes", "separately_bytes"),
            *("blobs", "manifests", "manifest_bytes"),
        ),
        COUNT,
    )
)
_WINDOW: Final[Shape] = {
    "from": DAY,
    "to": DAY,
    "pulls": COUNT,
    "by_day": _rows({"day": DAY, "pulls": COUNT}),
    "by_account": {**_rows({"account": MAYBE_TEXT, "pulls": COUNT}), "type": ["array", "null"]},
}
_VERSION: Final[Shape] = {
    "id": {"type": ["integer", "null"]},
    "digest": TEXT,
    "pulls": COUNT,
    "total": COUNT,
    "latest": MAYBE_MOMENT,
}
_PACKAGE: Final = told(
    {
        "name": TEXT,
        "total": COUNT,
        "latest": MAYBE_MOMENT,
        **_WINDOW,
        "by_tag": _rows({"tag": MAYBE_TEXT, "pulls": COUNT}),
        "by_version": _rows(_VERSION),
        "storage": _STORAGE,
    }
)
_WHOLE: Final = told(
    {
        "name": MAYBE_TEXT,
        **_WINDOW,
        "by_package": _rows({"name": TEXT, "pulls": COUNT}),
        "largest": _rows({"name": TEXT, "bytes": COUNT}),
        "storage": _STORAGE,
    }
)
_NAME: Final = in_path("name", "The whole name of the repository, its slashes escaped: `crew%2Fapp`.")
_NEEDED_FOR_NAMES: Final = "`by_account`: admin and the role maintainer"
_ABOUT_PACKAGE: Final = (
    "Pulls of a package per day, tag, version and account, and the room that it takes. HEAD is no pull, and an image of"
    " several platforms is pulled once. A tag of null stands for pulls by digest, an account of null for nobody. Each"
    " list holds the 100 with the most pulls."
)
_ABOUT_OWNER: Final = (
    "Pulls of all packages of an owner, and the room that they take together. `bytes` counts each blob once;"
    " `shared_bytes` are those of them that several packages hold, `separately_bytes` is what it would be if each kept"
    " its own, and `restorable_bytes` are held only for versions that were deleted."
)


class StatisticsApi:
    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/package-stats",
                method="GET",
                path=f"{OWN}/packages/{{name}}/stats",
                about=_ABOUT_PACKAGE,
                needs=f"read:packages and the role reader, unless it is public; {_NEEDED_FOR_NAMES}",
                handler=self._package,
                answers={200: _PACKAGE},
                parameters=(_NAME, _DAYS_PARAMETER, _TAG_PARAMETER, _DIGEST_PARAMETER),
            ),
            Operation(
                id="wharf/org-stats",
                method="GET",
                path=f"{OWN}/orgs/{{org}}/stats",
                about=_ABOUT_OWNER,
                needs=f"read:packages and the role reader; {_NEEDED_FOR_NAMES}",
                handler=self._owner,
                answers={200: _WHOLE},
                parameters=(in_path("org", "An organisation or a user."), _DAYS_PARAMETER),
            ),
            Operation(
                id="wharf/registry-stats",
                method="GET",
                path=f"{OWN}/stats",
                about="Pulls of all packages of the registry, and the room that they take together.",
                needs="admin, of an administrator",
                handler=self._registry,
                answers={200: _WHOLE},
                parameters=(_DAYS_PARAMETER,),
                refusals=(403,),
            ),
        )

    async def _package(self, request: ApiRequest) -> ApiReply:
        name = repository(request.path["name"])
        digest = request.query.get("digest")
        question = Question(_days_of(request), request.query.get("tag"), Digest.parse(digest) if digest else None)
        found = await self._statistics.of_package(request.caller, name, question)
        return ApiReply(200, _package_document(str(name), found))

    async def _owner(self, request: ApiRequest) -> ApiReply:
        owner = login(request, "org")
        found = await self._statistics.of_owner(request.caller, owner, _days_of(request))
        return ApiReply(200, _whole_document(str(owner), found))

    async def _registry(self, request: ApiRequest) -> ApiReply:
        found = await self._statistics.of_registry(request.caller, _days_of(request))
        return ApiReply(200, _whole_document(None, found))


def _days_of(request: ApiRequest) -> int:
    """What was told follows the schema."""
    return int(request.query.get("days") or _USUAL_DAYS)


def _package_document(name: str, found: PackageStatistics) -> dict[str, object]:
    return {
        "name": name,
        "total": found.ever,
        "latest": moments.maybe_written(found.latest),
        **_window(found.days, found.by_account),
        "by_tag": [{"tag": tag or None, "pulls": pulls} for tag, pulls in found.by_tag],
        "by_version": [_version(version) for version in found.by_version],
        "storage": _storage(found.room),
    }


def _whole_document(name: str | None, found: WholeStatistics) -> dict[str, object]:
    return {
        "name": name,
        **_window(found.days, found.by_account),
        "by_package": [{"name": str(package), "pulls": pulls} for package, pulls in found.by_repository],
        "largest": [{"name": str(package), "bytes": size} for package, size in found.largest],
        "storage": _storage(found.room),
    }


def _window(days: Days, accounts: Sequence[tuple[str, int]] | None) -> dict[str, object]:
    named = [{"account": account or None, "pulls": pulls} for account, pulls in accounts or ()]
    return {
        "from": moments.day_written(days.first),
        "to": moments.day_written(days.first + len(days.pulls) - 1),
        "pulls": sum(days.pulls),
        "by_day": [
            {"day": moments.day_written(days.first + number), "pulls": pulls} for number, pulls in enumerate(days.pulls)
        ],
        "by_account": None if accounts is None else named,
    }


def _version(version: PulledVersion) -> dict[str, object]:
    return {
        "id": version.id,
        "digest": str(version.ever.digest),
        "pulls": version.pulls,
        "total": version.ever.pulls,
        "latest": moments.written(version.ever.pulled_at),
    }


def _storage(room: Room) -> dict[str, object]:
    return {
        "bytes": room.bytes,
        "own_bytes": room.own_bytes,
        "shared_bytes": room.shared_bytes,
        "restorable_bytes": room.restorable_bytes,
        "separately_bytes": room.separately_bytes,
        "blobs": room.blobs,
        "manifests": room.manifests,
        "manifest_bytes": room.manifest_bytes,
    }
