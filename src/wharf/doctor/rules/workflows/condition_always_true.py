"""An `if` with text beside its `${{ }}`: all of it becomes a text, and a text that is not empty is true."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.expressions import expressions
from wharf.doctor.rule import Rule
from wharf.formats.github.expressions.parse import Misread, parse_expression
from wharf.formats.github.expressions.template import inserted_in
from wharf.formats.span import Span
from wharf.formats.text import Text


def check(checkout: Checkout) -> Iterator[Finding]:
    seen: set[Span] = set()
    for expression in checkout.once(expressions):
        whole = expression.written.whole.stripped()
        span = whole.span
        if not expression.written.is_condition or span is None or span in seen or not _has_text_beside(whole):
            continue
        seen.add(span)
        yield Finding(
            span,
            Words("This condition is always true", "이 조건은 항상 참입니다"),
            cause=Words(
                "Text stands outside of `${{ }}`, so that all becomes one text, and a text that is not empty is true",
                "`${{ }}` 밖에 글자가 있어 GitHub가 전체를 문자열로 만들고, 비어 있지 않은 문자열은 참입니다",
            ),
            fixes=tuple(_without_marks(whole, span)),
        )


def _has_text_beside(whole: Text) -> bool:
    found = list(inserted_in(whole))
    return bool(found) and (found[0].start, found[-1].end, len(found)) != (0, len(whole), 1)


def _without_marks(whole: Text, span: Span) -> Iterator[Fix]:
    said = "".join(_unwrapped(whole))
    if isinstance(parse_expression(said), Misread) or span.width != len(whole):
        return
    yield Fix(Words(f"Write the condition without marks: `{said}`", f"표시 없이 쓰세요: `{said}`"), (Edit(span, said),))


def _unwrapped(whole: Text) -> Iterator[str]:
    at = 0
    for each in inserted_in(whole):
        yield whole.flat[at : each.start]
        inner = each.inner.flat.strip()
        yield f"({inner})" if "&&" in inner or "||" in inner else inner
        at = each.end
    yield whole.flat[at:]


RULE: Final = Rule(
    "condition-always-true",
    Severity.WARNING,
    Words("A condition that is always true", "항상 참인 조건"),
    check,
)
