"""What every place for images must do that keeps them as they are: a layout, a repository of a registry, memory."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, TypeVar

from wharf.errors import (
    BlobUnknown,
    DigestMismatch,
    ImageNotThere,
    PartsMissing,
    SizeMismatch,
    WharfError,
)
from wharf.images.reading import BlobReader
from wharf.images.sink import Arrival, ImageSink
from wharf.images.source import ImageSource
from wharf.images.verified import Verified, read_whole
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import parse_manifest
from wharf.oci.reference import Tag
from wharf.testing.random_image import (
    RandomImage,
    cargo_of,
    put_image,
    random_image,
    random_index,
    random_referrer,
)

V1, V2, LATEST = Tag("v1"), Tag("v2"), Tag("latest")
NOWHERE = Digest.of(b"this is nowhere")
DATA = bytes(range(256)) * 5000
MUCH = 1 << 30

E = TypeVar("E", bound=WharfError)
Story = Callable[[ImageSink, ImageSource], Awaitable[None]]


async def raised(kind: type[E], doing: Awaitable[object]) -> E:
    """The error that it ends with; it is a failure if it ends well."""
    try:
        await doing
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


async def content_of(source: ImageSource, descriptor: Descriptor) -> bytes:
    reader = Verified(await source.blob(descriptor), descriptor)
    return await asyncio.to_thread(read_whole, reader, MUCH, "blob")


async def same_image(image: RandomImage, source: ImageSource) -> None:
    """All of it, byte for byte."""
    for part in image.walk():
        found = await source.manifest(part.digest)
        assert (found.raw, found.media_type) == (part.manifest.raw, part.manifest.media_type)
        for descriptor in part.manifest.required_blobs:
            assert await content_of(source, descriptor) == part.blobs[descriptor.digest]


def uncounted(size: int) -> None:
    """For those who do not look."""


async def never_opened(offset: int) -> BlobReader:
    raise AssertionError(f"opened at {offset}")


def described(content: bytes) -> Descriptor:
    return Descriptor("application/octet-stream", Digest.of(content), len(content))


class ImagePlaceContract(ABC):
    """`unknown`: what a source says of a manifest that it lacks; `incomplete`: what a sink says of missing blobs."""

    unknown: ClassVar[type[WharfError]] = ImageNotThere
    incomplete: ClassVar[type[WharfError]] = PartsMissing
    knows_its_only_image: ClassVar[bool] = True
    takes_sha512: ClassVar[bool] = True

    @abstractmethod
    async def sink(self, folder: Path) -> ImageSink:
        """A way into the place; the same place for the same folder."""

    @abstractmethod
    async def source(self, folder: Path) -> ImageSource:
        """A way to read it, as somebody else would."""

    def run(self, folder: Path, story: Story) -> None:
        async def told() -> None:
            sink, source = await self.sink(folder), await self.source(folder)
            try:
                await story(sink, source)
            finally:
                await sink.close()
                await source.close()

        asyncio.run(told())

    def test_an_image_is_read_back_as_it_was_put(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            image = random_image(1)
            await put_image(image, sink, V1)
            assert await source.manifest(V1) == image.manifest
            await same_image(image, source)

        self.run(tmp_path, story)

    def test_an_image_of_many_platforms_is_read_back_with_all_of_them(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            index = random_index(2)
            await put_image(index, sink, V1)
            assert await source.manifest(V1) == index.manifest
            await same_image(index, source)

        self.run(tmp_path, story)

    def test_an_image_without_a_tag_is_found_by_its_digest(self, tmp_path: Path) -> None:
        async def put(sink: ImageSink, _: ImageSource) -> None:
            await put_image(random_image(3), sink)

        async def read(_: ImageSink, source: ImageSource) -> None:
            await same_image(random_image(3), source)
            assert await source.tags() == ()

        self.run(tmp_path, put)
        self.run(tmp_path, read)

    def test_the_only_image_needs_no_name(self, tmp_path: Path) -> None:
        if not self.knows_its_only_image:
            return

        async def put(sink: ImageSink, _: ImageSource) -> None:
            index = random_index(4)
            await put_image(index, sink)
            await put_image(random_referrer(index), sink)

        async def read(sink: ImageSink, source: ImageSource) -> None:
            assert await source.manifest(None) == random_index(4).manifest
            await put_image(random_image(5), sink, V2)
            problem = await raised(ImageNotThere, source.manifest(None))
            assert any("v2" in line for line in problem.diagnostics().evidence)

        self.run(tmp_path, put)
        self.run(tmp_path, read)

    def test_an_image_has_as_many_tags_as_it_was_given(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            image = random_image(6)
            await put_image(image, sink, V2, LATEST, Tag("B"))
            assert await source.tags() == (Tag("B"), LATEST, V2)
            assert await source.manifest(LATEST) == await source.manifest(V2) == image.manifest

        self.run(tmp_path, story)

    def test_a_tag_moves_to_another_image(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            await put_image(random_image(7), sink, V1, LATEST)
            await put_image(random_image(8), sink, LATEST)
            assert await source.manifest(V1) == random_image(7).manifest
            assert await source.manifest(LATEST) == random_image(8).manifest
            assert await source.tags() == (LATEST, V1)

        self.run(tmp_path, story)

    def test_a_sink_knows_what_stands_there(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, _: ImageSource) -> None:
            image = random_image(9)
            assert (await sink.digest_of(V1), await sink.digest_of(image.digest)) == (None, None)
            await put_image(image, sink, V1)
            assert (await sink.digest_of(V1), await sink.digest_of(image.digest)) == (image.digest, image.digest)
            assert await sink.digest_of(V2) is None

        self.run(tmp_path, story)

    def test_what_is_there_is_not_sent_again(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, _: ImageSource) -> None:
            cargo = cargo_of(described(DATA), DATA)
            assert await sink.put_blob(cargo, uncounted) is Arrival.SENT
            assert await sink.put_blob(replace(cargo, open=never_opened), uncounted) is Arrival.PRESENT

        self.run(tmp_path, story)

    def test_each_byte_is_counted_once(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, _: ImageSource) -> None:
            counted: list[int] = []
            await sink.put_blob(cargo_of(described(DATA), DATA), counted.append)
            assert sum(counted) == len(DATA)

        self.run(tmp_path, story)

    def test_many_blobs_are_put_at_once(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            contents = [bytes([number]) * (number * 50_001) for number in range(1, 9)]
            await asyncio.gather(*(sink.put_blob(cargo_of(described(each), each), uncounted) for each in contents))
            for content in contents:
                assert await content_of(source, described(content)) == content

        self.run(tmp_path, story)

    def test_an_empty_blob_is_a_blob(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            await sink.put_blob(cargo_of(described(b""), b""), uncounted)
            assert await content_of(source, described(b"")) == b""

        self.run(tmp_path, story)

    def test_a_blob_is_read_from_any_byte_on(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            await sink.put_blob(cargo_of(described(DATA), DATA), uncounted)
            for offset in (1, 1000, len(DATA) - 1):
                reader = await source.blob(described(DATA), offset)
                assert await asyncio.to_thread(read_whole, reader, MUCH, "blob") == DATA[offset:]

        self.run(tmp_path, story)

    def test_a_stream_is_known_by_what_it_was(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            counted: list[int] = []
            reader = await cargo_of(described(DATA), DATA).open(0)
            descriptor = await sink.put_stream("application/octet-stream", reader, counted.append)
            assert descriptor == described(DATA)
            assert sum(counted) == len(DATA)
            assert await content_of(source, descriptor) == DATA

        self.run(tmp_path, story)

    def test_a_source_names_what_it_lacks(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            await put_image(random_image(10), sink, V1)
            for which in (V2, NOWHERE):
                problem = await raised(self.unknown, source.manifest(which))
                assert str(which) in problem.diagnostics().cause
            await raised(BlobUnknown, content_of(source, described(b"nowhere")))

        self.run(tmp_path, story)

    def test_other_bytes_than_announced_are_refused_and_leave_nothing(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            await put_image(random_image(11), sink, V1)
            lie = described(DATA)
            await raised(DigestMismatch, sink.put_blob(cargo_of(lie, DATA[:-1] + b"!"), uncounted))
            await raised(SizeMismatch, sink.put_blob(cargo_of(lie, DATA[:-1]), uncounted))
            await raised(SizeMismatch, sink.put_blob(cargo_of(lie, DATA + DATA), uncounted))
            await raised(BlobUnknown, content_of(source, lie))
            await same_image(random_image(11), source)
            assert await sink.put_blob(cargo_of(lie, DATA), uncounted) is Arrival.SENT
            assert await content_of(source, lie) == DATA

        self.run(tmp_path, story)

    def test_a_manifest_is_refused_before_its_blobs_are_there(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            await put_image(random_image(12), sink, V1)
            await raised(self.incomplete, sink.put_manifest(random_image(13).manifest, [V1]))
            assert await source.manifest(V1) == random_image(12).manifest

        self.run(tmp_path, story)

    def test_what_is_about_an_image_is_listed_with_its_kind(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            image, kind = random_image(14), "application/vnd.example.signature.v1"
            await put_image(image, sink, V1)
            assert await source.referrers(image.digest) == ()
            signature = random_referrer(image, artifact_type=kind)
            await put_image(signature, sink)
            (found,) = await source.referrers(image.digest)
            assert (found.digest, found.size, found.artifact_type) == (
                signature.digest,
                len(signature.manifest.raw),
                kind,
            )
            assert dict(found.annotations) == {"org.example.number": "1"}
            assert await source.referrers(NOWHERE) == ()

        self.run(tmp_path, story)

    def test_the_longer_digests_serve_as_well(self, tmp_path: Path) -> None:
        if not self.takes_sha512:
            return

        async def story(sink: ImageSink, source: ImageSource) -> None:
            index = random_index(15, algorithm=Algorithm.SHA512)
            await put_image(index, sink, V1)
            await same_image(index, source)
            assert await sink.digest_of(index.digest) == index.digest

        self.run(tmp_path, story)

    def test_members_that_nobody_knows_are_kept(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            image = random_image(16)
            await put_image(image, sink, V1)
            raw = image.manifest.raw.replace(b'{"schemaVersion"', b'{  "com.example": [1, {"a": null}],"schemaVersion"')
            await sink.put_manifest(parse_manifest(raw, image.manifest.media_type), [V2])
            assert (await source.manifest(V2)).raw == raw

        self.run(tmp_path, story)

    def test_closing_twice_is_harmless(self, tmp_path: Path) -> None:
        async def story(sink: ImageSink, source: ImageSource) -> None:
            await put_image(random_image(17), sink, V1)
            for _ in range(2):
                await sink.close()
                await source.close()

        self.run(tmp_path, story)
