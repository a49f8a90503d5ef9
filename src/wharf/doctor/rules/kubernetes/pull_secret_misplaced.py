"""Pull secrets that stand where Kubernetes does not look for them: beside the template of the pods, in a container."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.errors import FileNotThere, UnreadableFile
from wharf.formats.kubernetes.manifest import PULL_SECRETS, KubernetesObject, Pod
from wharf.formats.span import Span
from wharf.formats.yaml.tree import Entry, List, Map, Node

_CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")


def check(checkout: Checkout) -> Iterator[Finding]:
    for each in checkout.once(cluster).objects:
        if each.kind == "ServiceAccount":
            for key in ("spec", "metadata"):
                yield from _in_account(each.node.map(key))
        elif each.pod is not None:
            for entry in _misplaced(each, each.pod):
                yield _finding(checkout, each, each.pod, entry)


def _misplaced(owner: KubernetesObject, pod: Pod) -> Iterator[Entry]:
    node: Map | None = owner.node
    for key in (*owner.pod_path, None):
        if node is not None and node is not pod.node:
            for place in (node, node.map("metadata")):
                yield from [entry] if place and (entry := place.entry(PULL_SECRETS)) else []
        node = node.map(key) if node and key else None
    for container in _containers(pod.node):
        yield from [entry] if (entry := container.entry(PULL_SECRETS)) else []


def _containers(pod: Map) -> Iterator[Map]:
    for group in _CONTAINERS:
        yield from (each for each in pod.list(group) or () if isinstance(each, Map))


def _in_account(node: Map | None) -> Iterator[Finding]:
    entry = node.entry(PULL_SECRETS) if node else None
    if entry:
        yield Finding(
            entry.key.span,
            Words(
                "A service account has its `imagePullSecrets` at the top, beside `metadata`",
                "ServiceAccount의 `imagePullSecrets`는 `metadata`와 나란히 맨 위에 있어야 합니다",
            ),
            cause=_CAUSE,
        )


_CAUSE: Final = Words(
    "Kubernetes does not know the field there: it is refused, or dropped without a word, and the image is pulled "
    "without a credential",
    "쿠버네티스는 그 자리의 필드를 모릅니다. 거부하거나 말없이 버려서 인증 없이 이미지를 받게 됩니다",
)


def _finding(checkout: Checkout, owner: KubernetesObject, pod: Pod, entry: Entry) -> Finding:
    right = ".".join((*owner.pod_path, PULL_SECRETS))
    return Finding(
        entry.key.span,
        Words(
            f"The pull secrets of this {owner.kind} belong to `{right}`",
            f"이 {owner.kind}의 풀 시크릿은 `{right}`에 있어야 합니다",
        ),
        (Evidence(Words("The pods are described here", "파드는 여기에 정의됩니다"), _start(pod.node)),),
        _CAUSE,
        tuple(_fixes(checkout, pod, entry)),
    )


def _fixes(checkout: Checkout, pod: Pod, entry: Entry) -> Iterator[Fix]:
    """The lines are moved before the first key of the pod, with as much blank space before them as it has."""
    value, before = entry.value, _start(pod.node)
    alone = entry.key.span.line < value.span.line or isinstance(value, List)
    if PULL_SECRETS in pod.node or not alone or before.line in _lines(entry.key.span, value):
        return
    lines = _content(checkout, before.file).split("\n")
    moved = lines[entry.key.span.line - 1 : value.span.end_line]
    indent = entry.key.span.column - 1
    first = moved[0] if moved else ""
    if first[:indent].strip() or lines[before.line - 1][: before.column - 1].strip():
        return
    blank = " " * (before.column - 1)
    put_in = "".join(blank + line[indent:].rstrip("\r") + "\n" for line in moved)
    taken = Edit(Span(before.file, entry.key.span.line, 1, value.span.end_line + 1, 1), "")
    given = Edit(Span.at(before.file, before.line, 1), put_in)
    yield Fix(Words("Move it to the pods", "파드 정의로 옮기세요"), (taken, given), is_safe=True)


def _start(pod: Map) -> Span:
    return pod.entries[0].key.span if pod.entries else pod.span


def _lines(key: Span, value: Node) -> range:
    return range(key.line, value.span.end_line + 1)


def _content(checkout: Checkout, path: str) -> str:
    try:
        return checkout.files.read(path).flat
    except (FileNotThere, UnreadableFile):
        return ""


RULE: Final = Rule(
    "pull-secret-misplaced",
    Severity.ERROR,
    Words("Pull secrets in the wrong place", "잘못된 자리에 있는 풀 시크릿"),
    check,
)
