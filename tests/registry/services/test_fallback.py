"""The fallback tag of clients that know no referrers API, kept true beside those that do."""

import json

import pytest

from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX
from wharf.testing.registry import InProcessRegistry

APP = "team/app"


def digest_of(document: dict[str, object]) -> Digest:
    return Digest.of(json.dumps(document).encode())


def entry(document: dict[str, object]) -> dict[str, object]:
    size = len(json.dumps(document).encode())
    return {"mediaType": document["mediaType"], "digest": str(digest_of(document)), "size": size}


def pushed(registry: InProcessRegistry, document: dict[str, object]) -> Digest:
    return registry.push_manifest(APP, str(digest_of(document)), document)


def speaking(registry: InProcessRegistry, text: str, subject: dict[str, object]) -> dict[str, object]:
    document = {**registry.image(APP, text.encode()), "subject": entry(subject), "annotations": {"says": text}}
    pushed(registry, document)
    return document


def index_of(*documents: dict[str, object]) -> dict[str, object]:
    return {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry(document) for document in documents]}


def listed(registry: InProcessRegistry, subject: dict[str, object]) -> set[str]:
    tag = str(digest_of(subject)).replace(":", "-")
    answer = registry.request("GET", f"/v2/{APP}/manifests/{tag}")
    return {manifest["digest"] for manifest in answer.json()["manifests"]} if answer.status == 200 else set()


def push_fallback(registry: InProcessRegistry, subject: dict[str, object], *entries: dict[str, object]) -> None:
    registry.push_manifest(APP, str(digest_of(subject)).replace(":", "-"), index_of(*entries))


def test_no_fallback_tag_is_made_where_no_client_made_one(registry: InProcessRegistry) -> None:
    image = registry.image(APP)
    pushed(registry, image)
    speaking(registry, "signature", image)
    assert listed(registry, image) == set()


def test_a_new_referrer_is_added_to_an_old_clients_list(registry: InProcessRegistry) -> None:
    image = registry.image(APP)
    pushed(registry, image)
    old = speaking(registry, "signature", image)
    push_fallback(registry, image, old)
    new = speaking(registry, "sbom", image)
    assert listed(registry, image) == {str(digest_of(old)), str(digest_of(new))}


def test_an_old_client_that_overlooks_a_referrer_does_not_hide_it(registry: InProcessRegistry) -> None:
    image = registry.image(APP)
    pushed(registry, image)
    first, second = speaking(registry, "signature", image), speaking(registry, "sbom", image)
    push_fallback(registry, image, second)
    assert listed(registry, image) == {str(digest_of(first)), str(digest_of(second))}


def test_a_deleted_referrer_leaves_the_list(registry: InProcessRegistry) -> None:
    image = registry.image(APP)
    pushed(registry, image)
    first, second = speaking(registry, "signature", image), speaking(registry, "sbom", image)
    push_fallback(registry, image, first, second)
    registry.request("DELETE", f"/v2/{APP}/manifests/{digest_of(first)}")
    assert listed(registry, image) == {str(digest_of(second))}


def test_what_an_old_client_listed_without_a_subject_stays_listed(registry: InProcessRegistry) -> None:
    image = registry.image(APP)
    pushed(registry, image)
    silent = registry.image(APP, b"an artifact without a subject")
    pushed(registry, silent)
    push_fallback(registry, image, silent)
    loud = speaking(registry, "signature", image)
    assert listed(registry, image) == {str(digest_of(silent)), str(digest_of(loud))}


def test_a_tag_that_only_looks_like_a_fallback_is_left_alone(registry: InProcessRegistry) -> None:
    image = registry.image(APP)
    registry.push_manifest(APP, str(digest_of(image)).replace(":", "-"), image)
    speaking(registry, "signature", image)
    answer = registry.request("GET", f"/v2/{APP}/manifests/{str(digest_of(image)).replace(':', '-')}")
    assert answer.body == json.dumps(image).encode()


@pytest.mark.slow
def test_a_list_does_not_outgrow_what_a_manifest_may_be(registry: InProcessRegistry) -> None:
    image = registry.image(APP)
    pushed(registry, image)
    push_fallback(registry, image)
    heavy = [speaking(registry, text * 2_000_000, image) for text in "abc"]
    tag = str(digest_of(image)).replace(":", "-")
    answer = registry.request("GET", f"/v2/{APP}/manifests/{tag}")
    assert {str(digest_of(each)) for each in heavy} == listed(registry, image)
    assert len(answer.body) < 4 << 20
