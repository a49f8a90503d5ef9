"""Tags that CI pushes and that nothing in the repository asks for, while it asks for others of the same image."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.way import way
from wharf.doctor.rule import Rule
from wharf.doctor.rules.join.telling import happened
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.way import Fate, Turn, Way

_MOST_NAMES: Final = 6
_OWN: Final = frozenset({Fate.PUSHED, Fate.LOST, Fate.NEVER_PUSHED})


def check(checkout: Checkout) -> Iterator[Finding]:
    found = checkout.once(way)
    told = {finding.span: finding for turn in reversed(found.turns) for finding in _of_turn(turn, found)}
    yield from told.values()


def _of_turn(turn: Turn, found: Way) -> Iterator[Finding]:
    wanted = {image_name(answer.asked.reference).repository for answer in turn.answers if answer.fate in _OWN}
    asking = [asked for answer in found.answers for asked in (answer.asked, *answer.hidden_by)]
    asked = {image_name(each.reference).whole for each in asking}
    told = {image_name(answer.near[0].reference).whole for answer in found.breaks if answer.near}
    named = [(each, image_name(each.reference)) for each in turn.pushed] if wanted else []
    silent = [(each, name.repository) for each, name in named if name.whole not in asked | told]
    for repository in wanted:
        unused = [each for each, other in silent if other == repository]
        if unused:
            names = ", ".join(dict.fromkeys(f"`{each.reference.shown}`" for each in unused[:_MOST_NAMES]))
            when = happened(turn.event)
            yield Finding(
                unused[0].span,
                Words(
                    f"CI pushes {names}{when.english}, and nothing here asks for that",
                    f"CI는 {names}을(를) 푸시하지만{when.korean} 여기서는 아무도 요청하지 않습니다",
                ),
            )


RULE: Final = Rule(
    "pushed-and-never-asked-for",
    Severity.NOTE,
    Words("CI pushes tags that nobody asks for", "CI가 아무도 요청하지 않는 태그를 푸시합니다"),
    check,
)
