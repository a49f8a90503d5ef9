"""`EXPOSE 80/TCP`: protocols are written in small letters."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "ExposeProtoCasing"):
        for seen in read.of("EXPOSE"):
            for word in seen.instruction.words:
                port, slash, protocol = word.flat.partition("/")
                if slash and protocol != protocol.lower() and "$" not in protocol and word.span:
                    wanted = f"{port}/{protocol.lower()}"
                    yield Finding(
                        word.span,
                        Words(f"{word.flat} should be {wanted}", f"{word.flat} 대신 {wanted}을(를) 쓰세요"),
                        fixes=(
                            Fix(
                                Words(f"write {wanted}", f"{wanted}(으)로 쓰세요"),
                                (Edit(word.span, wanted),),
                                is_safe=True,
                            ),
                        ),
                    )


RULE: Final = Rule(
    "expose-protocol-case",
    Severity.NOTE,
    Words("A protocol in capitals", "대문자로 쓴 프로토콜"),
    _check,
)
