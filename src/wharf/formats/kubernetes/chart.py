"""A Helm chart: its values, and the images that its templates make of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wharf.formats.kubernetes.render import Rendering, defined_in
from wharf.formats.kubernetes.template import Block, parse_template
from wharf.formats.kubernetes.template_value import Open, Value, laid_over, value_of
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Map

_image_line = re.compile(r"^[ \t]*(?:-[ \t]+)?image:[ \t]+(?P<image>[^\n]*\S)", re.MULTILINE)


@dataclass(frozen=True)
class ChartImage:
    """What stands behind one `image:` of a template when the values are put in."""

    reference: Text
    span: Span
    """Of what made it, or of the line in the template."""


@dataclass(frozen=True)
class Values:
    file: str
    node: Map


@dataclass(frozen=True)
class Release:
    """A chart with its own values and, over them, those of one more file."""

    values: tuple[str, ...]
    """The files, the last one counts most."""
    images: tuple[ChartImage, ...]


@dataclass(frozen=True)
class Chart:
    folder: str
    name: str
    node: Map
    """Chart.yaml."""
    values: tuple[Values, ...] = ()
    """`values.yaml` first, then the others (`values-production.yaml`)."""
    releases: tuple[Release, ...] = ()
    """One for `values.yaml` alone, and one for each other file."""
    templates: tuple[str, ...] = ()


def chart_of(folder: str, node: Map, values: tuple[Values, ...], templates: Mapping[str, Text]) -> Chart:
    """`values`: those that are always there first, if there are any."""
    blocks = {path: parse_template(text) for path, text in templates.items()}
    name = node.text("name") or Text()
    own = next((each for each in values if each.file.endswith("values.yaml") and _is_usual(each, folder)), None)
    others = [each for each in values if each is not own]
    sets = [(own,) if own else ()] + [((own, other) if own else (other,)) for other in others]
    releases = tuple(Release(tuple(each.file for each in files), _images(node, files, blocks)) for files in sets)
    return Chart(folder, name.flat, node, values, releases, tuple(templates))


def _is_usual(values: Values, folder: str) -> bool:
    return values.file == (f"{folder}/values.yaml" if folder else "values.yaml")


def _images(chart: Map, values: tuple[Values, ...], blocks: Mapping[str, Block]) -> tuple[ChartImage, ...]:
    merged: Value = {}
    for each in values:
        merged = laid_over(merged, value_of(each.node))
    rendering = Rendering(_defined(blocks), _root(chart, merged))
    found: dict[ChartImage, None] = {}
    for path, block in blocks.items():
        if not path.endswith(".tpl"):
            found |= dict.fromkeys(_images_in(rendering.text(block), path))
    return tuple(found)


def _root(chart: Map, values: Value) -> dict[str, Value]:
    about = {entry.key.text.flat[:1].upper() + entry.key.text.flat[1:]: value_of(entry.value) for entry in chart}
    outside = {name: Open(name) for name in ("Release", "Capabilities", "Files", "Template", "Subcharts")}
    return {"Values": values, "Chart": about, **outside}


def _defined(blocks: Mapping[str, Block]) -> dict[str, Block]:
    return {define.name: define.body for block in blocks.values() for define in defined_in(block)}


def _images_in(rendered: Text, path: str) -> Iterator[ChartImage]:
    for found in _image_line.finditer(rendered.flat):
        image = rendered[found.start("image") : found.end("image")]
        written = _unquoted(image)
        yield ChartImage(written, image.span or rendered[found.start() : found.end()].span or Span.at(path))


def _unquoted(image: Text) -> Text:
    quote = image.flat[0]
    if quote in "'\"":
        end = image.flat.find(quote, 1)
        return image[1 : end if end > 0 else len(image)]
    comment = image.flat.find(" #")
    return image[: comment if comment >= 0 else len(image)].stripped()
