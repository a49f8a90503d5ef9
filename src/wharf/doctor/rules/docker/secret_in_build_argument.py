"""A secret given as ARG or ENV: it stays readable in the history of the image."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import Read, checked
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.tree import Assignment, Instruction, Stage

_is_secret = re.compile(
    r"(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)", re.IGNORECASE
).search
_is_open = re.compile(
    r"(?:_|^)(?:public|publishable|anon|file|version|path|dir|url|id|name|length|size|expiry|ttl)(?:_|$)", re.IGNORECASE
).search
_is_for_browsers = re.compile(r"(?:VITE|REACT_APP|VUE_APP|NG_APP|GATSBY|STORYBOOK)_").match
"""Programs that build web pages write what these hold into the pages, for everybody to read."""
_stands_for_another = re.compile(
    r"dummy|change.?me|placeholder|example|build|fake|insecure|unused", re.IGNORECASE
).search


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "SecretsUsedInArgOrEnv"):
        kept = {instruction.span for instruction in _kept(read)}
        for instruction in read.dockerfile.instructions:
            for each in instruction.assignments if instruction.name in {"ARG", "ENV"} else ():
                if _says_secret(each.name.flat):
                    yield _finding(instruction, each, is_kept=instruction.span in kept)


def _kept(read: Read) -> Iterator[Instruction]:
    """What the history of the image that comes out tells of."""
    stage: Stage | None = read.last if read.dockerfile.stages else None
    while stage is not None:
        yield from stage.of("ARG", "ENV")
        stage = read.scopes.below(stage)


def _says_secret(name: str) -> bool:
    return bool(_is_secret(name)) and not _is_open(name) and not _is_for_browsers(name)


def _finding(instruction: Instruction, assignment: Assignment, *, is_kept: bool) -> Finding:
    name = assignment.name.flat
    return Finding(
        assignment.span,
        _told(instruction.name, name, is_kept=is_kept),
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
        severity=None if is_kept and _holds_something(instruction, assignment) else Severity.NOTE,
    )


def _holds_something(instruction: Instruction, assignment: Assignment) -> bool:
    value = assignment.value.flat.strip("\"'") if assignment.value is not None else ""
    return (instruction.name == "ARG" or bool(value)) and not _stands_for_another(value)


def _told(keyword: str, name: str, *, is_kept: bool) -> Words:
    if is_kept:
        return Words(
            f"{keyword} {name}: what it holds can be read in the image by everybody who pulls it",
            f"{keyword} {name}: 이미지를 풀한 누구나 값을 읽을 수 있습니다",
        )
    return Words(
        f"{keyword} {name}: what it holds stays in the cache of the build, and in what is told of how it was made",
        f"{keyword} {name}: 값이 빌드 캐시와 빌드 기록(provenance)에 남습니다",
    )


RULE: Final = Rule(
    "secret-in-build-argument",
    Severity.WARNING,
    Words("A secret in ARG or ENV", "ARG나 ENV에 든 비밀 값"),
    _check,
)
