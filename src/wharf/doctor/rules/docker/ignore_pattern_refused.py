"""A line of an ignore file that no builder can read: every build from that folder fails."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.ignore_files import ignore_files
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for ignore in checkout.once(ignore_files):
        for line in ignore.file.lines:
            if line.problem:
                yield Finding(
                    line.span,
                    Words(
                        f"no build can read the pattern {line.written.flat}: {line.problem}",
                        f"패턴 {line.written.flat} 때문에 빌드가 거부됩니다: {line.problem}",
                    ),
                    fixes=(
                        Fix(
                            Words(
                                "close the bracket, or put a backslash before it",
                                "괄호를 닫거나 앞에 역슬래시를 쓰세요",
                            )
                        ),
                    ),
                )


RULE: Final = Rule(
    "ignore-pattern-refused",
    Severity.ERROR,
    Words("An ignore file that builders refuse", "빌더가 거부하는 무시 파일"),
    _check,
)
