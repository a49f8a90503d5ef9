"""The inputs that a workflow or an action asks for."""

from collections.abc import Mapping

from wharf.formats.github.workflow import Asks
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Map, Node, Scalar


def asked_in(inputs: Map | None) -> Mapping[str, Asks]:
    return {entry.key.text.flat.lower(): _asks(entry.key, entry.value) for entry in inputs or ()}


def _asks(key: Scalar, node: Node) -> Asks:
    if not isinstance(node, Map):
        return Asks(key.text.flat, key.span)
    kind = node.text("type")
    required = (node.text("required") or Text()).flat.lower() == "true"
    default = node.get("default")
    default = None if isinstance(default, Scalar) and default.is_null else default
    return Asks(key.text.flat, key.span, kind.flat if kind else "string", default, required)
