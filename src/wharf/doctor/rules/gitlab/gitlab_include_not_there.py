"""A file that is included is not in the repository."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import flaws
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.likely import meant
from wharf.formats.gitlab.flaws import Wrong


def _check(checkout: Checkout) -> Iterator[Finding]:
    near = [path for path in checkout.files.paths() if path.endswith((".yml", ".yaml"))]
    for flaw in flaws(checkout, Wrong.MISSING_FILE):
        yield Finding(
            flaw.span,
            Words(f"there is no file {flaw.subject} to include", f"포함할 파일 {flaw.subject}이(가) 없습니다"),
            cause=Words(
                "Paths of `include: local` begin at the root of the repository, wherever they are named.",
                "`include: local`의 경로는 적힌 파일의 위치와 상관없이 저장소의 맨 위에서 시작합니다.",
            ),
            fixes=meant(flaw.subject, near, flaw.span),
        )


RULE: Final = Rule(
    "gitlab-include-not-there",
    Severity.ERROR,
    Words("A file that is included is not there", "포함하려는 파일이 없습니다"),
    _check,
)
