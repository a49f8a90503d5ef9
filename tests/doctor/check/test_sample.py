import gzip
import io
import json
import tarfile

from wharf.doctor.check.program import program_that_says
from wharf.doctor.check.sample import engine_archive, sample_image
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageIndex, ImageManifest
from wharf.oci.platform import Platform
from wharf.oci.reference import Reference

AMD64 = Platform("linux", "amd64")
ARM64 = Platform("linux", "arm64")


def test_for_several_platforms_an_index_names_an_image_for_each() -> None:
    image = sample_image("hello", [AMD64, ARM64])
    assert isinstance(image.top, ImageIndex)
    assert [AMD64, ARM64] == [each.platform for each in image.top.manifests]
    assert [each.manifest.digest() for each in image.images] == [each.digest for each in image.top.manifests]


def test_for_one_platform_it_is_the_image_itself() -> None:
    image = sample_image("hello", [ARM64])
    assert isinstance(image.top, ImageManifest)
    assert (image.top,) == image.manifests


def test_its_parts_are_what_their_digests_say() -> None:
    for image in sample_image("hello", [AMD64, ARM64]).images:
        assert {Digest.of(content) for content in image.blobs.values()} == set(image.blobs)
        assert {blob.digest for blob in image.manifest.required_blobs} == set(image.blobs)


def test_the_layer_holds_the_program_alone() -> None:
    image = sample_image("hello", [AMD64]).images[0]
    packed = image.blobs[image.manifest.required_blobs[1].digest]
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(packed))) as archive:
        (member,) = archive.getmembers()
        content = archive.extractfile(member)
        assert content is not None
        assert ("check", 0o755, program_that_says("hello\n", "amd64")) == (member.name, member.mode, content.read())


def test_the_configuration_names_the_layer_as_it_is_unpacked() -> None:
    image = sample_image("hello", [AMD64]).images[0]
    config = json.loads(image.config)
    assert [str(Digest.of(image.layer))] == config["rootfs"]["diff_ids"]
    assert ("linux", "amd64", ["/check"]) == (config["os"], config["architecture"], config["config"]["Entrypoint"])


def test_another_line_is_another_image() -> None:
    assert sample_image("one", [AMD64]).top.digest() != sample_image("two", [AMD64]).top.digest()


def test_the_platform_is_found_in_any_spelling() -> None:
    image = sample_image("hello", [AMD64, ARM64])
    found = image.for_platform(Platform("linux", "arm64", "v8"))
    assert found is not None
    assert ARM64 == found.platform
    assert image.for_platform(Platform("windows", "amd64")) is None


def test_the_archive_for_an_engine_names_the_image() -> None:
    image = sample_image("hello", [AMD64]).images[0]
    name = Reference.parse("registry.example/team/wharf-check:check-1")
    with tarfile.open(fileobj=io.BytesIO(engine_archive(image, name))) as archive:
        listed = archive.extractfile("manifest.json")
        assert listed is not None
        (entry,) = json.loads(listed.read())
        assert [str(name)] == entry["RepoTags"]
        assert {"manifest.json", entry["Config"], *entry["Layers"]} == set(archive.getnames())
