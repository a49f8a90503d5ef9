"""An image that is updated to the newest of all tags, whichever they are."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.formats.kubernetes.image_updater import UpdateSettings, updated_images

_NEWEST: Final = frozenset({"newest-build", "latest"})


def check(checkout: Checkout) -> Iterator[Finding]:
    for each in checkout.once(cluster).objects:
        told = updated_images(each)
        for settings in told.settings if told else ():
            strategy = settings.strategy.text.flat if settings.strategy else ""
            if strategy in _NEWEST and settings.allow_tags is None and settings.ignore_tags is None:
                yield _finding(settings)


def _finding(settings: UpdateSettings) -> Finding:
    return Finding(
        settings.strategy.span if settings.strategy else settings.span,
        Words(
            "The newest of all tags is taken, `latest` and `main` among them",
            "`latest`나 `main`까지 포함한 모든 태그 가운데 가장 새것을 고릅니다",
        ),
        cause=Words(
            "Tags of one image have one date: among them the last one in the alphabet wins. Say with `allow-tags` "
            "which are meant",
            "한 이미지의 태그들은 날짜가 같아 알파벳 순서로 마지막 것이 뽑힙니다. `allow-tags`로 쓸 태그를 정하세요",
        ),
    )


RULE: Final = Rule(
    "image-updater-newest-of-all",
    Severity.NOTE,
    Words("The newest of all tags", "모든 태그 가운데 가장 새것"),
    check,
)
