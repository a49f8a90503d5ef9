"""Manifests and indexes: which kind it is, what it needs, what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import cpu_seconds, read_or_refused, steady
from tests.oci.strategies import broken_documents, image_documents, index_documents
from wharf.errors import MalformedJson, MalformedManifest, Schema1Refused, WharfError
from wharf.oci import media_types as mt
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import MOST_DESCRIPTORS, ImageIndex, ImageManifest, Manifest, parse_manifest
from wharf.oci.strict_json import JsonValue


def descriptor(media_type: str, name: str) -> dict[str, JsonValue]:
    return {"mediaType": media_type, "digest": str(Digest.of(name.encode())), "size": len(name)}


CONFIG = descriptor(mt.OCI_CONFIG, "config")
LAYER = descriptor(mt.OCI_LAYER_GZIP, "layer")
CHILD = descriptor(mt.OCI_MANIFEST, "child")


def image(**other: JsonValue) -> dict[str, JsonValue]:
    return {"schemaVersion": 2, "mediaType": mt.OCI_MANIFEST, "config": CONFIG, "layers": [LAYER], **other}


def index(**other: JsonValue) -> dict[str, JsonValue]:
    return {"schemaVersion": 2, "mediaType": mt.OCI_INDEX, "manifests": [CHILD], **other}


def without(document: dict[str, JsonValue], *names: str) -> dict[str, JsonValue]:
    return {name: value for name, value in document.items() if name not in names}


def read(document: JsonValue, media_type: str | None = None) -> Manifest:
    return parse_manifest(json.dumps(document).encode(), media_type)


def refused(document: JsonValue, media_type: str | None = None) -> MalformedManifest:
    with pytest.raises(MalformedManifest) as caught:
        read(document, media_type)
    return caught.value


def digests(descriptors: tuple[Descriptor, ...]) -> list[str]:
    return [str(each.digest) for each in descriptors]


# --- what it consists of ---------------------------------------------------------------------------------------------


def test_an_image_needs_its_configuration_and_layers() -> None:
    assert [CONFIG["digest"], LAYER["digest"]] == digests(read(image()).required_blobs)


def test_an_image_has_no_children() -> None:
    assert () == read(image()).children


def test_an_index_needs_its_children() -> None:
    assert [CHILD["digest"]] == digests(read(index()).children)


def test_an_index_needs_no_blobs() -> None:
    assert () == read(index()).required_blobs


@pytest.mark.parametrize("media_type", [mt.OCI_INDEX, mt.DOCKER_MANIFEST, mt.DOCKER_MANIFEST_LIST, mt.DOCKER_SCHEMA1])
def test_every_kind_of_manifest_can_be_a_child(media_type: str) -> None:
    assert 1 == len(read(index(manifests=[descriptor(media_type, "child")])).children)


def test_what_a_build_cache_lists_is_needed_as_blobs() -> None:
    cache = descriptor("application/vnd.buildkit.cacheconfig.v0", "cache")
    listed = read(index(manifests=[LAYER, CHILD, cache]))
    assert ([LAYER["digest"], cache["digest"]], [CHILD["digest"]]) == (
        digests(listed.required_blobs),
        digests(listed.children),
    )


@pytest.mark.parametrize("media_type", [mt.OCI_NONDISTRIBUTABLE_LAYER_GZIP, mt.DOCKER_FOREIGN_LAYER_GZIP])
def test_layers_that_are_kept_elsewhere_are_not_needed(media_type: str) -> None:
    foreign = descriptor(media_type, "foreign")
    parts = read(image(layers=[foreign, LAYER])).required_blobs
    assert [CONFIG["digest"], LAYER["digest"]] == digests(parts)


def test_a_layer_that_is_kept_elsewhere_is_not_needed_by_a_build_cache_either() -> None:
    assert () == read(index(manifests=[descriptor(mt.OCI_NONDISTRIBUTABLE_LAYER, "foreign")])).required_blobs


@pytest.mark.parametrize("media_type", [mt.OCI_LAYER_ZSTD, "application/vnd.cncf.helm.chart.content.v1.tar+gzip"])
def test_layers_of_any_other_type_are_needed(media_type: str) -> None:
    layer = descriptor(media_type, "layer")
    assert layer["digest"] in digests(read(image(layers=[layer])).required_blobs)


@pytest.mark.parametrize("layers", [[], None])
def test_an_image_may_have_no_layers(layers: JsonValue) -> None:
    assert [CONFIG["digest"]] == digests(read(image(layers=layers)).required_blobs)


def test_an_image_may_leave_its_layers_away() -> None:
    assert [CONFIG["digest"]] == digests(read(without(image(), "layers")).required_blobs)


@pytest.mark.parametrize("manifests", [[], None])
def test_an_index_may_be_empty(manifests: JsonValue) -> None:
    assert () == read(index(manifests=manifests)).children


def test_the_subject_is_told_and_not_needed() -> None:
    manifest = read(image(subject=CHILD))
    assert (CHILD["digest"], False) == (
        str(manifest.subject and manifest.subject.digest),
        CHILD["digest"] in digests(manifest.required_blobs),
    )


def test_without_a_subject_there_is_none() -> None:
    assert read(image(subject=None)).subject is None


def test_annotations_are_kept() -> None:
    assert {"a": "b"} == read(index(annotations={"a": "b"})).annotations


@pytest.mark.parametrize("document", [image(own={"x": [1]}), index(own={"x": [1]})])
def test_unknown_members_are_kept(document: dict[str, JsonValue]) -> None:
    assert {"own": {"x": [1]}} == read(document).unknown


def test_the_bytes_are_kept_as_they_came() -> None:
    raw = b"\n " + json.dumps(image(), indent=3).encode() + b"\n"
    assert raw == parse_manifest(raw, None).raw


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("document", [image(), index()])
def test_the_digest_is_that_of_the_bytes(document: dict[str, JsonValue], algorithm: Algorithm) -> None:
    raw = json.dumps(document, indent=1).encode()
    assert Digest.of(raw, algorithm) == parse_manifest(raw, None).digest(algorithm)


def test_manifests_of_the_same_bytes_are_the_same() -> None:
    assert 1 == len({read(image()), read(image(), mt.OCI_MANIFEST)})


# --- the type for the list of referrers ------------------------------------------------------------------------------


def test_an_artifact_says_its_type() -> None:
    assert "application/x-own" == read(image(artifactType="application/x-own")).artifact_type


@pytest.mark.parametrize("nothing", ["", None])
def test_an_artifact_of_the_older_kind_is_known_by_its_configuration(nothing: JsonValue) -> None:
    assert mt.OCI_CONFIG == read(image(artifactType=nothing)).artifact_type


def test_an_index_may_say_its_type() -> None:
    assert "application/x-own" == read(index(artifactType="application/x-own")).artifact_type


def test_an_index_that_says_no_type_has_none() -> None:
    assert read(index()).artifact_type is None


# --- which kind of document it is ------------------------------------------------------------------------------------


@pytest.mark.parametrize("media_type", [mt.OCI_MANIFEST, mt.DOCKER_MANIFEST])
def test_images_are_read_from_both_families(media_type: str) -> None:
    manifest = read(image(mediaType=media_type), media_type)
    assert (ImageManifest, media_type) == (type(manifest), manifest.media_type)


@pytest.mark.parametrize("media_type", [mt.OCI_INDEX, mt.DOCKER_MANIFEST_LIST])
def test_indexes_are_read_from_both_families(media_type: str) -> None:
    manifest = read(index(mediaType=media_type), media_type)
    assert (ImageIndex, media_type) == (type(manifest), manifest.media_type)


def test_a_body_without_a_type_takes_that_of_its_header() -> None:
    assert mt.DOCKER_MANIFEST == read(without(image(), "mediaType"), mt.DOCKER_MANIFEST).media_type


def test_a_header_may_have_parameters_and_capitals() -> None:
    assert mt.OCI_INDEX == read(index(), mt.OCI_INDEX.upper() + " ; charset=utf-8").media_type


@pytest.mark.parametrize(("document", "media_type"), [(image(), mt.OCI_MANIFEST), (index(), mt.OCI_INDEX)])
@pytest.mark.parametrize("header", [None, "", " "])
def test_without_any_type_the_members_tell(document: dict[str, JsonValue], media_type: str, header: str | None) -> None:
    assert media_type == read(without(document, "mediaType"), header).media_type


def test_layers_alone_tell_an_image_whose_configuration_is_missing() -> None:
    assert "config" == refused(without(image(), "mediaType", "config")).where


def test_header_and_body_must_agree() -> None:
    reason = f"the Content-Type says {mt.DOCKER_MANIFEST} and the body's mediaType says {mt.OCI_MANIFEST}"
    assert reason == refused(image(), mt.DOCKER_MANIFEST).reason


@pytest.mark.parametrize(
    ("document", "header"),
    [
        (without(image(), "mediaType"), "application/json"),
        (image(mediaType="application/x-own"), None),
        (image(mediaType="application/x-own"), "application/x-own"),
    ],
)
def test_an_unknown_type_is_answered_with_those_that_are_accepted(
    document: dict[str, JsonValue], header: str | None
) -> None:
    next_step = refused(document, header).diagnostics().next_step
    assert all(media_type in next_step for media_type in mt.ACCEPTED_MANIFESTS)


def test_a_document_that_is_neither_is_refused() -> None:
    assert "neither an image manifest" in refused({"schemaVersion": 2}).reason


@pytest.mark.parametrize(
    ("document", "where"),
    [
        (image(manifests=[]), "manifests"),
        (image(fsLayers=[]), "fsLayers"),
        (index(layers=[]), "layers"),
        (index(config=CONFIG), "config"),
        (without(image(manifests=[CHILD]), "mediaType"), "config"),
    ],
)
def test_a_document_that_is_two_things_at_once_is_refused(document: dict[str, JsonValue], where: str) -> None:
    assert where == refused(document).where


def test_a_member_of_the_other_kind_may_be_null() -> None:
    assert [CHILD["digest"]] == digests(read(index(layers=None, config=None)).children)


@pytest.mark.parametrize("version", [None, 0, 3, "2", 2.0, True, [2]])
def test_the_schema_version_must_be_2(version: JsonValue) -> None:
    assert "schemaVersion" == refused(image(schemaVersion=version)).where


# --- schema 1 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("media_type", [mt.DOCKER_SCHEMA1, mt.DOCKER_SCHEMA1_SIGNED])
def test_schema_1_is_refused_by_its_header(media_type: str) -> None:
    with pytest.raises(Schema1Refused) as caught:
        parse_manifest(b"whatever", media_type)
    assert "skopeo copy" in caught.value.diagnostics().next_step


def test_schema_1_is_refused_by_its_body() -> None:
    with pytest.raises(Schema1Refused):
        read(image(mediaType=mt.DOCKER_SCHEMA1))


@pytest.mark.parametrize("header", [None, "application/json", mt.OCI_MANIFEST])
def test_schema_1_is_refused_by_its_version(header: str | None) -> None:
    with pytest.raises(Schema1Refused):
        read({"schemaVersion": 1, "fsLayers": [], "name": "a"}, header)


# --- what is malformed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "where"),
    [
        (without(image(), "config"), "config"),
        (image(config=[]), "config"),
        (image(config={**CONFIG, "size": -1}), "config.size"),
        (image(layers={}), "layers"),
        (image(layers=[LAYER, 1]), "layers[1]"),
        (image(layers=[LAYER, {**LAYER, "digest": "sha256:abc"}]), "layers[1].digest"),
        (image(subject="sha256:abc"), "subject"),
        (image(annotations={"a": 1}), "annotations.a"),
        (image(artifactType=1), "artifactType"),
        (image(mediaType=1), "mediaType"),
        (index(manifests="x"), "manifests"),
        (index(manifests=[{}]), "manifests[0].mediaType"),
    ],
)
def test_what_cannot_be_is_refused_with_its_path(document: dict[str, JsonValue], where: str) -> None:
    assert where == refused(document).where


def test_what_is_no_json_is_refused_as_such() -> None:
    with pytest.raises(MalformedJson):
        parse_manifest(b"{", mt.OCI_MANIFEST)


def test_too_many_descriptors_are_refused() -> None:
    assert f"{MOST_DESCRIPTORS + 1} descriptors" in refused(index(manifests=[CHILD] * (MOST_DESCRIPTORS + 1))).reason


# --- properties ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@given(image_documents() | index_documents())
@steady
def test_every_well_formed_document_is_read_with_all_its_parts(document: dict[str, JsonValue]) -> None:
    manifest = read(document)
    parts = [manifest.config, *manifest.layers] if isinstance(manifest, ImageManifest) else [*manifest.manifests]
    config = [document["config"]] if "config" in document else []
    entries = document.get("layers", document.get("manifests"))
    assert config + list(entries if isinstance(entries, list) else []) == [part.to_json() for part in parts]


@pytest.mark.slow
@given(broken_documents() | st.binary(), st.none() | st.sampled_from([*mt.ACCEPTED_MANIFESTS, "x"]) | st.text())
@steady
def test_any_bytes_are_a_manifest_as_they_stand_or_refused(raw: bytes, header: str | None) -> None:
    outcome = read_or_refused(lambda given: parse_manifest(given, header), raw)
    assert isinstance(outcome, WharfError) or raw == outcome.raw


@pytest.mark.slow
@pytest.mark.parametrize(
    "document",
    [
        image(annotations={str(number): "A" * 10_000 for number in range(390)}),
        image(layers=[LAYER] * MOST_DESCRIPTORS),
        image(own=[[]] * 1_000_000),
    ],
    ids=["annotations", "layers", "empty arrays"],
)
def test_a_document_of_4_mebibytes_is_settled_in_bounded_time(document: dict[str, JsonValue]) -> None:
    assert cpu_seconds(lambda raw: parse_manifest(raw, None), json.dumps(document).encode()) < 10
