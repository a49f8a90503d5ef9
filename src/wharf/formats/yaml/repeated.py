"""Keys that stand in one mapping more than once. YAML does not allow it, and programs differ in what comes of it."""

from collections.abc import Iterator

from wharf.formats.yaml.tree import List, Map, Node, Scalar


def repeated_keys(node: Node) -> Iterator[Scalar]:
    """Each where it stands again, however deep."""
    seen: set[int] = set()
    open_nodes = [node]
    while open_nodes:
        each = open_nodes.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, List):
            open_nodes += each.items
        elif isinstance(each, Map):
            yield from each.repeated
            open_nodes += [entry.value for entry in each]
