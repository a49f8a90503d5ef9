"""The kinds of things people keep in a registry, one function each.

A function makes a fresh set for one digest algorithm: blobs, then manifests in the order in which they have to be
pushed, the last tagged.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.conformance.cargo import (
    AMD64,
    ARM64,
    BILL_OF_LADING,
    ELSEWHERE_TAR,
    ELSEWHERE_TAR_GZIP,
    IMAGE,
    OCTETS,
    PLAIN,
    SEAL,
    TAR,
    TAR_GZIP,
    Blob,
    Descriptor,
    Details,
    Manifest,
    config,
    empty_object,
    image_manifest,
    index_manifest,
    layer,
    random_annotations,
    random_blob,
    random_field,
)
from tests.conformance.wire import Json

LARGE_ANNOTATIONS = {f"org.wharf.test.large-{number}": "A" * 10_000 for number in range(390)}


@dataclass(frozen=True, slots=True)
class DataSet:
    """Blobs and manifests that belong together; `manifests` is in pushing order."""

    blobs: tuple[Blob, ...]
    manifests: tuple[Manifest, ...]

    @property
    def top(self) -> Manifest:
        return self.manifests[-1]

    @property
    def tagged(self) -> tuple[tuple[str, Manifest], ...]:
        return tuple((tag, manifest) for manifest in self.manifests for tag in manifest.tags)

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.subject for each in self.manifests if each.subject))

    def referrers_of(self, subject: str) -> tuple[Manifest, ...]:
        return tuple(each for each in self.manifests if each.subject == subject)


def image(algorithm: str) -> DataSet:
    return _image(algorithm, details=Details(tags=("image",)))


def image_with_plain_tar_layers(algorithm: str) -> DataSet:
    return _image(algorithm, media_type=TAR, details=Details(tags=("plain-tar",)))


def image_with_a_large_manifest(algorithm: str) -> DataSet:
    """A manifest just under 4 MB, the size every registry should take."""
    return _image(algorithm, details=Details(annotations=LARGE_ANNOTATIONS, tags=("large",)))


def image_without_layers(algorithm: str) -> DataSet:
    return _image(algorithm, layer_count=0, details=Details(tags=("no-layers",)))


def image_with_data_in_its_descriptors(algorithm: str) -> DataSet:
    """Small contents may travel inside the descriptor; the blobs are there as well."""
    layers = (layer(algorithm), layer(algorithm))
    settings = config(algorithm, layers)
    described = [each.descriptor(with_data=True) for each in layers]
    named = Details(tags=("data-field",))
    manifest = image_manifest(algorithm, settings.descriptor(with_data=True), described, named)
    return DataSet((*layers, settings), (manifest,))


def image_with_layers_kept_elsewhere(algorithm: str) -> DataSet:
    """Two of the three layers may not be distributed: they are named with a URL and never pushed."""
    own = layer(algorithm)
    settings = config(algorithm, (own,))
    elsewhere = [_kept_elsewhere(algorithm, kind) for kind in (ELSEWHERE_TAR_GZIP, ELSEWHERE_TAR)]
    named = Details(tags=("kept-elsewhere",))
    manifest = image_manifest(algorithm, settings.descriptor(), [*elsewhere, own.descriptor()], named)
    return DataSet((own, settings), (manifest,))


def index(algorithm: str) -> DataSet:
    return _index(algorithm, details=Details(tags=("index",)))


def index_of_indexes(algorithm: str) -> DataSet:
    first, second = _index(algorithm), _index(algorithm)
    inner = [first.top.descriptor(), second.top.descriptor()]
    outer = index_manifest(algorithm, inner, Details(tags=("index-of-indexes",)))
    return DataSet(first.blobs + second.blobs, (*first.manifests, *second.manifests, outer))


def index_without_children(algorithm: str) -> DataSet:
    details = Details(annotations=random_annotations(), tags=("no-children",))
    return DataSet((), (index_manifest(algorithm, [], details),))


def index_with_unknown_fields(algorithm: str) -> DataSet:
    """Every document in it has a field that no specification knows; all must come back untouched."""
    images = [_image(algorithm, platform=each, details=Details(extra=random_field())) for each in (AMD64, ARM64)]
    return _over(algorithm, images, Details(extra=random_field(), tags=("unknown-fields",)))


def artifact(algorithm: str) -> DataSet:
    return _artifact(algorithm, Details(artifact_type=BILL_OF_LADING, tags=("artifact",)))


def artifact_without_content(algorithm: str) -> DataSet:
    """Config and only layer are both the empty object: all it has to say stands in its manifest."""
    nothing = empty_object(algorithm)
    details = Details(artifact_type=BILL_OF_LADING, annotations=random_annotations(), tags=("no-content",))
    return DataSet((nothing,), (image_manifest(algorithm, nothing.descriptor(), [nothing.descriptor()], details),))


def index_of_artifacts(algorithm: str) -> DataSet:
    details = Details(artifact_type=BILL_OF_LADING)
    tagged = Details(artifact_type=BILL_OF_LADING, tags=("artifact-index",))
    return _over(algorithm, [_artifact(algorithm, details), _artifact(algorithm, details)], tagged)


def image_and_its_referrers(algorithm: str) -> DataSet:
    """An image with three referrers: another image, and two artifacts of different types, all told apart."""
    subject = _image(algorithm, details=Details(tags=("image",)))
    other = _image(algorithm, details=Details(subject=subject.top))
    bill = _artifact(algorithm, _about(subject.top, BILL_OF_LADING, "bill-of-lading"))
    seal = _artifact(algorithm, _about(subject.top, SEAL, "seal"), media_type=OCTETS)
    return _together(subject, other, bill, seal)


def index_and_its_referrers(algorithm: str) -> DataSet:
    """An index whose referrer is an index, and the children of that referrer refer to it too."""
    subject = _index(algorithm, details=Details(tags=("index",)))
    children = [_artifact(algorithm, _about(subject.top, BILL_OF_LADING)) for _ in range(2)]
    referrer = _over(algorithm, children, _about(subject.top, BILL_OF_LADING, "bill-of-lading"))
    return _together(subject, referrer)


def index_that_refers_without_a_type(algorithm: str) -> DataSet:
    subject = _image(algorithm, details=Details(tags=("image",)))
    referrer = _index(algorithm, Details(subject=subject.top, annotations=random_annotations(), tags=("untyped",)))
    return _together(subject, referrer)


def artifact_whose_subject_is_missing(algorithm: str) -> DataSet:
    """What comes first, subject or referrer, is for the client to choose: this subject never comes."""
    nowhere = random_blob(123, algorithm, IMAGE)
    details = Details(BILL_OF_LADING, nowhere, random_annotations(), tags=("early",))
    return _artifact(algorithm, details)


def image_in_indented_json(algorithm: str) -> DataSet:
    """White space, escapes and the order of keys are the author's: only the same bytes have the same digest."""
    settings = config(algorithm, ())
    described = settings.descriptor()
    raw = (
        '{\r\n\t"layers" : [ ],\n  "annotations": {"org.wharf.test.port": "Mokp\\u006f \\/ \u6728\u6d66"},\n'
        '  "config": {'
        f'"size": {described["size"]}, "digest": "{described["digest"]}", "mediaType": "{described["mediaType"]}"'
        f'}},\n  "mediaType": "{IMAGE}",\n  "schemaVersion": 2\n}}\n'
    ).encode()
    return DataSet((settings,), (Manifest(raw, IMAGE, algorithm, tags=("indented",)),))


