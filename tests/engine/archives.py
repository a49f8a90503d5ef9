"""Archives as `docker save` writes them, put together by hand."""

import io
import json

from tests.images.tars import file, tar_of
from wharf.testing.random_image import RandomImage


def archive_of(image: RandomImage, *names: str) -> io.BytesIO:
    config = image.image.config.digest
    entries = [file(f"{config.hex}.json", image.blobs[config])]
    entries += [file(f"{layer.digest.hex}/layer.tar", image.blobs[layer.digest]) for layer in image.image.layers]
    document = {
        "Config": f"{config.hex}.json",
        "RepoTags": list(names) or None,
        "Layers": [f"{layer.digest.hex}/layer.tar" for layer in image.image.layers],
    }
    return io.BytesIO(tar_of(*entries, file("manifest.json", json.dumps([document]).encode())))
