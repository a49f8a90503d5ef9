"""A WORKDIR that is relative, where the folder before it is that of the base image."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "WorkdirRelativePath"):
        for stage in read.dockerfile.stages:
            first = next(stage.of("WORKDIR"), None)
            path = first.rest.flat.strip("\"'") if first else "/"
            if (
                first
                and read.scopes.below(stage) is None
                and not path.startswith(("/", "$", "\\"))
                and path[1:2] != ":"
            ):
                yield Finding(
                    first.rest.span or first.span,
                    Words(
                        f"WORKDIR {path} starts wherever the base image says",
                        f"WORKDIR {path}의 시작 위치는 기반 이미지에 달려 있습니다",
                    ),
                    fixes=(
                        Fix(
                            Words(f"WORKDIR /{path}", f"WORKDIR /{path}"),
                            (Edit(first.rest.span, f"/{path}"),) if first.rest.span else (),
                        ),
                    ),
                )


RULE: Final = Rule(
    "workdir-relative",
    Severity.NOTE,
    Words("A relative WORKDIR", "상대 경로 WORKDIR"),
    _check,
)
