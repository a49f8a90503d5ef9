"""Signatures and other words about an image, copied with it."""

import asyncio

from tests.images.places import REGISTRY, V1, Place, copied, holding
from wharf.images.copy import Wishes
from wharf.images.statements import cosign_tags
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.reference import Tag
from wharf.testing.random_image import (
    put_image,
    random_image,
    random_index,
    random_referrer,
)


def test_signatures_of_signatures_are_copied_on_request() -> None:
    image = random_image(1)
    signature = random_referrer(image)
    countersigned = random_referrer(signature, 2)
    sink = Place()
    copy = copied(holding(image, signature, countersigned), sink, Wishes(referrers=True))
    assert (signature.digest, countersigned.digest) == copy.referrers
    assert {*signature.blobs, *countersigned.blobs} <= sink.contents.keys()


def test_nothing_is_said_unless_asked_for() -> None:
    image = random_image(1)
    assert () == copied(holding(image, random_referrer(image)), Place()).referrers


def test_what_is_said_about_a_platform_is_copied_with_the_index() -> None:
    index = random_index(1)
    signature = random_referrer(index.children[1])
    sink = Place(traits=REGISTRY)
    source = holding(index, signature)
    copied(source, sink)
    assert (signature.digest,) == copied(source, sink, Wishes(referrers=True)).referrers


def test_cosigns_tags_are_copied() -> None:
    image = random_image(1)
    source, sink = holding(image), Place()
    signature = random_image(7, layers=1)
    name = Tag(f"sha256-{image.digest.hex}.sig")
    asyncio.run(put_image(signature, source, name))
    copied(source, sink, Wishes(referrers=True))
    assert {V1: image.digest, name: signature.digest} == sink.names


def test_the_tag_is_put_after_what_is_said() -> None:
    image = random_image(1)
    signature = random_referrer(image)
    sink = Place()
    copied(holding(image, signature), sink, Wishes(referrers=True))
    assert [(image.digest, ()), (signature.digest, ()), (image.digest, (V1,))] == sink.put_in_order


def test_statements_in_a_circle_come_to_an_end() -> None:
    image = random_image(1)

    class Circle(Place):
        async def referrers(self, subject: Digest) -> tuple[Descriptor, ...]:
            return (image.descriptor,)

    source = Circle()
    asyncio.run(put_image(image, source, V1))
    assert (image.digest,) == copied(source, Place(), Wishes(referrers=True)).referrers


def test_a_statement_that_is_listed_and_gone_is_mentioned() -> None:
    image = random_image(1)

    class Forgetful(Place):
        async def referrers(self, subject: Digest) -> tuple[Descriptor, ...]:
            return (random_referrer(image).descriptor,)

    source = Forgetful()
    asyncio.run(put_image(image, source, V1))
    copy = copied(source, Place(), Wishes(referrers=True))
    assert copy.notes[0].startswith("the source lists a statement that it does not have")


def test_a_source_that_answers_is_asked_for_three_tags_and_not_for_all() -> None:
    class Answering(Place):
        async def has(self, tag: Tag) -> bool:
            return tag in self.names

        async def tags(self) -> tuple[Tag, ...]:
            raise AssertionError

    image = random_image(1)
    name = Tag(f"sha256-{image.digest.hex}.att")
    source = Answering()
    asyncio.run(put_image(image, source, V1))
    asyncio.run(put_image(random_image(7), source, name))
    assert (name,) == asyncio.run(cosign_tags(source, image.digest))
