"""Well-formed values of the image's world, made at random."""

import json

from hypothesis import strategies as st

from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.media_types import OCI_INDEX, OCI_MANIFEST
from wharf.oci.platform import Platform
from wharf.oci.strict_json import JsonValue

digests = st.one_of(
    st.binary(min_size=32, max_size=32).map(lambda raw: Digest(Algorithm.SHA256, raw.hex())),
    st.binary(min_size=64, max_size=64).map(lambda raw: Digest(Algorithm.SHA512, raw.hex())),
)
_letters = "abcxyz0189"
_words = st.text(_letters, min_size=1, max_size=6)
segments = st.builds(
    lambda first, rest: first + "".join(separator + word for separator, word in rest),
    _words,
    st.lists(st.tuples(st.sampled_from([".", "_", "__", "-", "--", "-----"]), _words), max_size=2),
)
names = st.lists(segments, min_size=1, max_size=5).map("/".join)
tags = st.builds(str.__add__, st.sampled_from("aZ0_"), st.text("aZ0_.-", max_size=127))
media_types = st.sampled_from(["application/vnd.oci.image.layer.v1.tar+gzip", "application/x-own", "text/plain"])

_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
texts = st.text(_characters, max_size=20)
text_maps = st.dictionaries(texts, texts, max_size=3)
sizes = st.integers(0, 2**63 - 1)

platform_words = st.from_regex(r"[a-z0-9._-]{1,12}", fullmatch=True)
platforms = st.builds(
    Platform,
    os=platform_words,
    architecture=platform_words,
    variant=st.one_of(st.just(""), platform_words),
    os_version=st.one_of(st.just(""), platform_words),
)

json_values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)
json_objects = st.dictionaries(texts, json_values, max_size=4)

_unknown = st.dictionaries(st.from_regex(r"x-[a-z]{1,5}", fullmatch=True), json_values, max_size=2)
plain_descriptors = st.builds(
    Descriptor,
    media_type=media_types,
    digest=digests,
    size=sizes,
    platform=st.none() | platforms,
    annotations=text_maps,
    artifact_type=st.none() | media_types,
    urls=st.lists(texts, max_size=2).map(tuple),
    unknown=_unknown,
)


def _with_data(data: bytes) -> Descriptor:
    return Descriptor("application/x-own", Digest.of(data), len(data), data=data)


descriptors = plain_descriptors | st.binary(max_size=40).map(_with_data)


@st.composite
def image_documents(draw: st.DrawFn) -> dict[str, JsonValue]:
    config = draw(descriptors).to_json()
    layers: list[JsonValue] = [layer.to_json() for layer in draw(st.lists(descriptors, max_size=3))]
    return {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": layers, **draw(_unknown)}


@st.composite
def index_documents(draw: st.DrawFn) -> dict[str, JsonValue]:
    manifests: list[JsonValue] = [entry.to_json() for entry in draw(st.lists(descriptors, max_size=3))]
    return {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests, **draw(_unknown)}


@st.composite
def broken_documents(draw: st.DrawFn) -> bytes:
    """A document with one member put to some other value, or bytes cut off: nearly right, and mostly wrong."""
    document = draw(image_documents() | index_documents())
    document[draw(st.sampled_from([*document, "subject", "annotations", "artifactType"]))] = draw(json_values)
    raw = json.dumps(document).encode()
    return raw[: draw(st.integers(0, len(raw)))] if draw(st.booleans()) else raw
