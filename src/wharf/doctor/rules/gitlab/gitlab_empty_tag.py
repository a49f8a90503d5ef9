"""An image gets its tag from a variable that is not there when the job runs."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import Seen
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.commands import Named, images_named, is_certain
from wharf.formats.span import Span


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for seen, named in checkout.once(images_named):
        tag = named.tag
        if tag is not None and not tag.flat and named.repository and is_certain(seen, named.ran):
            found.setdefault(named.ran.span, _finding(seen, named))
    yield from found.values()


def _finding(seen: Seen, named: Named) -> Finding:
    what = f"{seen.event.name} {seen.event.ref}"
    return Finding(
        named.ran.span,
        Words(
            f"the tag is empty when the job runs for {seen.event.ref}",
            f"{seen.event.ref} 때문에 작업이 돌 때 태그가 빕니다",
        ),
        (
            Evidence(
                Words(f"for {what} it is {named.reference.shown}", f"{what}에서는 {named.reference.shown}이(가) 됩니다")
            ),
        ),
        Words(
            "CI_COMMIT_TAG is there for tags alone, and CI_COMMIT_BRANCH for branches alone. "
            "With neither, Docker says `invalid reference format`.",
            "CI_COMMIT_TAG는 태그일 때만, CI_COMMIT_BRANCH는 브랜치일 때만 있습니다. "
            "비어 있으면 도커는 `invalid reference format`이라고 합니다.",
        ),
        (
            Fix(
                Words(
                    "Let the job run only where the variable is there (rules: - if: $CI_COMMIT_TAG), "
                    "or use CI_COMMIT_REF_SLUG.",
                    "변수가 있을 때만 작업을 돌리거나(rules: - if: $CI_COMMIT_TAG) CI_COMMIT_REF_SLUG를 쓰세요.",
                )
            ),
        ),
        None if seen.is_usual else Severity.WARNING,
    )


RULE: Final = Rule(
    "gitlab-empty-tag",
    Severity.ERROR,
    Words("A tag is empty", "태그가 비어 있습니다"),
    _check,
)
