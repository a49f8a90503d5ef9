"""The images of Kubernetes manifests, wherever a container stands in them."""

from collections.abc import Iterator
from typing import Final

from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import List, Map, Node

_CONTAINERS: Final = frozenset({"containers", "initContainers", "ephemeralContainers"})


def manifest_images(content: Text) -> Iterator[Text]:
    for document in parse_yaml(content):
        yield from _images(document)


def _images(node: Node) -> Iterator[Text]:
    if isinstance(node, List):
        for item in node:
            yield from _images(item)
    if isinstance(node, Map):
        for entry in node:
            if entry.key.text.flat in _CONTAINERS and isinstance(entry.value, List):
                yield from (image for item in entry.value if isinstance(item, Map) and (image := item.text("image")))
            else:
                yield from _images(entry.value)
