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
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.reference import Asked, Pushed
from wharf.doctor.way.way import Answer, Fate, Gap, Near, Turn
from wharf.formats.event import Event
from wharf.formats.span import Span

_MOST_PUSHED: Final = 4
_LONGEST_LINE: Final = 100


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
        answer.asked.span,
        message,
        tuple(_evidence(checkout, answer)),
        cause,
        cures(checkout, answer),
        severity,
    )


def _evidence(checkout: Checkout, answer: Answer) -> Iterator[Evidence]:
    asked = answer.asked
    yield _asked(asked, answer.event)
    yield from _written(checkout, asked)
    yield from (_nearest(checkout, one) for one in answer.near[:1])
    others = [each for each in _pushed(checkout, answer) if each not in [one.pushed for one in answer.near[:1]]]
    if others:
        names = ", ".join(dict.fromkeys(f"`{each.reference.shown}`" for each in others[:_MOST_PUSHED]))
        yield Evidence(Words(f"CI also pushes {names}", f"CI는 {names}도 푸시합니다"), others[0].span)


def _asked(asked: Asked, event: Event) -> Evidence:
    when = Words("", "") if asked.event is None else happened(event)
    by = f" ({asked.by})" if asked.by else ""
    through = "".join(f" ← {span.file}:{span.line}" for span in reversed(asked.via))
    return Evidence(
        Words(
            f"the deployment asks for `{asked.reference.shown}`{by}{when.english}{through}",
            f"배포는 `{asked.reference.shown}`을(를) 요청합니다{by}{when.korean}{through}",
        ),
        asked.span,
    )


def _written(checkout: Checkout, asked: Asked) -> Iterator[Evidence]:
    """Where the tag comes from, if it is written elsewhere than where it is used."""
    tag = image_name(asked.reference).tag
    places = (piece.span for piece in tag.pieces) if tag is not None else ()
    for span in dict.fromkeys(place for place in places if place is not None):
        line = line_at(checkout, span).strip()
        if (span.file, span.line) != (asked.span.file, asked.span.line) and line:
            yield Evidence(Words(f"its tag comes from `{_cut(line)}`", f"태그는 `{_cut(line)}`에서 옵니다"), span)


def _nearest(checkout: Checkout, one: Near) -> Evidence:
    if one.pushed is None:
        return Evidence(
            Words(f"the registry has `{one.reference.shown}`", f"레지스트리에는 `{one.reference.shown}`이(가) 있습니다")
        )
    span = written_at(one.pushed) or one.pushed.span
    line = _cut(line_at(checkout, span).strip())
    when = happened(one.pushed.event)
    return Evidence(
        Words(
            f"CI pushes `{one.reference.shown}`{when.english}: that is what `{line}` makes",
            f"CI는 `{one.reference.shown}`을(를) 푸시합니다{when.korean}: `{line}`이(가) 만드는 것입니다",
        ),
        span,
    )


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


def gap_in_words(one: Near, asked: Asked) -> Words | None:
    """Why the one is not the other."""
    wanted, there = (image_name(reference).tag for reference in (asked.reference, one.reference))
    match one.gap:
        case Gap.LENGTH | Gap.LENGTH_AND_AFFIX | Gap.PREFIX | Gap.SUFFIX if wanted is not None and there is not None:
            return Words(
                f"Both name the same commit, in other letters: `{wanted.flat}` is asked for, `{there.flat}` is pushed.",
                f"둘 다 같은 커밋이지만 글자가 다릅니다: 요청은 `{wanted.flat}`, 푸시되는 것은 `{there.flat}`입니다.",
            )
        case Gap.VERSION_PREFIX:
            return Words("One has a `v` before the version, the other has not.", "한쪽에만 버전 앞에 `v`가 있습니다.")
        case Gap.REPOSITORY:
            return Words(
                "The name of the repository is another one than CI pushes to.",
                "CI가 푸시하는 저장소와 이름이 다릅니다.",
            )
        case Gap.CAPITALS:
            return Words("Capital letters differ.", "대소문자가 다릅니다.")
    return None


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"
