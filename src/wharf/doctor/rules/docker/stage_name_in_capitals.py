"""A stage's name in capitals; names of stages are compared in small letters."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "StageNameCasing"):
        for stage in read.dockerfile.stages:
            if stage.name and stage.name.flat != stage.name.flat.lower():
                yield Finding(
                    stage.name.span or stage.opening.span,
                    Words(
                        f"{stage.name.flat} should be {stage.name.flat.lower()}",
                        f"{stage.name.flat} 대신 {stage.name.flat.lower()}을(를) 쓰세요",
                    ),
                    fixes=(
                        Fix(
                            Words(
                                "use small letters, here and where it is named",
                                "여기와 참조하는 곳에서 소문자를 쓰세요",
                            )
                        ),
                    ),
                )


RULE: Final = Rule(
    "stage-name-in-capitals",
    Severity.NOTE,
    Words("A stage name in capitals", "대문자가 든 스테이지 이름"),
    _check,
)
