import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.harbour import Harbour
from wharf.cli.output import width_of
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST
from wharf.oci.platform import Platform
from wharf.oci.strict_json import JsonValue
from wharf.testing.random_image import RandomImage, image_manifest, random_image, random_index, random_referrer


def test_a_person_is_told_what_an_image_is(harbour: Harbour) -> None:
    image = harbour.put(random_index(1), "1.0")
    lines = harbour.wharf("inspect", harbour.at("1.0")).out.splitlines()
    assert [harbour.at("1.0"), f"  {image.digest}"] == lines[:2]
    assert ["Platforms", "Image for linux/amd64"] == [line for line in lines if line.startswith(("Plat", "Image for"))]
    assert '  entrypoint  ["/bin/program"]' in lines
    assert "  created     2024-02-29 12:00 UTC, " in "\n".join(lines)
    assert any(line.endswith("COPY layer 0 /") for line in lines)
    assert max(map(width_of, lines)) <= 80


def test_what_was_said_about_it_is_told_too(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0")
    kinds = ("application/vnd.cncf.notary.signature", "application/spdx+json")
    for number, kind in enumerate(kinds):
        harbour.put(random_referrer(image, number, artifact_type=kind))
    shown = harbour.wharf("inspect", harbour.at("1.0")).out
    assert "signed  1 signature, not verified" in shown
    told = harbour.wharf_json("inspect", harbour.at("1.0"))["referrers"]
    assert {"notation signature", "list of contents"} == {each["kind"] for each in told}


def test_a_machine_gets_everything(harbour: Harbour) -> None:
    index = harbour.put(random_index(1), "1.0")
    document = harbour.wharf_json("inspect", harbour.at("1.0"))
    assert (str(index.digest), ["linux/amd64", "linux/arm64/v8"]) == (document["digest"], document["platforms"])
    first = document["images"][0]
    assert [str(layer.digest) for layer in index.children[0].image.layers] == [
        each["digest"] for each in first["layers"]
    ]
    assert ["COPY layer 0 /", "COPY layer 1 /"] == [step["createdBy"] for step in first["history"]]
    assert ["/bin/program"] == first["config"]["entrypoint"]


def test_one_platform_can_be_asked_for(harbour: Harbour) -> None:
    index = harbour.put(random_index(1), "1.0")
    (image,) = harbour.wharf_json("inspect", harbour.at("1.0"), "--platform", "linux/arm64")["images"]
    assert str(index.children[1].digest) == image["digest"]
    assert 4 == harbour.wharf("inspect", harbour.at("1.0"), "--platform", "linux/s390x").code


@pytest.mark.parametrize(("flags", "child"), [([], None), (["--platform", "linux/arm64"], 1)])
def test_raw_is_the_manifest_byte_by_byte(harbour: Harbour, flags: list[str], child: int | None) -> None:
    index = harbour.put(random_index(1), "1.0")
    wanted = index if child is None else index.children[child]
    shown = harbour.wharf("inspect", harbour.at("1.0"), "--raw", *flags).out
    assert wanted.digest.hex == hashlib.sha256(shown.encode()).hexdigest()


def test_the_configuration_comes_byte_by_byte(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0")
    shown = harbour.wharf("inspect", harbour.at("1.0"), "--image-config").out
    assert image.image.config.digest.hex == hashlib.sha256(shown.encode()).hexdigest()


def test_a_true_image_is_found_true(harbour: Harbour) -> None:
    harbour.put(random_index(1), "1.0")
    outcome = harbour.wharf("inspect", harbour.at("1.0"), "--validate")
    assert (0, f"{harbour.at('1.0')} is whole: every size and digest is true\n") == (outcome.code, outcome.out)


def test_an_image_that_contradicts_itself_ends_with_7(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0")
    harbour.wharf("copy", harbour.at("1.0"), "oci:images")
    layer = harbour.folder / "images" / "blobs" / "sha256" / image.image.layers[0].digest.hex
    layer.write_bytes(layer.read_bytes()[:-1] + b"x")
    outcome = harbour.wharf("inspect", "oci:images", "--validate")
    assert (7, "contradicts itself") == (outcome.code, outcome.out[11:29])
    told = harbour.wharf("inspect", "oci:images", "--validate", "--json")
    assert (7, False, "broken") == (
        told.code,
        json.loads(told.out)["valid"],
        json.loads(told.out)["flaws"][0]["gravity"],
    )


def test_bytes_and_json_are_two_things(harbour: Harbour) -> None:
    assert 2 == harbour.wharf("inspect", harbour.at("1.0"), "--raw", "--json").code
    assert 2 == harbour.wharf("inspect", harbour.at("1.0"), "--raw", "--image-config").code


def test_a_folder_without_an_image_is_said_to_have_none(harbour: Harbour) -> None:
    outcome = harbour.wharf("inspect", "oci:nowhere")
    assert outcome.code == 4
    assert "nowhere" in outcome.err


def test_words_in_an_image_cannot_move_the_cursor(harbour: Harbour) -> None:
    image = random_image(1, layers=1, layer_size=300)
    document = json.loads(image.blobs[image.image.config.digest])
    document["config"]["Labels"] = {"한글": "\x1b[2J\r멋진"}
    document["history"][0]["created_by"] = "RUN echo \x1b]0;title\x07"
    raw = json.dumps(document).encode()
    config = Descriptor(OCI_CONFIG, Digest.of(raw), len(raw))
    harbour.put(RandomImage(image_manifest(config, image.image.layers), {**image.blobs, config.digest: raw}), "1.0")
    shown = harbour.wharf("inspect", harbour.at("1.0")).out
    assert "\x1b" not in shown
    assert "\r" not in shown


def put_odd(harbour: Harbour, written: dict[str, JsonValue], **others: object) -> str:
    """An image in a layout, of one layer and whatever configuration; the place where it is."""
    folder = harbour.folder / "odd"
    content = b"what is in it"
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": {"mediaType": OCI_CONFIG, **blob_in(folder, json.dumps(written).encode())},
        "layers": [{"mediaType": OCI_LAYER_GZIP, **blob_in(folder, content)}],
        **others,
    }
    entry = {"mediaType": OCI_MANIFEST, **blob_in(folder, json.dumps(manifest).encode())}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return "oci:odd"


def blob_in(folder: Path, content: bytes) -> dict[str, JsonValue]:
    digest = Digest.of(content)
    file = folder / "blobs" / "sha256" / digest.hex
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return {"digest": str(digest), "size": len(content)}


def test_an_image_that_says_nothing_of_itself_gets_no_empty_headings(harbour: Harbour) -> None:
    shown = harbour.wharf("inspect", put_odd(harbour, {})).out
    assert "image for unknown (" in shown
    assert "Configuration" not in shown


def test_the_sum_of_layers_is_theirs_alone(harbour: Harbour) -> None:
    shown = harbour.wharf("inspect", put_odd(harbour, {"author": "somebody " * 50})).out
    assert "Layers (1, 13 B) and history" in shown


def test_the_files_of_an_artifact_are_told_by_name_or_type(harbour: Harbour) -> None:
    empty = {"mediaType": "application/vnd.oci.empty.v1+json", **blob_in(harbour.folder / "odd", b"{}")}
    named = {**blob_in(harbour.folder / "odd", b"chart"), "annotations": {"org.opencontainers.image.title": "a.tgz"}}
    files = [{"mediaType": "application/x", **named}, {**empty}]
    place = put_odd(harbour, {}, artifactType="application/vnd.test", config=empty, layers=files)
    lines = harbour.wharf("inspect", place).out.splitlines()
    assert ["a.tgz", "application/vnd.oci.empty.v1+json"] == [line.split()[-1] for line in lines[-2:]]


def test_an_older_processor_of_the_same_kind_is_taken_as_a_copy_takes_it(harbour: Harbour) -> None:
    index = harbour.put(random_index(1, [Platform("linux", "arm", "v6"), Platform("linux", "arm64")]), "1.0")
    (image,) = harbour.wharf_json("inspect", harbour.at("1.0"), "--platform", "linux/arm/v7")["images"]
    assert str(index.children[0].digest) == image["digest"]


def test_validation_of_one_platform_alone_is_not_promised(harbour: Harbour) -> None:
    assert 2 == harbour.wharf("inspect", harbour.at("1.0"), "--validate", "--platform", "linux/amd64").code
