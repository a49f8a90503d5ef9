"""What kustomize makes of a kustomization: the images that its objects have in the end.

Each kustomization takes the objects of those below it, lays its patches over them, and then changes images by name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from wharf.formats.kubernetes.image import ImageParts, parts_of
from wharf.formats.kubernetes.kustomization import ImageChange, Kustomization, Patch, Resource
from wharf.formats.kubernetes.manifest import Manifest, images_anywhere
from wharf.formats.span import Span
from wharf.formats.text import Text

DEEPEST: Final = 30
MOST_IMAGES: Final = 5_000


@dataclass(frozen=True)
class BuiltImage:
    kind: str
    object_name: str
    container: str
    image: Text
    span: Span
    """Where the container names it."""
    pull_policy: Text | None = None


@dataclass(frozen=True)
class Built:
    images: tuple[BuiltImage, ...] = ()
    unused: tuple[ImageChange, ...] = ()
    """Of this kustomization: changes of images that nothing has."""
    is_partly_unknown: bool = False
    """Something of it lies elsewhere, or is made in a way that is not followed."""


@dataclass(frozen=True)
class Sources:
    """All that there is to build from, by folder and by file."""

    kustomizations: Mapping[str, Kustomization]
    manifests: Mapping[str, Manifest]
    patches: Mapping[Patch, Manifest]


class Kustomize:
    """Builds from its sources, each kustomization once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._built: dict[str, Built] = {}
        self._begun: list[str] = []

    def build(self, kustomization: Kustomization) -> Built:
        if kustomization.folder not in self._built:
            self._begun.append(kustomization.folder)
            self._built[kustomization.folder] = self._build(kustomization)
            self._begun.pop()
        return self._built[kustomization.folder]

    def _build(self, kustomization: Kustomization) -> Built:
        images: list[BuiltImage] = []
        unknown = kustomization.makes_more
        for resource in (*kustomization.resources, *kustomization.components):
            below = self._below(resource)
            images += below.images[: MOST_IMAGES - len(images)] if below else ()
            unknown |= below is None or below.is_partly_unknown
            if resource in kustomization.components:
                images = list(_changed(images, self._changes_of(resource)))
        for patch in kustomization.patches:
            known = self._sources.patches.get(patch)
            images = list(_patched(images, known)) if known else images
            unknown |= known is None
        unused = (change for change in kustomization.images if not any(_fits(each.image, change) for each in images))
        return Built(tuple(_changed(images, kustomization.images)), tuple(unused), unknown)

    def _below(self, resource: Resource) -> Built | None:
        """None, if it is not known."""
        path = resource.path
        if path is None or len(self._begun) > DEEPEST or path in self._begun:
            return None
        if kustomization := self._sources.kustomizations.get(path):
            return self.build(kustomization)
        manifest = self._sources.manifests.get(path)
        return Built(tuple(_images_of(manifest))) if manifest else None

    def _changes_of(self, component: Resource) -> tuple[ImageChange, ...]:
        """A component changes what those before it have taken, too."""
        known = self._sources.kustomizations.get(component.path) if component.path is not None else None
        return known.images if known else ()


def _images_of(manifest: Manifest) -> Iterator[BuiltImage]:
    for each in manifest.objects:
        if each.pod is None:
            for image in images_anywhere(each.node):
                yield BuiltImage(each.kind, each.name, "", image.text, image.span)
        for container in each.pod.containers if each.pod else ():
            if container.image is not None:
                yield BuiltImage(
                    each.kind, each.name, container.name, container.image, container.span, container.pull_policy
                )


def _patched(images: list[BuiltImage], patch: Manifest) -> Iterator[BuiltImage]:
    laid_over = {(each.kind, each.object_name, each.container): each for each in _images_of(patch)}
    for image in images:
        over = laid_over.get((image.kind, image.object_name, image.container))
        yield replace(image, image=over.image, span=over.span) if over else image


def _changed(images: list[BuiltImage], changes: tuple[ImageChange, ...]) -> Iterator[BuiltImage]:
    """Each change looks at what those before it have made."""
    for image in images:
        changed = image.image
        for change in changes:
            changed = _with(changed, change) if _fits(changed, change) else changed
        yield replace(image, image=changed)


def _fits(image: Text, change: ImageChange) -> bool:
    parts = parts_of(image)
    return change.name.flat in {parts.name.flat, image.flat}


def _with(image: Text, change: ImageChange) -> Text:
    parts = parts_of(image)
    name = change.new_name or parts.name
    tag = change.new_tag.text if change.new_tag else None
    if change.digest is not None:
        return ImageParts(name, tag, change.digest).whole
    if tag is not None:
        return ImageParts(name, tag).whole
    return ImageParts(name, parts.tag, parts.digest).whole
