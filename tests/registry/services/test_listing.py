"""Pages are bounded in what they hold, and together they are the whole."""

from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_EMPTY, OCI_INDEX
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
