"""A script that an image starts with, saved with the line ends of Windows: Linux looks for a program called `sh\\r`."""

import posixpath
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.contexts import Copied, copied
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.tree import Instruction
from wharf.formats.span import Span
from wharf.formats.text import Text


def _check(checkout: Checkout) -> Iterator[Finding]:
    for each in checkout.once(copied):
        started = _started(each) if each.is_in_image else {}
        for path in each.there if started else ():
            starter = started.get(posixpath.basename(path))
            if starter is not None and each.brings(path):
                yield from _read(checkout, each, path, starter)


def _started(copied: Copied) -> dict[str, Instruction]:
    """Files that are called by their path, so that the kernel reads their first line."""
    found: dict[str, Instruction] = {}
    for stage in copied.dockerfile.stages:
        for instruction in stage.of("ENTRYPOINT", "CMD", "RUN"):
            first = instruction.words[0].flat.strip("\"'") if instruction.words else ""
            if "/" in first and "." in posixpath.basename(first):
                found.setdefault(posixpath.basename(first), instruction)
    return found


def _read(checkout: Checkout, copied: Copied, path: str, starter: Instruction) -> Iterator[Finding]:
    whole = copied.context.in_repository(path)
    text = checkout.parsed(whole, _whole)
    lines = text.lines() if text else []
    if not lines or not lines[0].flat.startswith("#!") or not lines[0].flat.endswith("\r"):
        return
    if any("dos2unix" in each.rest.flat or "\\r" in each.rest.flat for each in copied.dockerfile.instructions):
        return
    ends = (line[len(line) - 1 :].span for line in lines if line.flat.endswith("\r"))
    edits = tuple(Edit(end, "") for end in ends if end)
    yield Finding(
        lines[0].span or Span.at(whole),
        Words(
            f"{whole} has the line ends of Windows and will not start: “no such file or directory”",
            f"{whole}: Windows 줄 끝(CRLF)이라 컨테이너에서 시작되지 않습니다(“no such file or directory”)",
        ),
        (Evidence(Words("the image starts with it", "이미지가 이 스크립트로 시작합니다"), starter.span),),
        Words(
            "The kernel takes the carriage return for a part of the program's name.",
            "커널이 줄 끝의 CR을 프로그램 이름의 일부로 읽습니다.",
        ),
        (Fix(Words("save it with the line ends of Unix", "유닉스 줄 끝(LF)으로 저장하세요"), edits, is_safe=True),),
    )


def _whole(text: Text) -> Text:
    return text


RULE: Final = Rule(
    "script-with-windows-line-ends",
    Severity.ERROR,
    Words("A start script with the line ends of Windows", "Windows 줄 끝으로 저장된 시작 스크립트"),
    _check,
)
