"""Pages are bounded in what they hold, and together they are the whole."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.registry.conftest import HandClock
from wharf.access.rights import Rights
from wharf.access.role import Role
from wharf.errors import RepositoryUnknown
from wharf.metadata.ledger import Ledger
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_EMPTY, OCI_INDEX
from wharf.oci.reference import RepositoryName
from wharf.protocol.paging import PageRequest
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.identity.role_policy import RolePolicy
from wharf.registry.services.listing import Listing
from wharf.registry.services.misses import Misses
from wharf.testing.contracts.packages import publish
from wharf.testing.registry import Answer, InProcessRegistry

APP = "team/app"
SUBJECT = {"mediaType": OCI_INDEX, "digest": str(Digest.of(b"subject")), "size": 7}
MIB = 1 << 20


def spoken_about(registry: InProcessRegistry, count: int, letters: int) -> set[str]:
    """So many referrers of one subject, each with an annotation of so many letters."""
    documents: list[dict[str, object]] = [
        {
            "schemaVersion": 2,
            "mediaType": OCI_INDEX,
            "manifests": [],
            "artifactType": OCI_EMPTY,
            "subject": SUBJECT,
            "annotations": {"says": f"{number}".ljust(letters)},
        }
        for number in range(count)
    ]
    return {str(registry.push_manifest(APP, f"t{number}", each)) for number, each in enumerate(documents)}


def walked(registry: InProcessRegistry, query: str = "") -> list[Answer]:
    pages = [registry.request("GET", f"/v2/{APP}/referrers/{SUBJECT['digest']}{query}")]
    while "link" in pages[-1].headers:
        pages.append(registry.request("GET", pages[-1].headers["link"].partition(">")[0].removeprefix("<")))
    return pages


def digests(pages: list[Answer]) -> list[str]:
    return [entry["digest"] for page in pages for entry in page.json()["manifests"]]


def test_heavy_referrers_come_in_pages_that_a_client_can_take(registry: InProcessRegistry) -> None:
    pushed = spoken_about(registry, 5, MIB)
    pages = walked(registry)
    assert sorted(pushed) == digests(pages)
    assert all(len(page.body) < 4 * MIB for page in pages)
    assert 2 <= len(pages)


def test_a_referrer_that_fills_a_page_alone_is_still_listed(registry: InProcessRegistry) -> None:
    pushed = spoken_about(registry, 2, 4 * MIB - 1000)
    assert sorted(pushed) == digests(walked(registry))


def test_light_referrers_come_in_one_page_in_several_steps(registry: InProcessRegistry) -> None:
    pushed = spoken_about(registry, 40, 10)
    pages = walked(registry, f"?artifactType={OCI_EMPTY}")
    assert ([sorted(pushed)], ["artifactType"]) == (
        [digests(pages)],
        [page.headers["oci-filters-applied"] for page in pages],
    )


def test_pages_of_any_size_make_up_the_same_list(registry: InProcessRegistry) -> None:
    pushed = spoken_about(registry, 5, 10)
    assert [sorted(pushed)] * 3 == [digests(walked(registry, f"?n={size}")) for size in (1, 4, 5)]
    assert [] == digests(walked(registry, "?n=0"))


class Asked(RolePolicy):
    """Remembers which repositories it was asked about."""

    def __init__(self, metadata: MetadataStore) -> None:
        super().__init__(metadata)
        self.names: list[str] = []

    def may_read(self, caller: Caller, name: RepositoryName, *, is_public: bool) -> bool:
        self.names.append(str(name))
        return super().may_read(caller, name, is_public=is_public)


Lists = Callable[[MetadataStore, Gate, Caller], Awaitable[Sequence[object]]]


async def listed(metadata: MetadataStore, gate: Gate, caller: Caller) -> Sequence[object]:
    return (await Listing(metadata, gate).repositories(caller, PageRequest(25, None))).items


async def searched(metadata: MetadataStore, gate: Gate, caller: Caller) -> Sequence[object]:
    return await Listing(metadata, gate).holding(caller, ["boat"], 25)


async def resembling(metadata: MetadataStore, gate: Gate, caller: Caller) -> Sequence[object]:
    miss = RepositoryUnknown("crew/boot")
    explained = await Misses(metadata, gate, HandClock()).explained(caller, miss)
    assert isinstance(explained, RepositoryUnknown)
    return explained.nearest


@pytest.mark.parametrize("lists", [listed, searched, resembling])
@pytest.mark.parametrize(("roles", "asked"), [({}, []), ({"crew": Role.READER}, ["crew/boat"])])
def test_what_is_private_and_somebody_else_s_is_not_even_looked_at(
    tmp_path: Path, roles: dict[str, Role], asked: list[str], lists: Lists
) -> None:
    metadata = SqliteMetadata(tmp_path, forced=False)
    policy = Asked(metadata)
    caller = Caller(rights=Rights(is_known=bool(roles), roles=roles))

    async def story() -> Sequence[object]:
        for name in ("crew/boat", "other/boat"):
            await metadata.write(partial(publish_one, RepositoryName(name)))
        return await lists(metadata, Gate(policy), caller)

    found = asyncio.run(story())
    metadata.close()
    assert (asked, asked) == (policy.names, [str(name) for name in found])


def publish_one(name: RepositoryName, ledger: Ledger) -> None:
    publish(ledger, name, "an image")
