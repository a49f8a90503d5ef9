"""Images that applications of Argo CD and releases of Flux name themselves, over what a chart or kustomization says."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.kubernetes.image import ImageParts, parts_of
from wharf.formats.kubernetes.manifest import KubernetesObject
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import List, Map, Node, Scalar

_TAGS: Final = ("tag", "imageTag")


def application_images(each: KubernetesObject) -> Iterator[Text]:
    """Only those with a tag or a digest: others leave the choice to somebody else."""
    spec = each.node.map("spec")
    if spec is None:
        return
    if each.kind == "HelmRelease":
        values = spec.map("values")
        yield from images_in_values(values) if values else ()
    elif each.kind == "Application":
        for source in (spec.map("source"), *_maps(spec.list("sources"))):
            yield from _of_source(source) if source else ()


def images_in_values(node: Node) -> Iterator[Text]:
    """Of every mapping that has a repository and a tag."""
    for item in node if isinstance(node, List) else ():
        yield from images_in_values(item)
    if isinstance(node, Map):
        repository = node.text("repository")
        tag = next((text for key in _TAGS if (text := node.text(key))), None)
        if repository and tag:
            yield _image(node.text("registry"), repository, tag)
        for entry in node:
            yield from images_in_values(entry.value)


def _of_source(source: Map) -> Iterator[Text]:
    kustomize, helm = source.map("kustomize"), source.map("helm")
    for each in (kustomize.list("images") if kustomize else None) or ():
        if isinstance(each, Scalar):
            image = each.text[each.text.flat.find("=") + 1 :]
            parts = parts_of(image)
            yield from [image] if parts.tag or parts.digest else []
    if helm is not None:
        yield from _of_parameters(helm)
        yield from _of_values(helm)


def _of_parameters(helm: Map) -> Iterator[Text]:
    given: dict[str, Text] = {}
    for each in _maps(helm.list("parameters")):
        name, value = each.text("name"), each.text("value")
        if name and value:
            given[name.flat] = value
    for key, tag in given.items():
        prefix, _, last = key.rpartition(".")
        inside = f"{prefix}." if prefix else ""
        if last in _TAGS and (repository := given.get(f"{inside}repository")):
            yield _image(given.get(f"{inside}registry"), repository, tag)


def _of_values(helm: Map) -> Iterator[Text]:
    values = helm.get("valuesObject")
    if isinstance(values, Map):
        yield from images_in_values(values)
    written = helm.text("values")
    if written:
        with suppress(MalformedFile):
            for document in parse_yaml(written):
                yield from images_in_values(document)


def _image(registry: Text | None, repository: Text, tag: Text) -> Text:
    name = registry + Text.known("/") + repository if registry else repository
    return ImageParts(name, tag).whole


def _maps(node: List | None) -> Iterator[Map]:
    yield from (each for each in node or () if isinstance(each, Map))
