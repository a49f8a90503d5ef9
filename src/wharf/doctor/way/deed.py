"""What one command or one use of an action does with images."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from wharf.formats.text import Text


class Doing(Enum):
    PUSHES = "pushes"
    """To a registry."""
    ASKS = "asks"
    """Of a registry, unless the image was made or fetched before on the same machine."""
    MAKES = "makes"
    """On the machine, under this name."""
    PROBES = "probes"
    """It is only looked whether it is there."""


@dataclass(frozen=True)
class Deed:
    """`by`: the words of the command that people know it by, such as `docker push`."""

    doing: Doing
    reference: Text
    by: str
    platforms: tuple[Text, ...] = ()
    pushes_all_tags: bool = False
    """Of the repository, as far as they are on the machine."""
    by_digest: bool = False
    """Without any tag."""
    is_as_named: bool = False
    """The references are those that an earlier step has put together; a program of its own takes them from there."""


@dataclass(frozen=True)
class ComposeCall:
    """`docker compose …`: what it does with images stands in the files."""

    command: str
    """`up`, `pull`, `run`, `push`, `build` and so on."""
    files: tuple[Text, ...] = ()
    """None, where the usual ones are meant."""
    folder: Text | None = None
    environment_files: tuple[Text, ...] = ()
    services: tuple[Text, ...] = ()
    profiles: tuple[Text, ...] = ()
    builds: bool = False


@dataclass(frozen=True)
class ManifestCall:
    """`kubectl apply -f …`: the images stand in the files."""

    files: tuple[Text, ...]
    is_kustomization: bool = False


@dataclass(frozen=True)
class ChartCall:
    """`helm upgrade …`: the images stand in the values of the chart, and in what replaces them."""

    chart: Text
    files: tuple[Text, ...] = ()
    replaced: tuple[tuple[Text, Text], ...] = ()
    """Names and values of `--set`."""


@dataclass(frozen=True)
class BakeCall:
    """`docker buildx bake`: the images stand in bake files. None are named where the usual files are meant."""

    by: str
    files: tuple[Text, ...] = ()
    targets: tuple[Text, ...] = ()
    overrides: tuple[Text, ...] = ()
    """`target.key=value`."""
    pushes: bool = False
    folder: Text | None = None
    tags: Mapping[str, tuple[Text, ...]] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """By target: those that an earlier step has put together (`docker-metadata-action`)."""


Act = Deed | ComposeCall | ManifestCall | ChartCall | BakeCall
