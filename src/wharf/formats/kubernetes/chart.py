"""A Helm chart: its values, and the images that its templates make of them."""

from dataclasses import dataclass

from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Map


@dataclass(frozen=True)
class ChartImage:
    """What stands behind one `image:` of a template when the values are put in."""

    reference: Text
    span: Span
    """In the template."""
    pull_policy: Text | None = None


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
    version: Text | None = None
    application_version: Text | None = None
    values: tuple[Values, ...] = ()
    """`values.yaml` first, then the others (`values-production.yaml`)."""
    releases: tuple[Release, ...] = ()
    """One for `values.yaml` alone, and one for each other file."""
    templates: tuple[str, ...] = ()
