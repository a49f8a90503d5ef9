"""The registry's image under a tag that names a commit was built from another commit."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.way import way
from wharf.doctor.rule import Rule
from wharf.doctor.rules.join.written_word import whole_word
from wharf.doctor.way.holdings import HeldTag
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.nearness import commit_in
from wharf.doctor.way.reference import Asked
from wharf.doctor.way.way import Answer, Fate
from wharf.formats.span import Span


def check(checkout: Checkout) -> Iterator[Finding]:
    told: set[Span] = set()
    for answer in checkout.once(way).answers:
        held = held_tag(checkout, answer.asked)
        if held is None or not held.revision or answer.asked.span in told or answer.fate is Fate.FOREIGN:
            continue
        if held.revision != answer.event.sha and checkout.history.sha == answer.event.sha:
            told.add(answer.asked.span)
            yield _finding(checkout, answer, held)


def held_tag(checkout: Checkout, asked: Asked) -> HeldTag | None:
    name = image_name(asked.reference)
    held = checkout.holdings.repositories.get(name.repository.flat) if checkout.holdings else None
    return held.looked_at.get(name.tag.flat) if held is not None and name.tag is not None else None


def _finding(checkout: Checkout, answer: Answer, held: HeldTag) -> Finding:
    asked = answer.asked.reference.shown
    built, wanted = held.revision[:12], answer.event.sha[:12]
    names_it = commit_in(held.tag, answer.event.sha) is not None
    return Finding(
        whole_word(checkout, answer.asked.span),
        Words(
            f"the image `{asked}` in the registry was built from {built}, not from {wanted}",
            f"레지스트리의 `{asked}` 이미지는 {wanted}이(가) 아니라 {built}에서 만들어졌습니다",
        ),
        cause=Words(
            "Its label `org.opencontainers.image.revision` says so.",
            "`org.opencontainers.image.revision` 레이블이 그렇게 말합니다.",
        ),
        fixes=(
            Fix(
                Words(
                    "deploy by commit or by digest, so that what runs is what was built",
                    "커밋이나 다이제스트로 배포하여 만든 것이 실행되게 합니다",
                )
            ),
        ),
        severity=None if names_it else Severity.NOTE,
    )


RULE: Final = Rule(
    "stale-image",
    Severity.WARNING,
    Words("An image is of another commit than its tag says", "이미지가 태그가 말하는 것과 다른 커밋의 것입니다"),
    check,
    asks_registry=True,
)
