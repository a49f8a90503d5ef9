"""Layout folders as tests make, change and look at them."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wharf.images.layout import LayoutSink, LayoutSource
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest
from wharf.oci.reference import Tag
from wharf.testing.random_image import RandomImage, put_image

V1, V2 = Tag("v1"), Tag("v2")


def index_of(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "index.json").read_bytes())
    return document


def change_index(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = index_of(folder)
    change(document)
    (folder / "index.json").write_text(json.dumps(document))


def written(folder: Path, image: RandomImage, *tags: Tag) -> Path:
    async def story() -> None:
        sink = LayoutSink(folder)
        await put_image(image, sink, *tags)
        await sink.close()

    asyncio.run(story())
    return folder


def manifest_of(folder: Path, which: Tag | Digest | None) -> Manifest:
    return asyncio.run(LayoutSource(folder).manifest(which))


def blob_path(folder: Path, digest: Digest) -> Path:
    return folder / "blobs" / digest.algorithm / digest.hex


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
