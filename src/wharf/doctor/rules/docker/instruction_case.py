"""Instructions in small letters among others in capitals, or the other way round."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "ConsistentInstructionCasing"):
        keywords = [instruction.keyword for instruction in read.dockerfile.instructions]
        capitals = sum(keyword.flat.isupper() for keyword in keywords)
        wants_capitals = capitals >= len(keywords) - capitals
        for keyword in keywords:
            wanted = keyword.flat.upper() if wants_capitals else keyword.flat.lower()
            if keyword.flat != wanted and keyword.span:
                yield Finding(
                    keyword.span,
                    Words(
                        f"{keyword.flat} should be {wanted}, as most others are",
                        f"다른 명령에 맞춰 {wanted}(으)로 쓰세요",
                    ),
                    fixes=(
                        Fix(
                            Words(f"write {wanted}", f"{wanted}(으)로 쓰세요"),
                            (Edit(keyword.span, wanted),),
                            is_safe=True,
                        ),
                    ),
                )


RULE: Final = Rule(
    "instruction-case",
    Severity.NOTE,
    Words("Instructions in mixed case", "대소문자가 섞인 명령"),
    _check,
)
