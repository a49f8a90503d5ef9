"""Manifests that are almost right: taken whole and given back byte for byte, or refused and nowhere to be found."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.budget import budget
from tests.hostile.probe import Shot, ask, fire
from wharf.errors import WharfError
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.media_types import (
    DOCKER_MANIFEST,
    DOCKER_MANIFEST_LIST,
    DOCKER_SCHEMA1,
    OCI_CONFIG,
    OCI_EMPTY,
    OCI_INDEX,
    OCI_LAYER_GZIP,
    OCI_MANIFEST,
    OCI_NONDISTRIBUTABLE_LAYER,
)
from wharf.oci.strict_json import DEEPEST, JsonValue, parse_object
from wharf.testing.registry import InProcessRegistry

pytestmark = pytest.mark.slow

APP = "team/app"
BLOB = {"mediaType": OCI_LAYER_GZIP, "digest": str(Digest.of(b"layer")), "size": 5}
CONFIG = {"mediaType": OCI_CONFIG, "digest": str(Digest.of(b"{}")), "size": 2, "data": "e30="}
FOREIGN = {
    "mediaType": OCI_NONDISTRIBUTABLE_LAYER,
    "digest": str(Digest.of(b"far")),
    "size": 3,
    "urls": ["https://far/"],
}
CHILD = {"mediaType": OCI_MANIFEST, "digest": str(Digest.of(b"child")), "size": 5}
ARM = {"platform": {"os": "linux", "architecture": "arm64", "variant": "v8", "os.features": ["x"]}}
COMMON = {"schemaVersion": 2, "annotations": {"a": "b"}, "subject": CHILD, "artifactType": OCI_EMPTY, "x-own": [1, {}]}
DOCUMENTS = (
    {**COMMON, "mediaType": OCI_MANIFEST, "config": CONFIG, "layers": [BLOB, FOREIGN]},
    {**COMMON, "mediaType": OCI_INDEX, "manifests": [{**CHILD, **ARM}, BLOB]},
    {"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": CONFIG, "layers": [BLOB]},
    {"schemaVersion": 2, "mediaType": DOCKER_MANIFEST_LIST, "manifests": [{**CHILD, **ARM}]},
)
KINDS = ("image", "index", "docker image", "docker list")
MARK = "\ue000 here \ue000"
VALUES = (
    "null",
    "true",
    "0",
    "-1",
    "2.0",
    "2e0",
    "1e999",
    "NaN",
    "9223372036854775807",
    "9223372036854775808",
    "1" * 128,
    "1" * 5000,
    '""',
    '" "',
    '"\\u0000"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"\u202e"',
    '"a\\r\\nb: c"',
    '"' + "a" * 70_000 + '"',
    '"../../../etc/passwd"',
    '"e30"',
    '"===="',
    "[]",
    "[null]",
    "[[]]",
    "{}",
    '{"a": null}',
    '{"a": 1, "a": 2}',
    '{"\\ud800": 1}',
    "[" * DEEPEST + "]" * DEEPEST,
    '{"a":' * 5000 + "1" + "}" * 5000,
    "[" + "0," * 20_000 + "0]",
    "[{}]",
    f'"{OCI_MANIFEST}"',
    f'"{OCI_INDEX}"',
    f'"{DOCKER_SCHEMA1}"',
    f'"{OCI_MANIFEST.upper()}"',
    f'"{OCI_MANIFEST}; charset=utf-8"',
    f'"{Digest.of(b"layer")}"',
    f'"{Digest.of(b"layer", Algorithm.SHA512)}"',
    f'"{str(Digest.of(b"layer")).upper()}"',
    '"md5:00"',
    json.dumps(BLOB),
    json.dumps([BLOB] * 3),
    json.dumps({**CONFIG, "data": "e31="}),
    "",
)
HEADERS = (b"", OCI_MANIFEST.encode(), OCI_INDEX.encode(), DOCKER_MANIFEST.encode(), b"application/json", b"\xff")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path_factory.mktemp("manifests")) as made:
        made.push_blob(APP, b"layer")
        made.push_blob(APP, b"{}")
        yield made


def places(value: JsonValue, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where in a document something can stand."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in inner:
        yield from places(member, (*path, name))


def changed(document: JsonValue, path: tuple[str | int, ...], new: JsonValue) -> JsonValue:
    if not path:
        return new
    if isinstance(document, dict):
        return {name: changed(each, path[1:], new) if name == path[0] else each for name, each in document.items()}
    assert isinstance(document, list)
    return [changed(each, path[1:], new) if index == path[0] else each for index, each in enumerate(document)]


def spliced(document: JsonValue, path: tuple[str | int, ...], value: str) -> str:
    """The document as text with raw text in one place of it, be it JSON or not."""
    return json.dumps(changed(document, path, MARK)).replace(json.dumps(MARK), value)


@st.composite
def twice_mutated(draw: st.DrawFn) -> bytes:
    document: JsonValue = json.loads(json.dumps(draw(st.sampled_from(DOCUMENTS))))
    harmless = draw(st.sampled_from([value for value in VALUES if is_json(value)]))
    document = changed(document, draw(st.sampled_from(list(places(document)))), json.loads(harmless))
    path, value = draw(st.sampled_from(list(places(document)))), draw(st.integers(0, len(VALUES) - 1))
    return spliced(document, path, VALUES[value]).encode()


def is_json(value: str) -> bool:
    try:
        parse_object(b'{"value":%b}' % value.encode())
    except WharfError:
        return False
    return True


@pytest.mark.parametrize("document", DOCUMENTS, ids=KINDS)
def test_each_value_in_each_place_is_taken_whole_or_not_at_all(
    registry: InProcessRegistry, document: JsonValue
) -> None:
    for path in places(document):
        for value in VALUES:
            push(registry, spliced(document, path, value).encode())


@budget(150)
@given(raw=twice_mutated(), header=st.sampled_from(HEADERS), algorithm=st.sampled_from((None, *Algorithm)))
def test_a_manifest_is_taken_whole_or_not_at_all(
    registry: InProcessRegistry, raw: bytes, header: bytes, algorithm: Algorithm | None
) -> None:
    push(registry, raw, header, str(Digest.of(raw, algorithm)) if algorithm else "mutant")


def push(registry: InProcessRegistry, raw: bytes, header: bytes = b"", reference: str = "mutant") -> None:
    target = f"/v2/{APP}/manifests/{reference}"
    answer = fire(registry, Shot("PUT", target.encode(), [(b"content-type", header)] if header else [], [raw]))
    if answer.status == 201:
        expect_it_whole(registry, answer.headers["docker-content-digest"], raw)
    else:
        assert answer.code in {"MANIFEST_INVALID", "MANIFEST_BLOB_UNKNOWN"}
    assert ask(registry, "GET", target).status == 404


def expect_it_whole(registry: InProcessRegistry, digest: str, raw: bytes) -> None:
    """And take it away again."""
    place = f"/v2/{APP}/manifests/{digest}"
    got, headed = ask(registry, "GET", place), ask(registry, "HEAD", place)
    assert (200, raw, got.headers["content-type"]) == (got.status, got.body, headed.headers["content-type"])
    if subject := json.loads(raw).get("subject"):
        listed = ask(registry, "GET", f"/v2/{APP}/referrers/{subject['digest']}").json()["manifests"]
        assert [digest] == [entry["digest"] for entry in listed]
    assert ask(registry, "DELETE", place).status == 202


@pytest.mark.parametrize("document", DOCUMENTS, ids=KINDS)
def test_the_documents_that_are_mutated_are_good(registry: InProcessRegistry, document: dict[str, object]) -> None:
    digest = registry.push_manifest(APP, "good", document)
    assert ask(registry, "DELETE", f"/v2/{APP}/manifests/{digest}").status == 202
