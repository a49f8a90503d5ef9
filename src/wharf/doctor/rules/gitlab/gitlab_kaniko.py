"""Images are built with a tool that nobody looks after any more."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import jobs
from wharf.doctor.rule import Rule
from wharf.formats.span import Span


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for seen in checkout.once(jobs):
        image = seen.acting.run.image
        if image is not None and "kaniko" in image.flat and image.span:
            found.setdefault(image.span, _finding(image.span))
    yield from found.values()


def _finding(span: Span) -> Finding:
    return Finding(
        span,
        Words("kaniko is no longer maintained", "kaniko는 더 이상 관리되지 않습니다"),
        cause=Words(
            "Its repository was closed in 2025: faults in it, and new forms of images, are nobody's work now.",
            "2025년에 저장소가 닫혔습니다. 결함이나 새로운 이미지 형식을 다룰 사람이 없습니다.",
        ),
        fixes=(
            Fix(
                Words(
                    "Build with BuildKit without root (moby/buildkit:rootless) or with buildah.",
                    "루트 없는 BuildKit(moby/buildkit:rootless)이나 buildah로 빌드하세요.",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "gitlab-kaniko",
    Severity.NOTE,
    Words("Images are built with kaniko", "kaniko로 이미지를 빌드합니다"),
    _check,
)
