"""How a broken way is told: what is asked for and where, what is pushed and by which rule, and what is nearest."""

from collections.abc import Iterable, Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.cures.cures import cures
from wharf.doctor.cures.lines import line_at
from wharf.doctor.cures.workflow_side import written_at
from wharf.doctor.finding import Evidence, Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.way import way
from wharf.doctor.rules.join.written_word import whole_word
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.nearness import Commit, commit_in
from wharf.doctor.way.reference import Asked, Pushed
from wharf.doctor.way.way import Answer, Fate, Gap, Near, Turn
from wharf.formats.event import Event
from wharf.formats.span import Span
from wharf.formats.text import Text

_MOST_PUSHED: Final = 4
_LONGEST_LINE: Final = 100
_ELSEWHERE: Final = frozenset({Gap.REPOSITORY, Gap.REGISTRY})


def broken(checkout: Checkout, fate: Fate = Fate.NEVER_PUSHED) -> Iterator[Answer]:
    """Each place once, however many events lead to it."""
    told: set[tuple[Span, str]] = set()
    for answer in checkout.once(way).answers:
        place = (answer.asked.span, answer.asked.reference.flat)
        if answer.fate is fate and place not in told:
            told.add(place)
            yield answer


def is_of_another_repository(answer: Answer) -> bool:
    return any(one.gap is Gap.REPOSITORY for one in answer.near[:1])


def asks_for_latest(answer: Answer) -> bool:
    tag = image_name(answer.asked.reference).tag
    return tag is not None and tag.flat == "latest"


def finding(
    checkout: Checkout, answer: Answer, message: Words, cause: Words | None, severity: Severity | None
) -> Finding:
    return Finding(
        whole_word(checkout, answer.asked.span),
        message,
        tuple(_evidence(checkout, answer)),
        cause,
        cures(checkout, answer),
        severity,
    )


def _evidence(checkout: Checkout, answer: Answer) -> Iterator[Evidence]:
    asked, nearest = answer.asked, answer.near[:1]
    yield _asked(asked, answer.event)
    yield from _written(checkout, asked)
    yield from (_nearest(checkout, one, answer.event) for one in nearest if one.pushed is not None)
    others = [each for each in _pushed(checkout, answer) if each not in [one.pushed for one in nearest]]
    if others:
        names = ", ".join(dict.fromkeys(f"`{_tag(each.reference)}`" for each in others[:_MOST_PUSHED]))
        yield Evidence(Words(f"CI also pushes {names}", f"CI는 {names}도 푸시합니다"), _made_at(others[0]))
    yield from (_held(one) for one in answer.near if one.pushed is None)


def _asked(asked: Asked, event: Event) -> Evidence:
    """Which reference that is, the message says."""
    when = Words("", "") if asked.event is None else happened(event)
    through = " ← ".join(f"{span.file}:{span.line}" for span in reversed(asked.via))
    english = f"asked for{when.english}" + (f" by {asked.by}" if asked.by else "")
    korean = f"배포가 요청합니다{when.korean}" + (f": {asked.by}" if asked.by else "")
    if through:
        english, korean = f"{english}, called at {through}", f"{korean}, 호출 위치 {through}"
    return Evidence(Words(english, korean), asked.span)


def _written(checkout: Checkout, asked: Asked) -> Iterator[Evidence]:
    """Where the tag comes from, if it is written elsewhere than where it is used."""
    tag = image_name(asked.reference).tag
    places = (piece.span for piece in tag.pieces) if tag is not None else ()
    for span in dict.fromkeys(place for place in places if place is not None):
        line = line_at(checkout, span).strip()
        if (span.file, span.line) != (asked.span.file, asked.span.line) and line:
            yield Evidence(Words(f"its tag comes from `{_cut(line)}`", f"태그는 `{_cut(line)}`에서 옵니다"), span)


def _nearest(checkout: Checkout, one: Near, event: Event) -> Evidence:
    assert one.pushed is not None
    span = _made_at(one.pushed)
    line = _cut(line_at(checkout, span).strip())
    name = one.reference.shown if one.gap in _ELSEWHERE else _tag(one.reference)
    when = Words("", "") if one.pushed.event == event else happened(one.pushed.event)
    return Evidence(
        Words(
            f"CI pushes `{name}`{when.english}: `{line}`",
            f"CI는 `{name}`을(를) 푸시합니다{when.korean}: `{line}`",
        ),
        span,
    )


def _held(one: Near) -> Evidence:
    name = one.reference.shown
    return Evidence(Words(f"the registry has `{name}`", f"레지스트리에는 `{name}`이(가) 있습니다"))


def _made_at(pushed: Pushed) -> Span:
    return written_at(pushed) or pushed.span


def _tag(reference: Text) -> str:
    """Of the repository that is spoken of already."""
    tag = image_name(reference).tag
    return tag.shown if tag is not None else reference.shown


def _pushed(checkout: Checkout, answer: Answer) -> Iterable[Pushed]:
    """Of the same repository, because of the same event."""
    wanted = image_name(answer.near[0].reference if answer.near else answer.asked.reference).repository
    turn: Turn | None = next((turn for turn in checkout.once(way).turns if turn.event == answer.event), None)
    return [each for each in turn.pushed if image_name(each.reference).repository == wanted] if turn else ()


def happened(event: Event) -> Words:
    if event.tag:
        return Words(f" when the tag {event.tag} is pushed", f" (태그 {event.tag} 푸시 시)")
    if event.name == "push":
        return Words(f" on a push to {event.branch}", f" ({event.branch} 푸시 시)")
    return Words(f" on {event.name}", f" ({event.name} 시)")


def gap_in_words(answer: Answer) -> Words | None:
    """Why the nearest is not the one that is asked for."""
    if not answer.near:
        return None
    match answer.near[0].gap:
        case Gap.LENGTH | Gap.LENGTH_AND_AFFIX | Gap.PREFIX | Gap.SUFFIX:
            return _two_spellings(answer)
        case Gap.VERSION_PREFIX:
            return Words("One has a `v` before the version, the other has not.", "한쪽에만 버전 앞에 `v`가 있습니다.")
        case Gap.REPOSITORY:
            return Words(
                "The name of the repository is another one than CI pushes to.",
                "CI가 푸시하는 저장소와 이름이 다릅니다.",
            )
        case Gap.CAPITALS:
            return Words("Capital letters differ.", "대소문자가 다릅니다.")
        case Gap.REVISION:
            return Words(
                "An image of this commit is there, under a tag that does not say so.",
                "이 커밋의 이미지는 있지만, 태그에 커밋이 나타나지 않습니다.",
            )
    return None


def _two_spellings(answer: Answer) -> Words | None:
    tags = [image_name(each).tag for each in (answer.asked.reference, answer.near[0].reference)]
    spelled = [commit_in(tag.flat, answer.event.sha) for tag in tags if tag is not None]
    asked, there = (_spelled(commit) for commit in spelled) if len(spelled) == len(tags) else (None, None)
    if asked is None or there is None:
        return None
    return Words(
        f"The commit is asked for as {asked.english}, and pushed as {there.english}.",
        f"커밋을 요청할 때는 {asked.korean}, 푸시할 때는 {there.korean}로 씁니다.",
    )


def _spelled(commit: Commit | None) -> Words | None:
    if commit is None:
        return None
    before, after = (f"`{text}`" if text else "" for text in (commit.before, commit.after))
    english, korean = (f"{len(commit.digits)}{unit}" for unit in (" digits", "자리"))
    return Words(*(" + ".join(filter(None, (before, digits, after))) for digits in (english, korean)))


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"
