"""`FROM image as name`: the two keywords are written differently."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "FromAsCasing"):
        for stage in read.dockerfile.stages:
            keyword = stage.opening.keyword.flat
            written = stage.opening.words[1] if len(stage.opening.words) == 3 else None
            wanted = "AS" if keyword.isupper() else "as"
            if written and written.flat != wanted and (keyword.isupper() or keyword.islower()):
                edits = (Edit(written.span, wanted),) if written.span else ()
                yield Finding(
                    written.span or stage.opening.span,
                    Words(
                        f"{written.flat} should be {wanted}, as {keyword} is", f"{keyword}에 맞춰 {wanted}(으)로 쓰세요"
                    ),
                    fixes=(Fix(Words(f"write {wanted}", f"{wanted}(으)로 쓰세요"), edits, is_safe=True),),
                )


RULE: Final = Rule(
    "from-as-case",
    Severity.NOTE,
    Words("FROM and AS in different case", "대소문자가 다른 FROM과 AS"),
    _check,
)
