"""A COPY of the whole folder without an ignore file: git's own folder and whatever lies about are sent."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.contexts import copied
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    told: set[str] = set()
    for each in checkout.once(copied):
        is_whole = not each.source.path and each.build.uses_ignore_file
        if is_whole and each.context.ignore_path is None and each.dockerfile.file not in told:
            told.add(each.dockerfile.file)
            path = each.context.in_repository(".dockerignore")
            yield Finding(
                each.source.written.span or each.source.seen.instruction.span,
                Words(
                    f"everything in the folder is sent: .git, .env, whatever is there on the day; there is no {path}",
                    f"{path} 파일이 없어 .git, .env 등 폴더의 모든 것을 보냅니다",
                ),
                fixes=(
                    Fix(
                        Words(
                            f"make {path} with .git, **/.env and what is built locally",
                            f"{path}에 .git, **/.env, 로컬 빌드 결과를 적으세요",
                        ),
                        each.context.added(".git\n**/.env"),
                    ),
                ),
            )


RULE: Final = Rule(
    "no-ignore-file",
    Severity.NOTE,
    Words("A whole folder is sent without an ignore file", "무시 파일 없이 폴더 전체를 보냅니다"),
    _check,
)
