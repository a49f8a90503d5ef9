"""A filter of tags that Argo CD Image Updater does not understand: then no tag passes."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.formats.kubernetes.image_updater import updated_images
from wharf.formats.span import Span
from wharf.formats.yaml.tree import Scalar


def check(checkout: Checkout) -> Iterator[Finding]:
    for each in checkout.once(cluster).objects:
        told = updated_images(each)
        for settings in told.settings if told else ():
            if settings.allow_tags is not None and not _is_understood(settings.allow_tags):
                yield _finding(settings.allow_tags)


def _is_understood(allowed: Scalar) -> bool:
    text = allowed.text.value
    return text is None or text.lower() == "any" or text.lower().startswith("regexp:") or "{{" in text


def _finding(allowed: Scalar) -> Finding:
    return Finding(
        allowed.span,
        Words(
            f"`{allowed.text.shown}` is no filter that Image Updater understands: no tag at all is allowed",
            f"`{allowed.text.shown}`은(는) Image Updater가 이해하지 못하는 필터라 어떤 태그도 허용되지 않습니다",
        ),
        cause=Words(
            "A filter is `any`, or `regexp:` and a regular expression",
            "필터는 `any`이거나 `regexp:` 뒤에 정규식을 쓴 것이어야 합니다",
        ),
        fixes=tuple(_fixes(allowed)),
    )


def _fixes(allowed: Scalar) -> Iterator[Fix]:
    span = allowed.text.span
    if span is not None and span.width == len(allowed.text):
        edit = Edit(Span.at(span.file, span.line, span.column), "regexp:")
        yield Fix(Words("Say that it is a regular expression", "정규식임을 밝히세요"), (edit,))


RULE: Final = Rule(
    "image-updater-allows-nothing",
    Severity.ERROR,
    Words("A filter that lets no tag pass", "어떤 태그도 통과시키지 않는 필터"),
    check,
)
