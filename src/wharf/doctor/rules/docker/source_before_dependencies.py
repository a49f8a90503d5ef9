"""All files are copied before dependencies are installed: any change of any file installs them anew."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import read_dockerfiles
from wharf.doctor.rule import Rule

_installs = re.compile(
    r"\b(?:npm (?:ci|install)|yarn install|pnpm install|pip3? install -r|poetry install|uv sync|bundle install"
    r"|go mod download|composer install)\b"
).search


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checkout.once(read_dockerfiles):
        for stage in read.dockerfile.stages:
            copy = None
            for instruction in stage.instructions:
                if instruction.name == "COPY" and not instruction.flag("from"):
                    copy = copy or (
                        instruction if [word.flat for word in instruction.words[:-1]] in (["."], ["./"]) else None
                    )
                elif instruction.name == "RUN" and copy and (found := _installs(instruction.rest.flat)):
                    yield Finding(
                        instruction.span,
                        Words(
                            f"{found[0]} runs anew whenever any file changes",
                            f"아무 파일이나 바뀌어도 {found[0]}이(가) 다시 실행됩니다",
                        ),
                        (
                            Evidence(
                                Words("everything is copied before it", "그 앞에서 모든 파일을 복사합니다"), copy.span
                            ),
                        ),
                        fixes=(
                            Fix(
                                Words(
                                    "copy the list of dependencies, install, then copy the rest",
                                    "의존성 목록만 먼저 복사해 설치한 뒤 나머지를 복사하세요",
                                )
                            ),
                        ),
                    )
                    break


RULE: Final = Rule(
    "source-before-dependencies",
    Severity.NOTE,
    Words("Dependencies installed after the source was copied", "소스를 복사한 뒤에 설치하는 의존성"),
    _check,
)
