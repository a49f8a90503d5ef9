"""A setting of Argo CD Image Updater for an image that its list does not have."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.formats.kubernetes.image_updater import PREFIX, StrayAnnotation, UpdatedImages, updated_images


def check(checkout: Checkout) -> Iterator[Finding]:
    for each in checkout.once(cluster).objects:
        told = updated_images(each)
        yield from (_finding(stray, told) for stray in told.strays) if told else ()


def _finding(stray: StrayAnnotation, told: UpdatedImages) -> Finding:
    return Finding(
        stray.key.span,
        Words(
            f"`{stray.setting}` is set for `{stray.alias}`, which `image-list` does not have",
            f"`image-list`에 없는 `{stray.alias}`에 `{stray.setting}`이(가) 설정되어 있습니다",
        ),
        cause=Words("Image Updater passes over it without a word", "Image Updater가 말없이 무시합니다"),
        fixes=tuple(_fixes(stray, told)),
    )


def _fixes(stray: StrayAnnotation, told: UpdatedImages) -> Iterator[Fix]:
    span = stray.key.text.span
    for alias in get_close_matches(stray.alias, sorted(told.aliases), 1, 0.6):
        if span is not None and span.width == len(stray.key.text):
            edit = Edit(span.part(len(PREFIX), len(PREFIX) + len(stray.alias)), alias)
            yield Fix(Words(f"Set it for `{alias}`", f"`{alias}`에 설정하세요"), (edit,))


RULE: Final = Rule(
    "image-updater-alias-unknown",
    Severity.WARNING,
    Words("A setting for an image that is not listed", "목록에 없는 이미지의 설정"),
    check,
)
