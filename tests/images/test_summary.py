"""What a person wants to know of an image."""

import asyncio

import pytest

from tests.images.places import V1, holding
from tests.images.tars import file, image_of, tar_of
from wharf.images.source import ImageSource
from wharf.images.statements import StatementKind, kind_of_statement
from wharf.images.summary import Summary, steps_of, summarise
from wharf.oci.config import HistoryEntry
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import parse_manifest
from wharf.oci.platform import Platform
from wharf.oci.reference import Tag
from wharf.testing.random_image import (
    LINUX_AMD64,
    LINUX_ARM64,
    RandomImage,
    index_of,
    put_image,
    random_image,
    random_index,
    random_referrer,
)


def summary(source: ImageSource) -> Summary:
    return asyncio.run(summarise(source, V1))


def test_an_image_is_told_with_its_layers_its_configuration_and_its_size() -> None:
    image = random_image(1)
    found = summary(holding(image))
    (one,) = found.images
    assert (image.digest, image.image.layers, LINUX_AMD64) == (found.digest, one.layers, one.platform)
    assert sum(map(len, image.blobs.values())) == one.size == found.size
    assert one.config is not None
    assert "1000" == one.config.runtime.user


def test_the_platforms_of_an_index_are_told_in_its_order() -> None:
    index = random_index(1, (LINUX_ARM64, LINUX_AMD64))
    assert (LINUX_ARM64, LINUX_AMD64) == summary(holding(index)).platforms


def test_no_layer_is_read() -> None:
    index = random_index(1)
    source = holding(index)
    summary(source)
    assert {child.image.config.digest for child in index.children} == set(source.opened)


def test_attestations_are_no_platforms() -> None:
    image = random_image(1)
    attestation = RandomImage(
        random_referrer(image).manifest, random_referrer(image).blobs, platform=Platform("unknown", "unknown")
    )
    found = summary(holding(index_of([image, attestation])))
    assert ((LINUX_AMD64,), [attestation.digest]) == (found.platforms, [each.digest for each in found.attestations])


def test_a_layer_that_two_platforms_share_counts_once() -> None:
    image = random_image(1)
    assert summary(holding(image)).size == summary(holding(index_of([image, image]))).size


def test_what_is_missing_or_unreadable_is_noted() -> None:
    index = random_index(1)
    source = holding(index)
    del source.manifests[index.children[0].digest]
    source.contents[index.children[1].image.config.digest] = b"{}"
    first, second = summary(source).notes
    assert ("which is not there" in first, "cannot be read" in second) == (True, True)


def test_signatures_are_told_wherever_they_are() -> None:
    image = random_image(1)
    notation = random_referrer(image, artifact_type="application/vnd.cncf.notary.signature")
    source = holding(image, notation)
    cosign = random_image(3, layers=1)
    tag = Tag(f"sha256-{image.digest.hex}.sig")
    asyncio.run(put_image(cosign, source, tag))
    found = [(each.kind, each.digest, each.tag) for each in summary(source).statements]
    assert [
        (StatementKind.NOTATION_SIGNATURE, notation.digest, None),
        (StatementKind.COSIGN_SIGNATURE, cosign.digest, tag),
    ] == found


@pytest.mark.parametrize(
    ("artifact_type", "kind"),
    [
        ("application/vnd.dev.sigstore.bundle.v0.3+json", StatementKind.SIGSTORE_BUNDLE),
        ("application/vnd.cyclonedx+json", StatementKind.CONTENTS),
        ("application/spdx+json", StatementKind.CONTENTS),
        ("application/vnd.in-toto+json", StatementKind.ATTESTATION),
        ("application/x", StatementKind.OTHER),
        (None, StatementKind.OTHER),
    ],
)
def test_statements_are_known_by_their_type(artifact_type: str | None, kind: StatementKind) -> None:
    assert kind is kind_of_statement(artifact_type)


def layer(number: int) -> Descriptor:
    return Descriptor("application/x", Digest.of(b"%d" % number), number)


def test_layers_belong_to_the_steps_that_were_not_empty() -> None:
    history = [HistoryEntry(created_by="ADD"), HistoryEntry(created_by="ENV", empty_layer=True), HistoryEntry()]
    assert [layer(1), None, layer(2)] == [step.layer for step in steps_of(history, [layer(1), layer(2)])]


def test_a_history_that_tells_too_little_or_too_much_loses_no_layer() -> None:
    assert [layer(1), layer(2)] == [step.layer for step in steps_of([HistoryEntry()], [layer(1), layer(2)])]
    assert [layer(1), None] == [step.layer for step in steps_of([HistoryEntry()] * 2, [layer(1)])]


def test_an_artifact_has_no_configuration() -> None:
    (one,) = summary(holding(random_referrer(random_image(1)))).images
    assert (None, None) == (one.config, one.platform)
    assert 1 == len(one.layers)


def test_a_configuration_that_lies_is_shown_as_it_is() -> None:
    lying = image_of(tar_of(file("a")), changes={"history": [{"created_by": "x"}] * 5})
    assert 5 == len(summary(holding(lying)).images[0].steps)
    assert parse_manifest(lying.manifest.raw, None) == lying.manifest
