"""An ADD of plain files: ADD also unpacks and downloads, which is not meant here."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import read_dockerfiles
from wharf.doctor.rule import Rule

_is_more = re.compile(r"(?i).*(?:\.(?:tar|tgz|tbz2?|txz|gz|bz2|xz|zst|zip|apk)|[*?\[$<]|://|git@).*").fullmatch


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checkout.once(read_dockerfiles):
        for seen in read.of("ADD"):
            words = [word.flat for word in seen.instruction.words[:-1]]
            keyword = seen.instruction.keyword
            is_plain = words and not seen.instruction.flags and not any(_is_more(word) for word in words)
            if is_plain and keyword.span:
                wanted = "COPY" if keyword.flat.isupper() else "copy"
                yield Finding(
                    keyword.span,
                    Words("COPY does the same without surprises", "COPY가 같은 일을 하면서 더 예측 가능합니다"),
                    fixes=(
                        Fix(
                            Words(f"write {wanted}", f"{wanted}(으)로 쓰세요"),
                            (Edit(keyword.span, wanted),),
                            is_safe=True,
                        ),
                    ),
                )


RULE: Final = Rule(
    "add-where-copy-is-meant",
    Severity.NOTE,
    Words("ADD of plain files", "일반 파일에 쓴 ADD"),
    _check,
)
