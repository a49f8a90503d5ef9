"""The Kubernetes objects of a repository, what kustomize and Helm make of them, and the images they ask for.

Templates are no YAML before something has filled them in: a file that cannot be read and has `{{` in it is passed over.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.way.reference import Asked
from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.hole import Unknown
from wharf.formats.kubernetes.application import application_images
from wharf.formats.kubernetes.chart import Chart, Values, chart_of
from wharf.formats.kubernetes.image import ImageParts, parts_of, with_gaps
from wharf.formats.kubernetes.kustomization import NAMES, Kustomization, Patch, parse_kustomization
from wharf.formats.kubernetes.kustomize import Built, Kustomize, Sources
from wharf.formats.kubernetes.manifest import KubernetesObject, Manifest, parse_manifest
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import Map

CHART: Final = "Chart.yaml"
_is_yaml = re.compile(r".*\.ya?ml", re.IGNORECASE).fullmatch
_is_values = re.compile(r"values(?:[._-][\w.-]+)?\.ya?ml|[\w.-]+[._-]values\.ya?ml").fullmatch
_has_version = re.compile(r"^[\"']?apiVersion[\"']?[ \t]*:", re.MULTILINE).search
_kinds = re.compile(r"^[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?(\w*)", re.MULTILINE).findall
_DEFINITION: Final = "CustomResourceDefinition"
"""Says what objects look like, at great length, and starts nothing."""
_is_template = re.compile(r"\{\{|\{%|<%").search
_changes_images = re.compile(r"/image\b").search
_gives_tags = re.compile(r"--set(?:-string)?[ =][^\n]*[tT]ag=|[.][tT]ag=\$|helm\.image-tag").search
_gives_images = re.compile(
    r"\bkubectl\b[^\n]*\bpatch\b|k8s-deploy|--kustomize-image|\benvsubst\b"
    r"|\b(?:sed|yq)\b[^\n]*(?:image|tag|sha|version|commit|number)",
    re.IGNORECASE,
).search
_tells_of_deployment = re.compile(
    r"(?:.*/)?(?:[^/]*\.sh|[Mm]akefile|[Jj]ustfile|Jenkinsfile|\.gitlab-ci\.yml)|\.(?:github|circleci|gitlab)/.*\.ya?ml"
).fullmatch
_MOST_READ: Final = 300
_ELSEWHERE: Final = (".github/", ".gitlab/", ".circleci/")


@dataclass(frozen=True)
class Cluster:
    """All that there is for Kubernetes in a repository."""

    manifests: tuple[Manifest, ...] = ()
    """One for each file; templates of charts are not among them."""
    kustomizations: tuple[Kustomization, ...] = ()
    charts: tuple[Chart, ...] = ()
    built: dict[str, Built] = field(default_factory=dict)
    """What comes of each kustomization, by its folder."""

    @property
    def objects(self) -> Iterator[KubernetesObject]:
        for manifest in self.manifests:
            yield from manifest.objects

    @property
    def tops(self) -> tuple[Kustomization, ...]:
        """Kustomizations that no other one takes: those that are applied."""
        taken = {each.path for one in self.kustomizations for each in (*one.resources, *one.components)}
        return tuple(one for one in self.kustomizations if one.folder not in taken and not one.is_component)

    @property
    def taken_files(self) -> frozenset[str]:
        """Manifests and patches that kustomizations take: they are not applied as they are."""
        resources = {each.path for one in self.kustomizations for each in one.resources}
        patches = {each.path for one in self.kustomizations for each in one.patches}
        return frozenset(path for path in resources | patches if path is not None)


def cluster(checkout: Checkout) -> Cluster:
    paths = sorted(checkout.files.paths())
    charts = tuple(_charts(checkout, paths))
    templates = {path for chart in charts for path in chart.templates}
    kustomizations = tuple(_kustomizations(checkout, paths))
    others = {each.file for each in kustomizations} | templates
    manifests = tuple(_manifests(checkout, (path for path in paths if path not in others)))
    sources = Sources(
        {each.folder: each for each in kustomizations},
        {each.file: each for each in manifests},
        dict(_patches(checkout, kustomizations)),
    )
    kustomize = Kustomize(sources)
    built = {each.folder: kustomize.build(each) for each in kustomizations}
    return Cluster(manifests, kustomizations, charts, built)


def kubernetes_asked(checkout: Checkout) -> tuple[Asked, ...]:
    """What manifests, kustomizations and charts ask for, as they stand. `by` says which of them."""
    seen = checkout.once(cluster)
    charts = () if checkout.once(tags_are_given) else _asked_by_helm(seen)
    found = (*_asked_by_manifests(seen), *_asked_by_kustomize(seen), *_asked_by_applications(seen), *charts)
    return tuple(dict.fromkeys(found))


def tags_are_given(checkout: Checkout) -> bool:
    """Whether a script or a workflow gives charts their tags: then those in the values are of no account."""
    return any(_gives_tags(text) for text in _told(checkout))


def images_are_given(checkout: Checkout) -> bool:
    """Whether a script or a workflow changes images on their way to a cluster, in a manner that may not be followed."""
    return any(_gives_images(text) for text in _told(checkout))


def _told(checkout: Checkout) -> Iterator[str]:
    told = (path for path in sorted(checkout.files.paths()) if _tells_of_deployment(path))
    texts = (checkout.parsed(path, lambda text: text) for path in islice(told, _MOST_READ))
    return (text.flat for text in texts if text is not None)


def _asked_by_manifests(seen: Cluster) -> Iterator[Asked]:
    for manifest in seen.manifests:
        if manifest.file in seen.taken_files:
            continue
        for each in manifest.objects:
            for container in each.pod.containers if each.pod else ():
                if container.image is not None and _is_pulled(container.pull_policy):
                    yield from _asked(container.image, container.span, "kubernetes")


def _asked_by_kustomize(seen: Cluster) -> Iterator[Asked]:
    for top in seen.tops:
        for image in seen.built[top.folder].images:
            if _is_pulled(image.pull_policy):
                yield from _asked(image.image, image.image.span or image.span, "kustomize")


def _asked_by_helm(seen: Cluster) -> Iterator[Asked]:
    for chart in seen.charts:
        for release in chart.releases:
            for image in release.images:
                yield from _asked(image.reference, image.span, "helm")


def _asked_by_applications(seen: Cluster) -> Iterator[Asked]:
    for each in seen.objects:
        for image in application_images(each):
            yield from _asked(image, image.span or each.span, "flux" if each.kind == "HelmRelease" else "argo")


def _is_pulled(policy: Text | None) -> bool:
    return policy is None or policy.flat != "Never"


def _asked(image: Text, span: Span, by: str) -> Iterator[Asked]:
    """An image without a name is given when it is applied; so is a tag that is empty."""
    parts = parts_of(with_gaps(image))
    if not parts.name:
        return
    if parts.tag is not None and not parts.tag:
        parts = ImageParts(parts.name, Text.unknown(Unknown.ENVIRONMENT, "tag", span), parts.digest)
    yield Asked(parts.whole, span, by)


def _text(checkout: Checkout, path: str) -> Text | None:
    return checkout.parsed(path, lambda text: text)


def _manifests(checkout: Checkout, paths: Iterable[str]) -> Iterator[Manifest]:
    for path in paths:
        if not _is_yaml(path) or path.startswith(_ELSEWHERE):
            continue
        text = _text(checkout, path)
        kinds = set(_kinds(text.flat)) if text is not None and _has_version(text.flat) else set()
        if text is not None and kinds:
            manifest = Manifest(path, ()) if kinds == {_DEFINITION} else _unless_template(checkout, text, path)
            yield from [manifest] if manifest else []


def _unless_template(checkout: Checkout, text: Text, path: str) -> Manifest | None:
    try:
        return parse_manifest(text, path)
    except MalformedFile as problem:
        if not _is_template(text.flat):
            checkout.note(problem)
    return None


def _kustomizations(checkout: Checkout, paths: Iterable[str]) -> Iterator[Kustomization]:
    for path in paths:
        if posixpath.basename(path) in NAMES:
            found = checkout.parsed(path, lambda text, path=path: parse_kustomization(text, path))  # type: ignore[misc]
            if found is not None:
                yield found


def _patches(checkout: Checkout, kustomizations: Iterable[Kustomization]) -> Iterator[tuple[Patch, Manifest]]:
    """Those that are parts of objects. Of those that are lists of changes, only those are known that touch no image."""
    for kustomization in kustomizations:
        for patch in kustomization.patches:
            text = patch.inline if patch.inline is not None else _patch_file(checkout, patch.path)
            if text is not None and not _changes_images(text.flat) and (manifest := _patch(text, patch)):
                yield patch, manifest


def _patch_file(checkout: Checkout, path: str | None) -> Text | None:
    try:
        return checkout.files.read(path) if path is not None else None
    except (FileNotThere, UnreadableFile):
        return None


def _patch(text: Text, patch: Patch) -> Manifest | None:
    try:
        return parse_manifest(text, patch.path or patch.span.file)
    except MalformedFile:
        return None


def _charts(checkout: Checkout, paths: list[str]) -> Iterator[Chart]:
    folders = [posixpath.dirname(path) for path in paths if posixpath.basename(path) == CHART]
    for folder in folders:
        inner = folder + "/" if folder else ""
        node = _first_map(checkout, inner + CHART)
        below = [path[len(inner) :] for path in paths if path.startswith(inner)]
        if node is not None:
            values = tuple(_values(checkout, inner, below))
            templates = {inner + path: text for path in below if (text := _template(checkout, inner, path)) is not None}
            yield chart_of(folder, node, values, templates)


def _template(checkout: Checkout, inner: str, path: str) -> Text | None:
    is_one = path.startswith("templates/") and path.endswith((".yaml", ".yml", ".tpl"))
    return _text(checkout, inner + path) if is_one and not path.startswith("templates/tests/") else None


def _values(checkout: Checkout, inner: str, below: list[str]) -> Iterator[Values]:
    """Beside Chart.yaml, and in folders that are made for values."""
    for path in below:
        folder, name = posixpath.split(path)
        if _is_values(name) and folder in {"", "values", "env", "envs", "environments"}:
            node = _first_map(checkout, inner + path)
            if node is not None:
                yield Values(inner + path, node)


def _first_map(checkout: Checkout, path: str) -> Map | None:
    documents = checkout.parsed(path, parse_yaml) or ()
    return next((node for node in documents if isinstance(node, Map)), None)
