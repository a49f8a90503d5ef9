"""Kamal's `config/deploy.yml`, as far as it names the image."""

from wharf.formats.hole import Unknown
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import Map


def kamal_image(content: Text) -> Text | None:
    """The repository, with its registry. What a template puts in is not known."""
    root = next((document for document in parse_yaml(content) if isinstance(document, Map)), None)
    image = root.text("image") if root else None
    if root is None or image is None:
        return None
    registry = root.map("registry")
    server = registry.text("server") if registry else None
    return _templated(server) + Text.known("/") + _templated(image) if server else _templated(image)


def _templated(text: Text) -> Text:
    return Text.unknown(Unknown.SYNTAX, text.flat, text.span) if "<%" in text.flat else text
