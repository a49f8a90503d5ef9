"""A COPY to a relative path in a stage that never says which folder it is in."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "WorkdirMissing"):
        for stage in read.dockerfile.stages:
            if read.scopes.base(stage).text.value in {None, "scratch"} or read.scopes.below(stage) is not None:
                continue
            first = next(stage.of("WORKDIR", "COPY", "ADD"), None)
            if first and first.name != "WORKDIR" and first.words[-1].flat.startswith("."):
                yield Finding(
                    first.words[-1].span or first.span,
                    Words(
                        "without WORKDIR this is wherever the base image says",
                        "WORKDIR이 없어 기반 이미지가 정한 폴더로 복사됩니다",
                    ),
                    fixes=(Fix(Words("put a WORKDIR /app before it", "앞에 WORKDIR /app을 두세요")),),
                )


RULE: Final = Rule(
    "workdir-missing",
    Severity.NOTE,
    Words("Files copied to the root", "최상위 폴더로 복사되는 파일"),
    _check,
)
