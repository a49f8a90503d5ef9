"""Manifests that are not what they say, and two who push at once."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.cases import each
from tests.registry.policies import Allowing
from tests.registry.services.test_misses import only_team
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import TagEvent
from wharf.oci.digest import Digest
from wharf.oci.media_types import DOCKER_SCHEMA1_SIGNED, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST
from wharf.oci.reference import RepositoryName, Tag
from wharf.testing.registry import InProcessRegistry, Wire

MIB = 1 << 20
LATEST = "/v2/team/app/manifests/latest"


def put(registry: InProcessRegistry, body: bytes, content_type: str = OCI_MANIFEST) -> tuple[int, str]:
    answer = registry.request("PUT", LATEST, body, {"content-type": content_type})
    return answer.status, answer.code if answer.status >= 400 else ""


@each(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"manifest"',
        b"{",
        b'{"schemaVersion": 2, "schemaVersion": 2}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"schemaVersion": 2, "x": "\\ud800"}',
        b'{"schemaVersion": 2, "x": "\x00"}',
        b'{"schemaVersion": 2, "x": NaN}',
        b'{"schemaVersion": 2' + b"0" * 10_000 + b"}",
        b"\xff\xfe{}",
        b'\xef\xbb\xbf{"schemaVersion": 2}',
        b'{"schemaVersion": "2", "config": {}, "layers": []}',
        b'{"schemaVersion": 2, "config": [], "layers": {}}',
        b'{"schemaVersion": 2, "config": {"mediaType": "a/b", "digest": "sha256:x", "size": 2}, "layers": []}',
    ],
)
def test_what_is_no_manifest_is_refused(registry: InProcessRegistry, body: bytes) -> None:
    assert put(registry, body) == (400, "MANIFEST_INVALID")


def test_schema_1_is_refused_with_what_to_do(registry: InProcessRegistry) -> None:
    answer = registry.request("PUT", LATEST, b'{"schemaVersion": 1}', {"content-type": DOCKER_SCHEMA1_SIGNED})
    assert (answer.status, answer.code) == (400, "MANIFEST_INVALID")
    assert "skopeo copy --format v2s2" in answer.json()["errors"][0]["detail"]["nextStep"]


def test_four_mebibytes_are_taken_and_one_byte_more_is_not(registry: InProcessRegistry) -> None:
    document = {**registry.image("team/app"), "annotations": {"fill": ""}}
    room = 4 * MIB - len(json.dumps(document))
    document["annotations"] = {"fill": "x" * room}
    assert put(registry, json.dumps(document).encode()) == (201, "")
    document["annotations"] = {"fill": "x" * (room + 1)}
    assert put(registry, json.dumps(document).encode()) == (413, "SIZE_INVALID")


def test_who_may_not_push_is_told_so_before_anything_of_the_manifest(tmp_path: Path) -> None:
    with InProcessRegistry(tmp_path, policy=Allowing(only_team)) as registry:
        target = LATEST.replace("team", "secret")
        too_much = registry.request("PUT", target, b" " * (4 * MIB + 1))
        cut_off = registry.exchange("PUT", target, Wire((b"{",), hangs_up=True))
        assert ["UNAUTHORIZED"] * 2 == [answer.code for answer in (too_much, cut_off)]


def test_a_manifest_without_its_blobs_names_each_that_is_missing(registry: InProcessRegistry) -> None:
    document = registry.image("team/elsewhere", b"a layer")
    answer = registry.request("PUT", LATEST, json.dumps(document).encode(), {"content-type": OCI_MANIFEST})
    assert (answer.status, answer.code) == (404, "MANIFEST_BLOB_UNKNOWN")
    missing = [f"missing: {Digest.of(part)}" for part in (b"{}", b"a layer")]
    assert missing == [piece for error in answer.json()["errors"] for piece in error["detail"]["evidence"]]


@pytest.mark.slow
def test_an_answer_does_not_grow_with_the_thousands_of_parts_that_a_manifest_lacks(
    registry: InProcessRegistry,
) -> None:
    lacking = [{"mediaType": OCI_LAYER_GZIP, "digest": f"sha256:{number:064x}", "size": 1} for number in range(5000)]
    document = {**registry.image("team/app"), "layers": lacking}
    answer = registry.request("PUT", LATEST, json.dumps(document).encode(), {"content-type": OCI_MANIFEST})
    assert answer.code == "MANIFEST_BLOB_UNKNOWN"
    assert "names 5000 parts" in answer.json()["errors"][0]["detail"]["cause"]
    assert len(answer.body) < 100_000


def test_a_refused_manifest_leaves_no_repository_behind(registry: InProcessRegistry) -> None:
    document = registry.image("team/elsewhere")
    registry.request("PUT", "/v2/team/new/manifests/latest", json.dumps(document).encode())
    assert registry.request("GET", "/v2/team/new/tags/list").code == "NAME_UNKNOWN"


def test_a_blob_that_vanishes_before_the_manifest_comes_is_missed(registry: InProcessRegistry) -> None:
    document = registry.image("team/app", b"a layer")
    digest = Digest.of(b"a layer")
    assert registry.request("HEAD", f"/v2/team/app/blobs/{digest}").status == 200
    assert registry.request("DELETE", f"/v2/team/app/blobs/{digest}").status == 202
    assert put(registry, json.dumps(document).encode()) == (404, "MANIFEST_BLOB_UNKNOWN")


def test_a_sparse_index_is_taken(registry: InProcessRegistry) -> None:
    child = {"mediaType": OCI_MANIFEST, "digest": str(Digest.of(b"never pushed")), "size": 12}
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [child]}
    assert put(registry, json.dumps(index).encode(), OCI_INDEX) == (201, "")


def test_the_header_and_the_body_must_name_the_same_type(registry: InProcessRegistry) -> None:
    document = registry.image("team/app")
    assert put(registry, json.dumps(document).encode(), OCI_INDEX) == (400, "MANIFEST_INVALID")


def test_a_header_with_parameters_still_names_its_type(registry: InProcessRegistry) -> None:
    document = registry.image("team/app")
    assert put(registry, json.dumps(document).encode(), f"{OCI_MANIFEST}; charset=utf-8") == (201, "")


def test_a_manifest_that_breaks_off_leaves_nothing(registry: InProcessRegistry) -> None:
    body = json.dumps(registry.image("team/app")).encode()
    answer = registry.exchange("PUT", LATEST, Wire((body[:50],), hangs_up=True), {"content-type": OCI_MANIFEST})
    assert answer.status == 408
    assert registry.request("GET", LATEST).status == 404


def test_who_has_the_manifest_already_is_not_sent_it_again(registry: InProcessRegistry) -> None:
    registry.push_image("team/app", "latest")
    etag = registry.request("GET", LATEST).headers["etag"]
    for method in ("GET", "HEAD"):
        answer = registry.request(method, LATEST, headers={"if-none-match": etag})
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)


def test_too_many_tags_at_once_are_refused(registry: InProcessRegistry) -> None:
    body = json.dumps(registry.image("team/app")).encode()
    query = "&".join(f"tag=t{number}" for number in range(101))
    answer = registry.request("PUT", f"/v2/team/app/manifests/{Digest.of(body)}?{query}", body)
    assert answer.status == 414
    assert registry.request("GET", "/v2/team/app/tags/list").json()["tags"] == []


def test_two_pushes_of_one_tag_both_stand_in_its_history(registry: InProcessRegistry) -> None:
    first, second = registry.push_image("team/app", "latest", b"1"), registry.push_image("team/app", "latest", b"2")
    name, tag = RepositoryName("team/app"), Tag("latest")

    def question(ledger: Ledger) -> list[TagEvent]:
        repository = ledger.repositories.find(name)
        assert repository is not None
        return ledger.tags.history(repository, tag, 10)

    async def history() -> list[Digest | None]:
        return [event.digest for event in await registry.metadata.read(question)]

    assert asyncio.run(history()) == [second, first]
