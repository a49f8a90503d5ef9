"""Bytes held against their descriptor on their way."""

import asyncio
import io

import pytest

from wharf.errors import DigestMismatch, SizeMismatch, TooLarge
from wharf.images.verified import Verified, read_small, read_whole
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.testing.memory_images import MemoryImages
from wharf.testing.random_image import random_image

DATA = bytes(range(256)) * 40


def announced(content: bytes, size: int | None = None, algorithm: Algorithm = Algorithm.SHA256) -> Descriptor:
    return Descriptor("text/plain", Digest.of(content, algorithm), len(content) if size is None else size)


def read(reader: Verified, step: int = 1000) -> bytes:
    buffer = memoryview(bytearray(step))
    content = b""
    while count := reader.readinto(buffer):
        content += buffer[:count]
    return content


@pytest.mark.parametrize("algorithm", Algorithm)
def test_true_bytes_go_through(algorithm: Algorithm) -> None:
    assert DATA == read(Verified(io.BytesIO(DATA), announced(DATA, algorithm=algorithm)))


def test_no_bytes_are_bytes_too() -> None:
    assert b"" == read(Verified(io.BytesIO(b""), announced(b"")))


def test_other_bytes_are_refused_with_the_last_of_them() -> None:
    reader = Verified(io.BytesIO(DATA[:-1] + b"!"), announced(DATA))
    with pytest.raises(DigestMismatch):
        reader.readinto(memoryview(bytearray(len(DATA))))


def test_the_first_byte_too_many_is_refused_at_once() -> None:
    endless = io.BytesIO(DATA * 1000)
    with pytest.raises(SizeMismatch) as caught:
        read(Verified(endless, announced(DATA)), step=1000)
    assert endless.tell() <= len(DATA) + 1000
    assert len(DATA) == caught.value.announced


def test_an_early_end_is_refused() -> None:
    with pytest.raises(SizeMismatch) as caught:
        read(Verified(io.BytesIO(DATA[:500]), announced(DATA)))
    assert 500 == caught.value.received


def test_what_was_refused_is_refused_again() -> None:
    reader = Verified(io.BytesIO(DATA + b"more"), announced(DATA))
    for _ in range(2):
        with pytest.raises(SizeMismatch):
            read(reader, step=1 << 20)


def test_a_buffer_without_room_is_no_end() -> None:
    reader = Verified(io.BytesIO(DATA), announced(DATA))
    assert 0 == reader.readinto(memoryview(bytearray()))
    assert DATA == read(reader)


def test_a_small_blob_is_read_whole_up_to_its_limit() -> None:
    assert DATA == read_whole(io.BytesIO(DATA), len(DATA), "text")
    with pytest.raises(TooLarge):
        read_whole(io.BytesIO(DATA), len(DATA) - 1, "text")


def test_a_configuration_is_read_and_held_against_its_descriptor() -> None:
    image = random_image(1)
    source = MemoryImages(contents=dict(image.blobs))
    config = image.image.config
    assert image.blobs[config.digest] == asyncio.run(read_small(source, config, 1 << 20, "configuration"))
    source.contents[config.digest] = b"{}"
    with pytest.raises(SizeMismatch):
        asyncio.run(read_small(source, config, 1 << 20, "configuration"))


def test_what_is_announced_too_large_is_not_asked_for() -> None:
    image = random_image(1)
    source = MemoryImages(contents=dict(image.blobs))
    with pytest.raises(TooLarge):
        asyncio.run(read_small(source, image.image.config, 10, "configuration"))
    assert [] == source.opened


def test_data_that_came_with_the_descriptor_is_not_asked_for() -> None:
    source = MemoryImages()
    descriptor = Descriptor("text/plain", Digest.of(b"{}"), 2, data=b"{}")
    assert b"{}" == asyncio.run(read_small(source, descriptor, 10, "configuration"))
