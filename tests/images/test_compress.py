"""Layers compressed and decompressed on their way."""

import gzip
import hashlib
import io
import random
import subprocess
import zlib
from collections.abc import Callable

import pytest
import zstandard

from wharf.errors import MalformedArchive, TooLarge, Unreachable
from wharf.images.compress import Compressed, Compression, deflated
from wharf.images.compression import sniffed
from wharf.images.decompress import decompressed
from wharf.images.reading import CHUNK, BlobReader
from wharf.oci.digest import Digest
from wharf.oci.media_types import DOCKER_LAYER_GZIP, OCI_LAYER, OCI_LAYER_GZIP, OCI_LAYER_ZSTD

NOISE = random.Random(1).randbytes(300_000)
WORDS = b"".join(b"%d green bottles hanging on the wall\n" % number for number in range(120_000))
CONTENTS = {
    "nothing": b"",
    "one byte": b"x",
    "noise": NOISE,
    "words": WORDS,
    "one block": WORDS[:CHUNK],
    "a block and a byte": WORDS[: CHUNK + 1],
}
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda content: gzip.compress(content, 6),
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
    "zstd without checksum": zstandard.ZstdCompressor(write_checksum=False, write_content_size=False).compress,
}
COMPRESSING = (Compression.GZIP, Compression.ZSTD)


class Dribbling:
    """A reader that gives few bytes at a time."""

    def __init__(self, content: bytes, most: int) -> None:
        self._file = io.BytesIO(content)
        self._most = most

    def readinto(self, buffer: memoryview, /) -> int:
        return self._file.readinto(buffer[: self._most])

    def close(self) -> None:
        self._file.close()


