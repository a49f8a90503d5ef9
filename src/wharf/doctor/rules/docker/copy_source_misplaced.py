"""A COPY of something that lies elsewhere: beside the context, below another folder, or under another spelling."""

import posixpath
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.contexts import Copied, copied
from wharf.doctor.rule import Rule
from wharf.formats.span import Span


def _check(checkout: Checkout) -> Iterator[Finding]:
    paths = frozenset(checkout.files.paths())
    for each in checkout.once(copied):
        if each.there or each.source.has_wildcards or not each.source.path or not each.build.is_said:
            continue
        if each.source.leaves_context:
            yield from _left(each, paths)
        else:
            yield from _otherwise_spelled(each) or _beside_the_dockerfile(each, paths)


def _left(copied: Copied, paths: frozenset[str]) -> list[Finding]:
    meant = posixpath.normpath(posixpath.join(copied.context.folder, copied.source.written.flat))
    return [_finding(copied, meant)] if _is_there(meant, paths) else []


def _otherwise_spelled(copied: Copied) -> list[Finding]:
    alike = copied.context.tree.otherwise_spelled(copied.source.path)
    return [_finding(copied, copied.context.in_repository(alike[0]), alike[0])] if len(alike) == 1 else []


def _beside_the_dockerfile(copied: Copied, paths: frozenset[str]) -> list[Finding]:
    """Only if nothing can have made it in the context before."""
    folder = posixpath.dirname(copied.build.dockerfile)
    meant = posixpath.normpath(posixpath.join(folder, copied.source.path))
    if folder == copied.context.folder or not _can_only_lie_there(copied) or not _is_there(meant, paths):
        return []
    return [_finding(copied, meant)]


def _can_only_lie_there(copied: Copied) -> bool:
    return copied.build.is_pristine or copied.build.by == "compose"


def _is_there(path: str, paths: frozenset[str]) -> bool:
    return path in paths or any(known.startswith(f"{path}/") for known in paths)


def _finding(copied: Copied, meant: str, spelled: str = "") -> Finding:
    written, instruction = copied.source.written, copied.source.seen.instruction
    folder = copied.context.folder or "."
    evidence = (
        Evidence(Words(f"there is {meant}", f"{meant}에는 있습니다"), Span.at(meant)),
        Evidence(Words(f"built from {folder}", f"빌드 컨텍스트: {folder}"), copied.build.span),
    )
    span = written.span or instruction.span
    edits = (Edit(span, spelled),) if spelled and span.width == len(written) else ()
    fix = Words(f"write {spelled}", f"{spelled}(으)로 쓰세요") if spelled else _other_context(meant)
    return Finding(
        span,
        Words(
            f"{instruction.name} {written.flat} finds nothing in the folder that is built from",
            f"{instruction.name} {written.flat}: 빌드 컨텍스트에 없습니다",
        ),
        evidence,
        Words(
            "Paths in a Dockerfile start at the build context, with small and capital letters as they are on disk.",
            "Dockerfile의 경로는 빌드 컨텍스트를 기준으로 하며 대소문자를 구별합니다.",
        ),
        (Fix(fix, edits),),
    )


def _other_context(meant: str) -> Words:
    return Words(
        f"build from a folder that holds {meant}, or give the path from the context",
        f"{meant}을(를) 포함하는 폴더를 컨텍스트로 쓰거나 컨텍스트 기준 경로로 쓰세요",
    )


RULE: Final = Rule(
    "copy-source-misplaced",
    Severity.ERROR,
    Words("COPY of what is not in the build context", "빌드 컨텍스트에 없는 것을 COPY합니다"),
    _check,
)
