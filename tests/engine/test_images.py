"""Copies into a real engine and out of it."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.images.places import Place, holding, with_layers
from wharf.engine.docker import Engine
from wharf.engine.images import EngineSink, EngineSource
from wharf.errors import BlobUnknown, EngineUnreachable, ImageBroken, ImageNotThere, MalformedPlace, WharfError
from wharf.images.compress import Compression
from wharf.images.copy import Copied, Wishes, copy_image, delivery
from wharf.images.progress import Unwatched
from wharf.images.sink import Arrival
from wharf.images.validate import flaws_of
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageManifest
from wharf.oci.reference import Reference, Tag
from wharf.testing.random_image import DOCKER, LINUX_AMD64, RandomImage, random_image, random_index

pytestmark = pytest.mark.slow

APP = Reference.parse("registry.example/team/app:v1")
V1, V2 = Tag("v1"), Tag("v2")


async def into(environ: dict[str, str], source: Place, tags: Sequence[Tag] = (V1,), near: Path | None = None) -> Copied:
    wishes = Wishes(machine=LINUX_AMD64)
    async with delivery(EngineSink(environ, APP, near)) as sink:
        return await copy_image(source, V1, sink, tags, wishes, Unwatched())


async def out_of(environ: dict[str, str], reference: Reference = APP, near: Path | None = None) -> Place:
    source, place = EngineSource(environ, reference, near), Place()
    try:
        await copy_image(source, reference.tag, place, [V1], Wishes(), Unwatched())
        assert () == await flaws_of(source, reference.tag)
    finally:
        await source.close()
    return place


@pytest.mark.parametrize(
    "image",
    [
        random_image(1),
        random_image(1, compression=Compression.ZSTD),
        random_image(1, compression=Compression.NONE, dialect=DOCKER),
        with_layers(random_image(1, layers=1), random_image(1, layers=1).image.layers),
    ],
    ids=["gzip", "zstd", "plain", "one layer"],
)
def test_an_image_goes_in_and_comes_out_the_same(
    engine: Engine, environ: dict[str, str], tmp_path: Path, image: RandomImage
) -> None:
    asyncio.run(into(environ, holding(image), near=tmp_path))
    assert image.image.config.digest == engine.find(str(APP)).id
    place = asyncio.run(out_of(environ, near=tmp_path))
    (manifest,) = place.manifests.values()
    assert isinstance(manifest, ImageManifest)
    assert image.image.config.digest == manifest.config.digest
    assert [] == list(tmp_path.iterdir())


def test_of_an_index_the_engine_takes_the_image_for_its_machine(engine: Engine, environ: dict[str, str]) -> None:
    index = random_index(1)
    copy = asyncio.run(into(environ, holding(index)))
    assert index.children[0].digest == copy.digest
    assert index.children[0].image.config.digest == engine.find(str(APP)).id


def test_an_image_gets_all_its_tags_and_they_are_listed(engine: Engine, environ: dict[str, str]) -> None:
    asyncio.run(into(environ, holding(random_image(1)), [V1, V2]))
    source = EngineSource(environ, APP)
    assert (V1, V2) == asyncio.run(finished(source))
    assert 2 == len(engine.find(str(APP)).names)


async def finished(source: EngineSource) -> tuple[Tag, ...]:
    tags = await source.tags()
    await source.close()
    return tags


def test_an_image_that_is_there_gets_its_tag_without_travelling(engine: Engine, environ: dict[str, str]) -> None:
    source = holding(random_image(1))
    assert 4 == asyncio.run(into(environ, source)).count(Arrival.SENT)
    assert () == asyncio.run(into(environ, source, [V2])).blobs
    assert {V1, V2} == {name.tag for name in engine.find(str(APP)).names}


def test_a_tag_moves_to_the_new_image(engine: Engine, environ: dict[str, str]) -> None:
    asyncio.run(into(environ, holding(random_image(1))))
    new = random_image(2)
    asyncio.run(into(environ, holding(new)))
    assert new.image.config.digest == engine.find(str(APP)).id
    for image in engine.images():
        if not image.names:
            engine.remove(str(image.id))


def failing(engine: Engine, environ: dict[str, str], source: Place, folder: Path, kind: type[WharfError]) -> None:
    """What was there before is still there, and nothing else, neither in the engine nor beside it."""
    before = random_image(9)
    asyncio.run(into(environ, holding(before)))
    with pytest.raises(kind):
        asyncio.run(into(environ, source, near=folder))
    assert [before.image.config.digest] == [image.id for image in engine.images()]
    assert [] == list(folder.iterdir())


def test_a_source_that_fails_midway_leaves_the_engine_as_it_was(
    engine: Engine, environ: dict[str, str], tmp_path: Path
) -> None:
    image = random_image(1)
    source = holding(image)
    del source.contents[image.image.layers[2].digest]
    failing(engine, environ, source, tmp_path, BlobUnknown)


def test_an_image_that_lies_is_not_given_to_the_engine(engine: Engine, environ: dict[str, str], tmp_path: Path) -> None:
    image = random_image(1)
    failing(engine, environ, holding(with_layers(image, image.image.layers[::-1])), tmp_path, ImageBroken)


def test_all_platforms_are_too_many_for_an_engine(engine: Engine, environ: dict[str, str]) -> None:
    async def copy() -> None:
        async with delivery(EngineSink(environ, APP)) as sink:
            wishes = Wishes(all_platforms=True)
            await copy_image(holding_index, V1, sink, [V1], wishes, Unwatched())

    holding_index = holding(random_index(1))
    with pytest.raises(MalformedPlace):
        asyncio.run(copy())
    assert () == engine.images()


def test_what_the_engine_does_not_have_is_said_with_what_it_has(engine: Engine, environ: dict[str, str]) -> None:
    asyncio.run(into(environ, holding(random_image(1))))
    with pytest.raises(ImageNotThere) as caught:
        asyncio.run(out_of(environ, Reference.parse("registry.example/team/app:v9")))
    assert (str(APP),) == caught.value.present


def test_blobs_and_digests_that_no_archive_held_are_not_there(engine: Engine, environ: dict[str, str]) -> None:
    async def ask(source: EngineSource) -> None:
        try:
            with pytest.raises(BlobUnknown):
                await source.blob(Descriptor("text/plain", Digest.of(b"x"), 1))
            with pytest.raises(ImageNotThere):
                await source.manifest(Digest.of(b"x"))
            assert () == await source.referrers(Digest.of(b"x"))
        finally:
            await source.close()
            await source.close()

    asyncio.run(ask(EngineSource(environ, APP)))
    assert () == engine.images()


def test_without_an_engine_nothing_is_left_behind(tmp_path: Path) -> None:
    nowhere = {"DOCKER_HOST": f"unix://{tmp_path}/docker.sock"}
    for attempt in (into(nowhere, holding(random_image(1)), near=tmp_path), out_of(nowhere, near=tmp_path)):
        with pytest.raises(EngineUnreachable):
            asyncio.run(attempt)
    assert [] == list(tmp_path.iterdir())


def test_an_image_is_given_by_its_id_as_well(environ: dict[str, str], engine: Engine) -> None:
    image = random_image(1)
    asyncio.run(into(environ, holding(image)))
    found = engine.find(str(APP))

    async def by_id() -> Place:
        source, place = EngineSource(environ, found.id), Place()
        assert () == await source.tags()
        try:
            await copy_image(source, None, place, [V1], Wishes(), Unwatched())
        finally:
            await source.close()
        return place

    (manifest,) = asyncio.run(by_id()).manifests.values()
    assert isinstance(manifest, ImageManifest)
    assert image.image.config.digest == manifest.config.digest


def test_an_id_that_no_image_has_is_told(environ: dict[str, str]) -> None:
    async def ask() -> None:
        source = EngineSource(environ, Digest.of(b"nothing"))
        try:
            await source.manifest(None)
        finally:
            await source.close()

    with pytest.raises(ImageNotThere):
        asyncio.run(ask())


@pytest.mark.skipif(sys.platform == "win32", reason="files without a name are not known there")
def test_what_an_engine_gave_has_no_name_that_could_be_left_behind(
    engine: Engine, environ: dict[str, str], tmp_path: Path
) -> None:
    asyncio.run(into(environ, holding(random_image(1))))

    async def story() -> None:
        source = EngineSource(environ, APP, tmp_path)
        await source.manifest(V1)
        assert [] == list(tmp_path.iterdir())
        await source.close()

    asyncio.run(story())
