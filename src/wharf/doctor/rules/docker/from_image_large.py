"""A FROM with all that its language's builders need, where a smaller image is to be had under the same version."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import read_dockerfiles
from wharf.doctor.rule import Rule

_WITH_SMALLER: Final = frozenset({"node", "python", "ruby", "perl", "php"})
_SMALL: Final = ("slim", "alpine", "windows", "nano", "cli-", "fpm", "apache", "@")


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checkout.once(read_dockerfiles):
        base = read.scopes.base(read.last).text.value or ""
        name, _, tag = base.removeprefix("docker.io/").removeprefix("library/").partition(":")
        if name in _WITH_SMALLER and tag and not any(small in tag for small in _SMALL):
            yield Finding(
                read.last.base.span or read.last.opening.span,
                Words(
                    f"{base} brings compilers and more with it; {base}-slim runs the same programs",
                    f"{base}에는 컴파일러 등이 들어 있습니다. {base}-slim으로도 같은 프로그램이 실행됩니다",
                ),
                fixes=(
                    Fix(
                        Words(
                            f"FROM {base}-slim, at least for the last stage",
                            f"마지막 스테이지만이라도 FROM {base}-slim",
                        )
                    ),
                ),
            )


RULE: Final = Rule(
    "from-image-large",
    Severity.NOTE,
    Words("A base image larger than needed", "필요 이상으로 큰 기반 이미지"),
    _check,
)
