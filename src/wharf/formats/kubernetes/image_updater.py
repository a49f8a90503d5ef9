"""What Argo CD Image Updater is told of images: by an object of its own, or by annotations of an application."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wharf.formats.kubernetes.manifest import KubernetesObject
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Entry, Map, Scalar

PREFIX: Final = "argocd-image-updater.argoproj.io/"
_SETTINGS: Final = "commonUpdateSettings"
_LIST: Final = PREFIX + "image-list"
_OF_IMAGES: Final = frozenset(
    {
        "update-strategy",
        "allow-tags",
        "ignore-tags",
        "pull-secret",
        "platforms",
        "force-update",
        "helm.image-name",
        "helm.image-tag",
        "helm.image-spec",
        "kustomize.image-name",
    }
)


@dataclass(frozen=True)
class UpdateSettings:
    """How one image is kept up to date, as far as that is said there."""

    span: Span
    strategy: Scalar | None = None
    allow_tags: Scalar | None = None
    ignore_tags: Text | None = None
    pull_secret: Scalar | None = None


@dataclass(frozen=True)
class StrayAnnotation:
    """A setting for an alias that the list of images does not have."""

    alias: str
    setting: str
    key: Scalar


@dataclass(frozen=True)
class UpdatedImages:
    owner: KubernetesObject
    settings: tuple[UpdateSettings, ...] = ()
    aliases: frozenset[str] = frozenset()
    strays: tuple[StrayAnnotation, ...] = ()


def updated_images(each: KubernetesObject) -> UpdatedImages | None:
    """None for objects that say nothing of it."""
    if each.kind == "ImageUpdater":
        return UpdatedImages(each, tuple(_in_object(each.node.map("spec"))))
    if each.kind in {"Application", "ApplicationSet"}:
        return _annotated(each)
    return None


def _in_object(spec: Map | None) -> Iterator[UpdateSettings]:
    """Settings stand for all, for an application, and for an image."""
    if spec is None:
        return
    yield from _settings(spec)
    for reference in _maps(spec, "applicationRefs"):
        yield from _settings(reference)
        for image in _maps(reference, "images"):
            yield from _settings(image)


def _maps(node: Map, key: str) -> Iterator[Map]:
    yield from (each for each in node.list(key) or () if isinstance(each, Map))


def _settings(node: Map) -> Iterator[UpdateSettings]:
    entry = node.entry(_SETTINGS)
    if entry is not None and isinstance(entry.value, Map):
        found = entry.value
        yield UpdateSettings(
            entry.key.span,
            found.scalar("updateStrategy"),
            found.scalar("allowTags"),
            _ignored(found),
            found.scalar("pullSecret"),
        )


def _ignored(node: Map) -> Text | None:
    several = node.list("ignoreTags")
    return Text.known("*") if several and several.items else node.text("ignoreTags")


def _annotated(each: KubernetesObject) -> UpdatedImages | None:
    node = each.node.map("metadata")
    if each.kind == "ApplicationSet":
        spec = each.node.map("spec")
        template = spec.map("template") if spec else None
        node = template.map("metadata") if template else None
    annotations = node.map("annotations") if node else None
    images = annotations.scalar(_LIST) if annotations else None
    if annotations is None or images is None:
        return None
    aliases = frozenset(_aliases(images.text))
    found = {entry.key.text.flat: entry for entry in annotations if entry.key.text.flat.startswith(PREFIX)}
    settings = tuple(_of_alias(alias, found, images) for alias in sorted(aliases))
    return UpdatedImages(each, settings, aliases, tuple(_strays(found, aliases)))


def _aliases(images: Text) -> Iterator[str]:
    """An image without an alias is called by its name; slashes are underscores in keys."""
    for image in images.split(","):
        spec = image.stripped().flat
        alias, equals, _ = spec.partition("=")
        if spec:
            yield (alias if equals else spec.rpartition("/")[2].partition(":")[0]).strip().replace("/", "_")
            yield from [] if equals else [spec.partition(":")[0].replace("/", "_")]


def _of_alias(alias: str, found: dict[str, Entry], images: Scalar) -> UpdateSettings:
    def value(setting: str) -> Scalar | None:
        entry = found.get(f"{PREFIX}{alias}.{setting}") or found.get(f"{PREFIX}{setting}")
        return entry.value if entry and isinstance(entry.value, Scalar) and entry.value.text else None

    ignored = value("ignore-tags")
    strategy = value("update-strategy")
    span = strategy.span if strategy else images.span
    return UpdateSettings(span, strategy, value("allow-tags"), ignored.text if ignored else None, value("pull-secret"))


def _strays(found: dict[str, Entry], aliases: frozenset[str]) -> Iterator[StrayAnnotation]:
    for key, entry in found.items():
        alias, dot, setting = key.removeprefix(PREFIX).partition(".")
        if dot and setting in _OF_IMAGES and alias not in aliases and alias not in {"helm", "kustomize"}:
            yield StrayAnnotation(alias, setting, entry.key)
