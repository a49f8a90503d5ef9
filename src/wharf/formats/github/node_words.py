"""Texts taken out of the nodes of a workflow: one word or a list of them, and names with texts."""

from collections.abc import Mapping

from wharf.formats.github.scalars import text_of
from wharf.formats.text import Text
from wharf.formats.yaml.tree import List, Map, Node, Scalar


def words_in(node: Node | None) -> tuple[Text, ...]:
    """`needs: build` and `needs: [build, test]` say the same in two forms."""
    if isinstance(node, Scalar):
        return () if node.is_null else (node.text,)
    if isinstance(node, List):
        return tuple(item.text for item in node if isinstance(item, Scalar))
    return ()


def texts_in(node: Node | None, *, small: bool = False) -> Mapping[str, Text]:
    """Values with their names; `small`: names in small letters. What is no text is left out."""
    if not isinstance(node, Map):
        return {}
    named = ((entry.key.text.flat, entry.value) for entry in node)
    return {name.lower() if small else name: text_of(value) for name, value in named if isinstance(value, Scalar)}
