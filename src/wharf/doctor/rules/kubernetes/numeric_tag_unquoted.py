"""A tag without quotes that looks like a number, and is read as one."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.formats.kubernetes.go_number import is_number, printed
from wharf.formats.yaml.tree import List, Map, Node, Scalar

_TAGS: Final = frozenset({"tag", "imageTag", "image_tag", "imagetag"})


def check(checkout: Checkout) -> Iterator[Finding]:
    seen = checkout.once(cluster)
    for chart in seen.charts:
        for values in chart.values:
            yield from (_in_values(tag) for tag in _tags(values.node) if printed(tag) != tag.text.flat)
    for each in seen.objects:
        spec = each.node.map("spec")
        if each.kind == "HelmRelease" and spec is not None and (inner := spec.map("values")):
            yield from (_in_values(tag) for tag in _tags(inner) if printed(tag) != tag.text.flat)
        elif each.kind == "Application" and spec is not None:
            yield from (_as_text_only(value) for value in _parameters(spec) if is_number(value))
    for kustomization in seen.kustomizations:
        tags = (change.new_tag for change in kustomization.images)
        yield from (_as_text_only(tag) for tag in tags if tag is not None and is_number(tag))


def _tags(node: Node) -> Iterator[Scalar]:
    for item in node if isinstance(node, List) else ():
        yield from _tags(item)
    for entry in node if isinstance(node, Map) else ():
        if isinstance(entry.value, Scalar):
            yield from [entry.value] if entry.key.text.flat in _TAGS and is_number(entry.value) else []
        else:
            yield from _tags(entry.value)


def _parameters(spec: Map) -> Iterator[Scalar]:
    """Of Helm, in an application of Argo CD."""
    sources = [spec.map("source"), *(each for each in spec.list("sources") or () if isinstance(each, Map))]
    for source in sources:
        helm = source.map("helm") if source else None
        for each in (helm.list("parameters") if helm else None) or ():
            value = each.scalar("value") if isinstance(each, Map) else None
            yield from [value] if value is not None else []


def _in_values(tag: Scalar) -> Finding:
    return _finding(
        tag,
        Words(
            f"The tag `{tag.text.flat}` is read as a number, and becomes `{printed(tag)}`",
            f"태그 `{tag.text.flat}`은(는) 숫자로 읽혀 `{printed(tag)}`이(가) 됩니다",
        ),
        Words(
            "Helm makes a floating-point number of it: `InvalidImageName`, or an image that is not there",
            "Helm이 부동소수점 수로 바꿉니다: `InvalidImageName`이 되거나 없는 이미지를 찾습니다",
        ),
    )


def _as_text_only(tag: Scalar) -> Finding:
    return _finding(
        tag,
        Words(
            f"The tag `{tag.text.flat}` is read as a number, where a text has to be",
            f"글자여야 할 태그 `{tag.text.flat}`이(가) 숫자로 읽힙니다",
        ),
        Words(
            "`cannot unmarshal number into Go struct field … of type string`",
            "`cannot unmarshal number into Go struct field … of type string` 오류가 납니다",
        ),
    )


def _finding(tag: Scalar, message: Words, cause: Words) -> Finding:
    edit = Edit(tag.span, f'"{tag.text.flat}"')
    fix = Fix(Words("Put it in quotes", "따옴표로 감싸세요"), (edit,), is_safe=True)
    return Finding(tag.span, message, cause=cause, fixes=(fix,))


RULE: Final = Rule(
    "numeric-tag-unquoted",
    Severity.ERROR,
    Words("A tag that is read as a number", "숫자로 읽히는 태그"),
    check,
)
