"""A branch gives an image its tag, and branches may have names that no tag can have."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.commands import Named, images_named, is_certain
from wharf.formats.span import Span

_in_tag = re.compile(r":[^\s:/]*?\$\{?(CI_COMMIT_REF_NAME|CI_COMMIT_BRANCH)\b").finditer


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for seen, named in checkout.once(images_named):
        tag = named.tag
        if tag is not None and "/" in tag.flat and seen.event.branch and is_certain(seen, named.ran):
            found.setdefault(named.ran.span, _finding(checkout, seen.event.branch, named))
    yield from found.values()


def _finding(checkout: Checkout, branch: str, named: Named) -> Finding:
    return Finding(
        named.ran.span,
        Words(
            "the name of the branch becomes a tag, and fails where it has a slash",
            "브랜치 이름이 그대로 태그가 되어, 이름에 /가 있으면 실패합니다",
        ),
        (
            Evidence(
                Words(
                    f"for the branch {branch} it is {named.reference.shown}",
                    f"브랜치 {branch}에서는 {named.reference.shown}이(가) 됩니다",
                )
            ),
        ),
        Words(
            "A tag has letters, digits, `_`, `.` and `-`; with a slash, Docker says `invalid reference format`.",
            "태그에는 글자, 숫자, `_`, `.`, `-`만 쓸 수 있습니다. /가 있으면 `invalid reference format`이 됩니다.",
        ),
        (Fix(Words("Use CI_COMMIT_REF_SLUG.", "CI_COMMIT_REF_SLUG를 쓰세요."), _edits(checkout, named)),),
    )


def _edits(checkout: Checkout, named: Named) -> tuple[Edit, ...]:
    """Wherever the name stands in a tag, on the line of the command."""
    span = named.ran.span
    lines = checkout.files.read(span.file).lines()
    line = lines[span.line - 1].flat if span.line <= len(lines) else ""
    return tuple(
        Edit(Span(span.file, span.line, found.start(1) + 1, span.line, found.end(1) + 1), "CI_COMMIT_REF_SLUG")
        for found in _in_tag(line)
        if found.start() >= span.column - 1
    )


RULE: Final = Rule(
    "gitlab-ref-as-tag",
    Severity.WARNING,
    Words("The name of a branch is used as a tag", "브랜치 이름을 태그로 씁니다"),
    _check,
)