class Breaking:
    """A reader whose connection breaks."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)
        self.is_closed = False

    def readinto(self, buffer: memoryview, /) -> int:
        count = self._file.readinto(buffer)
        if not count:
            raise Unreachable("registry.example", "the connection broke")
        return count

    def close(self) -> None:
        self.is_closed = True


def read(reader: BlobReader, step: int = CHUNK) -> bytes:
    buffer = memoryview(bytearray(step))
    content = bytearray()
    while count := reader.readinto(buffer):
        content += buffer[:count]
    reader.close()
    return bytes(content)


def unpacked(content: bytes, media_type: str | None = None, limit: int = 1 << 30) -> bytes:
    return read(decompressed(io.BytesIO(content), media_type, limit=limit))


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("compression", Compression)
def test_what_is_compressed_is_decompressed_to_the_same(name: str, compression: Compression) -> None:
    packer = Compressed(io.BytesIO(CONTENTS[name]), compression)
    packed = read(packer)
    assert CONTENTS[name] == unpacked(packed)
    assert (Digest.of(CONTENTS[name]), len(CONTENTS[name])) == (packer.diff_id, packer.size)


def test_others_can_read_our_gzip() -> None:
    packed = read(Compressed(io.BytesIO(WORDS), Compression.GZIP))
    assert WORDS == gzip.decompress(packed)
    one_member = zlib.decompressobj(31)
    assert (WORDS, b"") == (one_member.decompress(packed), one_member.unused_data)
    assert WORDS == subprocess.run(["gzip", "-dc"], input=packed, capture_output=True, check=True).stdout


def test_others_can_read_our_zstd() -> None:
    packed = read(Compressed(io.BytesIO(WORDS), Compression.ZSTD))
    assert WORDS == zstandard.ZstdDecompressor().decompressobj().decompress(packed)


@pytest.mark.parametrize("compression", COMPRESSING)
def test_the_same_bytes_give_the_same_stream_however_they_come(compression: Compression) -> None:
    whole = read(Compressed(io.BytesIO(WORDS), compression))
    assert whole == read(Compressed(Dribbling(WORDS, 10_007), compression), step=1_001)


def test_a_block_knows_the_text_before_it() -> None:
    text = memoryview(NOISE)[:4096]
    assert len(deflated(text, bytes(text))) < len(deflated(text, b"")) / 10


@pytest.mark.parametrize("compression", Compression)
def test_an_error_of_the_reader_comes_through(compression: Compression) -> None:
    source = Breaking(WORDS)
    packer = Compressed(source, compression)
    with pytest.raises(Unreachable):
        read(packer)
    packer.close()
    assert source.is_closed


@pytest.mark.parametrize("compression", Compression)
def test_it_can_be_left_in_the_middle(compression: Compression) -> None:
    source = Breaking(WORDS * 3)
    packer = Compressed(source, compression)
    packer.readinto(memoryview(bytearray(100)))
    packer.close()
    packer.close()
    assert source.is_closed


# --- back again ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PACK)
def test_parts_that_follow_one_another_are_one(kind: str) -> None:
    pack = PACK[kind]
    assert WORDS + NOISE == unpacked(pack(WORDS) + pack(b"") + pack(NOISE))


def test_frames_to_be_skipped_are_skipped() -> None:
    skippable = b"\x5a\x2a\x4d\x18" + (70_000).to_bytes(4, "little") + bytes(70_000)
    packed = PACK["zstd"](WORDS)
    assert WORDS * 2 == unpacked(skippable + packed + skippable + packed + skippable)


@pytest.mark.parametrize("level", [1, 3, 16])
@pytest.mark.parametrize("name", CONTENTS)
def test_every_form_of_zstd_frame_is_followed(level: int, name: str) -> None:
    for size, checksum in ((True, True), (False, False)):
        packer = zstandard.ZstdCompressor(level=level, write_checksum=checksum, write_content_size=size)
        packed = packer.compress(CONTENTS[name][:500_000]) * 2
        assert CONTENTS[name][:500_000] * 2 == read(decompressed(Dribbling(packed, 7_001)))


def test_padding_behind_gzip_is_none_of_the_content() -> None:
    assert WORDS == unpacked(gzip.compress(WORDS) + bytes(1000))


@pytest.mark.parametrize("kind", PACK)
def test_what_follows_and_is_something_else_is_refused(kind: str) -> None:
    with pytest.raises(MalformedArchive):
        unpacked(PACK[kind](WORDS) + b"and a word of mine")


@pytest.mark.parametrize("kind", PACK)
def test_what_is_cut_short_is_refused_wherever_it_is_cut(kind: str) -> None:
    packed = PACK[kind](NOISE)
    for cut in (5, 6, 10, 17, len(packed) // 2, len(packed) - 5, len(packed) - 1):
        with pytest.raises(MalformedArchive):
            unpacked(packed[:cut])


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_what_is_damaged_is_refused(kind: str) -> None:
    packed = bytearray(PACK[kind](WORDS))
    packed[len(packed) // 2] ^= 0xFF
    with pytest.raises(MalformedArchive):
        unpacked(bytes(packed))


@pytest.mark.parametrize("kind", PACK)
def test_a_bomb_does_not_go_off(kind: str) -> None:
    packed = PACK[kind](bytes(20_000_000))
    with pytest.raises(TooLarge) as caught:
        unpacked(packed, limit=1_000_000)
    assert 1_000_000 == caught.value.limit


def test_a_window_that_would_take_all_memory_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=30, write_content_size=0)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    with pytest.raises(MalformedArchive):
        unpacked(packed.compress(WORDS) + packed.flush())


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (gzip.compress(WORDS), OCI_LAYER_GZIP),
        (gzip.compress(WORDS), DOCKER_LAYER_GZIP),
        (PACK["zstd"](WORDS), OCI_LAYER_ZSTD),
        (WORDS, OCI_LAYER),
        (gzip.compress(WORDS), OCI_LAYER),
        (gzip.compress(WORDS), None),
    ],
)
def test_what_it_is_is_seen_from_its_beginning(content: bytes, media_type: str | None) -> None:
    assert WORDS == unpacked(content, media_type)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (WORDS, OCI_LAYER_GZIP),
        (PACK["zstd"](WORDS), OCI_LAYER_GZIP),
        (gzip.compress(WORDS), OCI_LAYER_ZSTD),
        (b"", OCI_LAYER_GZIP),
    ],
)
def test_a_media_type_that_lies_is_found_out(content: bytes, media_type: str) -> None:
    with pytest.raises(MalformedArchive):
        unpacked(content, media_type)


@pytest.mark.parametrize("head", [b"", b"\x1f", b"\x28\xb5\x2f", b"text"])
def test_a_short_beginning_is_plain(head: bytes) -> None:
    assert Compression.NONE is sniffed(head)
    assert head == unpacked(head)


def test_any_damage_is_refused_or_harmless() -> None:
    source = random.Random(3)
    for kind in ("gzip", "zstd"):
        packed = PACK[kind](NOISE[:2_000] + WORDS[:5_000])
        right = hashlib.sha256(unpacked(packed)).digest()
        for _ in range(300):
            damaged = bytearray(packed)
            damaged[source.randrange(4, len(damaged))] = source.randrange(256)
            try:
                content = unpacked(bytes(damaged), limit=1 << 24)
            except (MalformedArchive, TooLarge):
                continue
            assert right == hashlib.sha256(content).digest()
