"""A platform is asked for that CI does not build, or that the registry does not have."""

from collections.abc import Iterator, Sequence
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.way import way
from wharf.doctor.rule import Rule
from wharf.doctor.rules.join.stale_image import held_tag
from wharf.doctor.rules.join.written_word import whole_word
from wharf.doctor.way.way import Answer, Fate
from wharf.errors import MalformedPlatform
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.oci.platform import Platform


def check(checkout: Checkout) -> Iterator[Finding]:
    told: set[Span] = set()
    for answer in checkout.once(way).answers:
        missing = _missing(checkout, answer) if answer.fate in {Fate.PUSHED, Fate.HELD} else None
        if missing is not None and answer.asked.span not in told:
            told.add(answer.asked.span)
            yield _finding(checkout, answer, missing)


def _missing(checkout: Checkout, answer: Answer) -> tuple[Platform, tuple[Platform, ...]] | None:
    wanted = _platforms(answer.asked.platforms)
    held = held_tag(checkout, answer.asked)
    built = tuple(each for pushed in answer.by for each in _platforms(pushed.platforms) or ())
    is_known = answer.by and all(_platforms(pushed.platforms) for pushed in answer.by)
    there = held.platforms if held is not None else built if is_known else ()
    for platform in wanted or ():
        if there and not any(each.matches(platform) for each in there):
            return platform, there
    return None


def _platforms(texts: Sequence[Text]) -> tuple[Platform, ...] | None:
    """None, where one of them is not known."""
    values = [text.value for text in texts]
    try:
        return tuple(Platform.parse(value) for value in values if value) if None not in values else None
    except MalformedPlatform:
        return None


def _finding(checkout: Checkout, answer: Answer, missing: tuple[Platform, tuple[Platform, ...]]) -> Finding:
    wanted, there = missing
    names = ", ".join(sorted({str(each) for each in there}))
    places = (
        Evidence(Words(f"it is built here for {names}", f"여기서 {names}용으로 만들어집니다"), pushed.span)
        for pushed in answer.by[:1]
    )
    return Finding(
        whole_word(checkout, answer.asked.span),
        Words(
            f"`{answer.asked.reference.shown}` is asked for as {wanted}, and is there only for {names}",
            f"`{answer.asked.reference.shown}`을(를) {wanted}(으)로 요청하지만 {names}용만 있습니다",
        ),
        tuple(places),
        fixes=(
            Fix(
                Words(
                    f"add {wanted} to the `platforms` of the build",
                    f"빌드의 `platforms`에 {wanted}을(를) 더합니다",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "platform-not-built",
    Severity.ERROR,
    Words("A platform is deployed that is not built", "만들지 않은 플랫폼을 배포합니다"),
    check,
)
