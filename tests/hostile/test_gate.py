"""Use case by use case: each asks the gate before it looks at anything, and is refused alike whatever is there."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.hostile.hidden import SECRET_LAYER, House, team_and_public
from tests.registry.policies import Allowing
from wharf.content.store import UploadId
from wharf.errors import Denied, NotAuthenticated, RepositoryUnknown, WharfError
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.media_types import OCI_INDEX
from wharf.oci.reference import RepositoryName, Tag
from wharf.protocol.paging import PageRequest
from wharf.registry.services.access import ANYBODY, Caller, Gate
from wharf.registry.services.deletion import Deletion
from wharf.registry.services.leases import Leases
from wharf.registry.services.listing import Listing
from wharf.registry.services.publishing import Publishing, Submission
from wharf.registry.services.pull import Pull
from wharf.registry.services.uploads import Addressed, Chunk, Uploads

BOB = Caller("bob")
LAYER = Digest.of(SECRET_LAYER)


@dataclass(frozen=True, slots=True)
class Services:
    pull: Pull
    uploads: Uploads
    publishing: Publishing
    deletion: Deletion
    listing: Listing


async def nothing() -> AsyncIterator[bytes]:
    for piece in list[bytes]():
        yield piece


EMPTY_INDEX = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}).encode()
NO_UPLOAD = UploadId("0" * 32, Algorithm.SHA256)
CHUNK = Chunk(None, 0, nothing())
PAGE = PageRequest(10)
HUSH = Tag("hush")
UseCase = Callable[[Services, Caller, RepositoryName], Awaitable[object]]
READING: dict[str, UseCase] = {
    "manifest by tag": lambda to, who, name: to.pull.manifest(who, name, HUSH),
    "manifest by digest": lambda to, who, name: to.pull.manifest(who, name, LAYER),
    "blob": lambda to, who, name: to.pull.blob(who, name, LAYER),
    "presence of a blob": lambda to, who, name: to.pull.presence(who, name, LAYER),
    "tags": lambda to, who, name: to.listing.tags(who, name, PAGE),
    "referrers": lambda to, who, name: to.listing.referrers(who, name, LAYER, None, PAGE),
}
WRITING: dict[str, UseCase] = {
    "begin": lambda to, who, name: to.uploads.begin(who, name, Algorithm.SHA256),
    "status": lambda to, who, name: to.uploads.received(who, Addressed(name, NO_UPLOAD)),
    "append": lambda to, who, name: to.uploads.append(who, Addressed(name, NO_UPLOAD), CHUNK),
    "finish": lambda to, who, name: to.uploads.finish(who, Addressed(name, NO_UPLOAD), LAYER, CHUNK),
    "cancel": lambda to, who, name: to.uploads.cancel(who, Addressed(name, NO_UPLOAD)),
    "push whole": lambda to, who, name: to.uploads.push_whole(who, name, LAYER, CHUNK),
    "mount": lambda to, who, name: to.uploads.mount(who, name, LAYER, RepositoryName("team/app")),
    "publish": lambda to, who, name: to.publishing.publish(who, Submission(name, HUSH, (), None, EMPTY_INDEX)),
    "delete manifest": lambda to, who, name: to.deletion.manifest(who, name, HUSH),
    "delete blob": lambda to, who, name: to.deletion.blob(who, name, LAYER),
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Those of a house that has something to hide."""
    house = House(tmp_path_factory.mktemp("house"), Allowing(team_and_public))
    house.stock()
    house.hide()
    content, metadata, clock = house.registry.content, house.registry.metadata, house.clock
    gate = Gate(Allowing(team_and_public))
    yield Services(
        Pull(content, metadata, gate, Leases(metadata, clock, 60.0)),
        Uploads(content, metadata, gate, clock),
        Publishing(metadata, gate, clock),
        Deletion(metadata, gate, clock),
        Listing(metadata, gate),
    )
    house.close()


def refused(case: UseCase, services: Services, caller: Caller, name: str) -> tuple[type[WharfError], str]:
    """How it is refused, with the name taken out of the words."""

    async def story() -> object:
        return await case(services, caller, RepositoryName(name))

    with pytest.raises(WharfError) as refusal:
        asyncio.run(story())
    return refusal.type, str(refusal.value.diagnostics()).replace(name, "NAME")


@pytest.mark.parametrize("case", READING.values(), ids=READING)
@pytest.mark.parametrize(("caller", "kind"), [(BOB, RepositoryUnknown), (ANYBODY, NotAuthenticated)])
def test_a_hidden_repository_is_refused_as_one_that_is_not_there(
    services: Services, case: UseCase, caller: Caller, kind: type[WharfError]
) -> None:
    there, not_there = (refused(case, services, caller, name) for name in ("secret/app", "secret/no"))
    assert (kind, there) == (there[0], not_there)


@pytest.mark.parametrize("case", WRITING.values(), ids=WRITING)
@pytest.mark.parametrize("caller", [BOB, ANYBODY], ids=["bob", "anybody"])
def test_writing_below_a_foreign_name_is_refused_alike_whether_it_is_there_or_not(
    services: Services, case: UseCase, caller: Caller
) -> None:
    there, not_there = (refused(case, services, caller, name) for name in ("secret/app", "secret/no"))
    assert there == not_there


@pytest.mark.parametrize("case", WRITING.values(), ids=WRITING)
def test_who_may_only_read_is_told_so_whether_it_is_there_or_not(services: Services, case: UseCase) -> None:
    there, not_there = (refused(case, services, BOB, name) for name in ("public/app", "public/no"))
    assert (Denied, there) == (there[0], not_there)


def test_names_that_may_not_be_read_are_not_listed(services: Services) -> None:
    listed = asyncio.run(listed_one_by_one(services.listing))
    assert ["public/app", "team/app"] == listed


async def listed_one_by_one(listing: Listing) -> list[str]:
    names: list[str] = []
    while (page := await listing.repositories(BOB, PageRequest(1, names[-1] if names else None))).items:
        names += map(str, page.items)
    return names
