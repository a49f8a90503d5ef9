"""A secret given as ARG or ENV: it stays readable in the history of the image."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.tree import Assignment, Instruction

_is_secret = re.compile(
    r"(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)", re.IGNORECASE
).search
_is_open = re.compile(
    r"(?:_|^)(?:public|file|version|path|dir|url|id|name|length|size|expiry|ttl)(?:_|$)", re.IGNORECASE
).search


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "SecretsUsedInArgOrEnv"):
        for instruction in read.dockerfile.instructions:
            for each in instruction.assignments if instruction.name in {"ARG", "ENV"} else ():
                if _is_secret(each.name.flat) and not _is_open(each.name.flat):
                    yield _finding(instruction, each)


def _finding(instruction: Instruction, assignment: Assignment) -> Finding:
    name = assignment.name.flat
    holds_nothing = instruction.name == "ENV" and (assignment.value is None or not assignment.value.flat.strip("\"'"))
    return Finding(
        assignment.span,
        Words(
            f"{instruction.name} {name}: what it holds can be read in the image by everybody who pulls it",
            f"{instruction.name} {name}: 이미지를 풀한 누구나 값을 읽을 수 있습니다",
        ),
        cause=Words(
            "Arguments and variables are kept in the history and the configuration of an image.",
            "빌드 인자와 환경 변수는 이미지의 기록과 설정에 남습니다.",
        ),
        fixes=(
            Fix(
                Words(
                    f"RUN --mount=type=secret,id={name.lower()} in the build; the container's environment later on",
                    f"빌드에서는 RUN --mount=type=secret,id={name.lower()}, 실행할 때는 컨테이너 환경 변수를 쓰세요",
                )
            ),
        ),
        severity=Severity.NOTE if holds_nothing else None,
    )


RULE: Final = Rule(
    "secret-in-build-argument",
    Severity.WARNING,
    Words("A secret in ARG or ENV", "ARG나 ENV에 든 비밀 값"),
    _check,
)
