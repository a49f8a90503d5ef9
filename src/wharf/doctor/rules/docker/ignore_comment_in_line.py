"""A comment behind a pattern of an ignore file: it belongs to the pattern, which then matches nothing."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.ignore_files import FoundIgnore, ignore_files
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.ignore import IgnoreLine

_comment = re.compile(r"\s+#.*$|^#.*$")


def _check(checkout: Checkout) -> Iterator[Finding]:
    for ignore in checkout.once(ignore_files):
        for line in ignore.file.lines:
            if _comment.search(line.written.flat) and not _means_something(ignore, line):
                yield _finding(line)


def _means_something(ignore: FoundIgnore, line: IgnoreLine) -> bool:
    return any(line.matches(path) for tree in ignore.trees for path in tree.files)


def _finding(line: IgnoreLine) -> Finding:
    found = _comment.search(line.written.flat)
    assert found
    span = line.written[found.start() :].span
    pattern = line.written.flat[: found.start()]
    return Finding(
        line.span,
        Words(
            f"the comment is a part of the pattern, so that {pattern or 'the line'} leaves nothing out",
            f"주석이 패턴의 일부로 읽혀 {pattern or '이 줄'}이(가) 아무것도 제외하지 않습니다",
        ),
        cause=Words(
            "In an ignore file a comment begins in the first column of a line, and nowhere else.",
            "무시 파일의 주석은 줄의 첫 칸에서 시작해야 합니다.",
        ),
        fixes=(
            Fix(Words("take the comment away", "주석을 지우세요"), (Edit(span, ""),) if span else (), is_safe=True),
        ),
    )


RULE: Final = Rule(
    "ignore-comment-in-line",
    Severity.WARNING,
    Words("A comment behind a pattern", "패턴 뒤에 붙은 주석"),
    _check,
)
