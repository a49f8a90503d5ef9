"""The image that `helm upgrade --set image.tag=…` asks for."""

from collections.abc import Iterator, Sequence

from wharf.doctor.way.deed import ChartCall
from wharf.doctor.way.laid_files import normal
from wharf.errors import FileNotThere
from wharf.formats.files import Files
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import Map, Node


def chart_image(call: ChartCall, folder: str, files: Files) -> Text | None:
    """None, where the command does not say which tag, or nobody says of which repository."""
    replaced = {name.flat: value for name, value in call.replaced}
    for name, tag in replaced.items():
        prefix, _, last = name.rpartition(".")
        if last not in {"tag", "imageTag"}:
            continue
        values = tuple(_values(call, folder, files))
        inside = f"{prefix}." if prefix else ""
        repository = replaced.get(f"{inside}repository") or _value(values, f"{inside}repository")
        registry = replaced.get(f"{inside}registry") or _value(values, f"{inside}registry")
        if repository:
            whole = registry + Text.known("/") + repository if registry else repository
            return whole + Text.known(":") + tag
    return None


def _values(call: ChartCall, folder: str, files: Files) -> Iterator[Map]:
    """The last ones count most."""
    own = Text.known(f"{call.chart.flat.rstrip('/')}/values.yaml")
    for file in (own, *call.files):
        try:
            documents = parse_yaml(files.read(normal(folder, file.flat)))
        except FileNotThere:
            continue
        yield from (document for document in documents if isinstance(document, Map))


def _value(values: Sequence[Map], name: str) -> Text | None:
    for document in reversed(values):
        node: Node | None = document
        *folders, last = name.split(".")
        for key in folders:
            node = node.get(key) if isinstance(node, Map) else None
        if isinstance(node, Map) and (text := node.text(last)):
            return text
    return None
