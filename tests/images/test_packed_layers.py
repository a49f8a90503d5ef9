"""Layers that were compressed before stay at home, and what is remembered of them can be lost or damaged."""

from pathlib import Path

import pytest

from tests.images.places import REGISTRY, Place, copied, holding
from wharf.errors import DigestMismatch
from wharf.images.compression import Compression, LayerForm
from wharf.images.copy import Copied, Wishes
from wharf.images.packed_layers import PackedLayersFolder, packed_layers_folder
from wharf.images.sink import Arrival
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_LAYER_GZIP
from wharf.testing.random_image import random_image

IMAGE = random_image(1, compression=Compression.NONE)
LAYERS = {layer.digest for layer in IMAGE.image.layers}


def pushed(source: Place, sink: Place, folder: Path, form: LayerForm = LayerForm.AS_USUAL) -> Copied:
    return copied(source, sink, Wishes(memory=PackedLayersFolder(folder), layers=form))


def test_layers_that_were_pushed_before_are_neither_read_nor_sent(tmp_path: Path) -> None:
    source, sink = holding(IMAGE), Place(traits=REGISTRY)
    first = pushed(source, sink, tmp_path)
    sink.manifests.clear()
    source.opened.clear()
    again = pushed(source, sink, tmp_path)
    assert (first.digest, 4) == (again.digest, again.count(Arrival.PRESENT))
    assert not LAYERS & set(source.opened)


def test_to_another_place_they_are_sent_under_the_same_digest(tmp_path: Path) -> None:
    first = pushed(holding(IMAGE), Place(traits=REGISTRY), tmp_path)
    other = Place(traits=REGISTRY)
    assert first.digest == pushed(holding(IMAGE), other, tmp_path).digest
    assert {blob.digest for blob in first.manifest.required_blobs} == other.contents.keys()


def test_a_transfer_that_goes_on_in_the_middle_gets_the_right_bytes(tmp_path: Path) -> None:
    class Resuming(Place):
        async def put_blob(self, cargo, moved):  # type: ignore[no-untyped-def]
            whole, rest = (await cargo.open(0)), (await cargo.open(1000))
            if len(content := read(whole)) > 1000:
                assert content[1000:] == read(rest)
            rest.close()
            return await Place.put_blob(self, cargo, moved)

    pushed(holding(IMAGE), Place(traits=REGISTRY), tmp_path)
    assert 4 == pushed(holding(IMAGE), Resuming(traits=REGISTRY), tmp_path).count(Arrival.SENT)


def read(reader) -> bytes:  # type: ignore[no-untyped-def]
    content, buffer = b"", memoryview(bytearray(700))
    while count := reader.readinto(buffer):
        content += buffer[:count]
    reader.close()
    return content


def test_gzip_and_zstd_are_remembered_apart(tmp_path: Path) -> None:
    gzip = pushed(holding(IMAGE), Place(traits=REGISTRY), tmp_path)
    assert gzip.digest != pushed(holding(IMAGE), Place(traits=REGISTRY), tmp_path, LayerForm.ZSTD).digest


@pytest.mark.parametrize("content", [b"", b"nonsense", b"sha256:12 5", b"\xff\xfe", b"a b c", b"x" * 10**6])
def test_a_damaged_memory_costs_nothing_but_time(tmp_path: Path, content: bytes) -> None:
    pushed(holding(IMAGE), Place(traits=REGISTRY), tmp_path)
    for file in (tmp_path / "gzip").iterdir():
        file.write_bytes(content)
    assert 4 == pushed(holding(IMAGE), Place(traits=REGISTRY), tmp_path).count(Arrival.SENT)


def test_what_is_not_so_any_more_is_forgotten_and_learnt_anew(tmp_path: Path) -> None:
    first = pushed(holding(IMAGE), Place(traits=REGISTRY), tmp_path)
    memory = PackedLayersFolder(tmp_path)
    stale = Descriptor(OCI_LAYER_GZIP, Digest.of(b"by another version"), 17)
    for diff_id in LAYERS:
        memory.remember(diff_id, Compression.GZIP, stale)
    sink = Place(traits=REGISTRY)
    assert first.digest == pushed(holding(IMAGE), sink, tmp_path).digest
    assert stale != memory.recall(next(iter(LAYERS)), Compression.GZIP, OCI_LAYER_GZIP)


def test_a_source_that_lies_is_not_remembered(tmp_path: Path) -> None:
    source = holding(IMAGE)
    layer = IMAGE.image.layers[0]
    source.contents[layer.digest] = bytes(layer.size)
    for _ in range(2):
        with pytest.raises(DigestMismatch):
            pushed(source, Place(traits=REGISTRY), tmp_path)
    assert PackedLayersFolder(tmp_path).recall(layer.digest, Compression.GZIP, OCI_LAYER_GZIP) is None


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for _ in range(2):
        assert 4 == len(pushed(holding(IMAGE), Place(traits=REGISTRY), tmp_path / "file").blobs)


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", "home/.cache/wharf/packed-layers"),
        ({"XDG_CACHE_HOME": "xdg"}, "linux", "xdg/wharf/packed-layers"),
        ({}, "darwin", "home/Library/Caches/wharf/packed-layers"),
        ({"LOCALAPPDATA": "local"}, "win32", "local/wharf/packed-layers"),
        ({}, "win32", "home/AppData/Local/wharf/packed-layers"),
    ],
)
def test_it_lies_where_the_system_keeps_such_things(environ: dict[str, str], platform: str, expected: str) -> None:
    assert Path(expected) == packed_layers_folder(environ, Path("home"), platform)