DATA_SETS: Mapping[str, Callable[[str], DataSet]] = {
    make.__name__.replace("_", "-"): make
    for make in (
        image,
        image_with_plain_tar_layers,
        image_with_a_large_manifest,
        image_without_layers,
        image_with_data_in_its_descriptors,
        image_with_layers_kept_elsewhere,
        image_in_indented_json,
        index,
        index_of_indexes,
        index_without_children,
        index_with_unknown_fields,
        artifact,
        artifact_without_content,
        index_of_artifacts,
        image_and_its_referrers,
        index_and_its_referrers,
        index_that_refers_without_a_type,
        artifact_whose_subject_is_missing,
    )
}


def _image(
    algorithm: str,
    *,
    layer_count: int = 2,
    media_type: str = TAR_GZIP,
    platform: Mapping[str, Json] = AMD64,
    details: Details = PLAIN,
) -> DataSet:
    layers = tuple(layer(algorithm, media_type) for _ in range(layer_count))
    settings = config(algorithm, layers, platform, details.extra)
    manifest = image_manifest(algorithm, settings.descriptor(), [each.descriptor() for each in layers], details)
    return DataSet((*layers, settings), (manifest,))


def _artifact(algorithm: str, details: Details, media_type: str = BILL_OF_LADING) -> DataSet:
    content, nothing = random_blob(2048, algorithm, media_type), empty_object(algorithm)
    return DataSet(
        (content, nothing), (image_manifest(algorithm, nothing.descriptor(), [content.descriptor()], details),)
    )


def _index(algorithm: str, details: Details = PLAIN) -> DataSet:
    return _over(algorithm, [_image(algorithm, platform=each) for each in (AMD64, ARM64)], details)


def _over(algorithm: str, children: list[DataSet], details: Details) -> DataSet:
    """An index over the tops of these sets, for one platform each."""
    below = _together(*children)
    platforms = (AMD64, ARM64)
    described = [child.top.descriptor(platform) for child, platform in zip(children, platforms, strict=True)]
    return DataSet(below.blobs, (*below.manifests, index_manifest(algorithm, described, details)))


def _together(*sets: DataSet) -> DataSet:
    blobs = dict.fromkeys(blob for each in sets for blob in each.blobs)
    return DataSet(tuple(blobs), tuple(manifest for each in sets for manifest in each.manifests))


def _about(subject: Manifest, artifact_type: str, *tags: str) -> Details:
    return Details(artifact_type, subject, random_annotations(), tags=tags)


def _kept_elsewhere(algorithm: str, media_type: str) -> Descriptor:
    away = Blob(secrets.token_bytes(256), algorithm, media_type)
    return {**away.descriptor(), "urls": [f"https://store.example.com/blobs/{away.digest}"]}
