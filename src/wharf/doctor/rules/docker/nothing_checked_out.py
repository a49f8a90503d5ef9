"""A job that builds from its folder, and never put the repository there."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_builds import image_builds
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for build in checkout.once(image_builds):
        if not build.is_checked_out:
            yield Finding(
                build.span,
                Words(
                    f"{build.by} takes its files from a folder that is still empty: no step checks the repository out",
                    f"{build.by}이(가) 쓰는 폴더가 아직 비어 있습니다. 저장소를 체크아웃하는 단계가 없습니다",
                ),
                cause=Words(
                    "Each job starts on a fresh machine.", "각 잡은 새 머신에서 시작하므로 저장소 파일이 없습니다."
                ),
                fixes=(
                    Fix(
                        Words(
                            "add a step `uses: actions/checkout@v4` before it",
                            "그 앞에 `uses: actions/checkout@v4` 단계를 넣으세요",
                        )
                    ),
                ),
            )


RULE: Final = Rule(
    "nothing-checked-out",
    Severity.ERROR,
    Words("A build from a folder that nothing was checked out into", "체크아웃하지 않은 폴더에서 빌드합니다"),
    _check,
)
