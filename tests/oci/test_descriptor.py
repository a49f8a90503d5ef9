"""Descriptors: read strictly where digest and size are concerned, and kept whole."""

import json
from base64 import b64encode

import pytest
from hypothesis import given

from tests.oci.hostile import steady
from tests.oci.strategies import descriptors
from wharf.errors import MalformedManifest
from wharf.oci.descriptor import LARGEST_SIZE, Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.platform import Platform
from wharf.oci.strict_json import JsonValue, parse_object

CONTENT = b"content"


def value(**other: JsonValue) -> dict[str, JsonValue]:
    """A descriptor of CONTENT, with other members."""
    return {"mediaType": "text/plain", "digest": str(Digest.of(CONTENT)), "size": len(CONTENT), **other}


def refused(given: JsonValue) -> MalformedManifest:
    with pytest.raises(MalformedManifest) as caught:
        Descriptor.from_json(given, "layers[0]")
    return caught.value


def test_a_descriptor_is_read() -> None:
    assert Descriptor("text/plain", Digest.of(CONTENT), 7) == Descriptor.from_json(value(), "config")


def test_all_members_of_the_specification_are_read() -> None:
    read = Descriptor.from_json(
        value(
            platform={"os": "linux", "architecture": "amd64"},
            annotations={"a": "b"},
            artifactType="application/x-own",
            urls=["https://example.com/x"],
            data=b64encode(CONTENT).decode(),
        ),
        "config",
    )
    expected = Descriptor(
        "text/plain",
        Digest.of(CONTENT),
        7,
        platform=Platform("linux", "amd64"),
        annotations={"a": "b"},
        artifact_type="application/x-own",
        urls=("https://example.com/x",),
        data=CONTENT,
    )
    assert expected == read


def test_unknown_members_are_kept_and_written_again() -> None:
    given = value(newMember={"deep": [1, None]})
    assert given == Descriptor.from_json(given, "config").to_json()


def test_what_is_null_is_as_if_it_was_left_away() -> None:
    nothing: dict[str, JsonValue] = dict.fromkeys(["platform", "annotations", "artifactType", "urls", "data"])
    assert Descriptor.from_json(value(), "x") == Descriptor.from_json(value(**nothing), "x")


def test_descriptors_can_be_members_of_sets() -> None:
    assert 1 == len({Descriptor.from_json(value(annotations={"a": "b"}), where) for where in ("x", "y")})


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ({"mediaType": None}, "mediaType"),
        ({"mediaType": ""}, "mediaType"),
        ({"mediaType": 1}, "mediaType"),
        ({"mediaType": "text/plain\n"}, "mediaType"),
        ({"mediaType": "x" * 256}, "mediaType"),
        ({"digest": None}, "digest"),
        ({"digest": "sha256:abc"}, "digest"),
        ({"digest": 1}, "digest"),
        ({"size": None}, "size"),
        ({"size": -1}, "size"),
        ({"size": LARGEST_SIZE + 1}, "size"),
        ({"size": 10**100}, "size"),
        ({"size": 7.0}, "size"),
        ({"size": "7"}, "size"),
        ({"size": True}, "size"),
        ({"platform": "linux"}, "platform"),
        ({"annotations": []}, "annotations"),
        ({"annotations": {"a": 1}}, "annotations.a"),
        ({"annotations": {"a": None}}, "annotations.a"),
        ({"artifactType": "no type\x00"}, "artifactType"),
        ({"urls": "https://example.com"}, "urls"),
        ({"urls": [1]}, "urls[0]"),
        ({"data": 1}, "data"),
        ({"data": "no base64!"}, "data"),
        ({"data": "Y29udGVudA"}, "data"),
        ({"data": "ü"}, "data"),
    ],
)
def test_members_that_cannot_be_are_refused_with_their_path(other: dict[str, JsonValue], where: str) -> None:
    assert f"layers[0].{where}" == refused(value(**other)).where


@pytest.mark.parametrize("given", [None, [], "x", 1])
def test_what_is_no_object_is_no_descriptor(given: JsonValue) -> None:
    assert "layers[0]" == refused(given).where


def test_embedded_data_of_another_length_is_refused_with_both_lengths() -> None:
    problem = refused(value(data=b64encode(b"contents").decode()))
    assert "the embedded data has 8 bytes and the descriptor says 7" == problem.reason


def test_embedded_data_of_another_digest_is_refused() -> None:
    assert "the embedded data does not have this digest" == refused(value(data=b64encode(b"CONTENT").decode())).reason


def test_embedded_data_is_checked_with_the_algorithm_of_the_digest() -> None:
    digest = Digest.of(CONTENT, Algorithm.SHA512)
    given = value(digest=str(digest), data=b64encode(CONTENT).decode())
    assert CONTENT == Descriptor.from_json(given, "config").data


def test_empty_data_is_data() -> None:
    given: dict[str, JsonValue] = {"mediaType": "text/plain", "digest": str(Digest.of(b"")), "size": 0, "data": ""}
    assert given == Descriptor.from_json(given, "config").to_json()


@given(descriptors)
@steady
def test_a_descriptor_survives_being_written_and_read(descriptor: Descriptor) -> None:
    written = json.dumps(descriptor.to_json()).encode()
    assert descriptor == Descriptor.from_json(parse_object(written), "")
