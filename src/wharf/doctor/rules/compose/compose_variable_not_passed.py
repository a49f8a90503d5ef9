"""A job starts Compose without a variable that an image is named with: nothing is put in, and no image is left."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.looks.way import way
from wharf.doctor.rule import Rule
from wharf.doctor.rules.reference_faults import fault_of
from wharf.doctor.way.reference import Asked
from wharf.formats.shell.ran import Certainty, Given


def check(checkout: Checkout) -> Iterator[Finding]:
    told: set[tuple[str, int]] = set()
    for turn in checkout.once(way).turns:
        for answer in turn.answers:
            asked = answer.asked
            place = (asked.span.file, asked.span.line)
            is_sure = asked.by == "docker compose" and asked.certainty is Certainty.ALWAYS and not asked.is_fallback
            if is_sure and place not in told and fault_of(asked.reference):
                names = _names_at(checkout, place)
                told.add(place)
                yield from [_finding(asked, names)] if names else []


def _names_at(checkout: Checkout, place: tuple[str, int]) -> list[str]:
    """Variables of that line that have no value of their own."""
    uses = (use for project in checkout.once(compose_projects) for use in project.uses)
    here = (use for use in uses if (use.span.file, use.span.line) == place)
    return list(dict.fromkeys(use.name for use in here if not use.operator and use.given is Given.UNKNOWN))


def _finding(asked: Asked, names: list[str]) -> Finding:
    told = ", ".join(f"`{name}`" for name in names)
    return Finding(
        asked.span,
        Words(
            f"Compose is started without {told}, and the image becomes `{asked.reference.shown}`",
            f"{told} 없이 Compose를 시작하므로 이미지가 `{asked.reference.shown}`이(가) 됩니다",
        ),
        tuple(Evidence(Words("It is started here", "여기에서 시작합니다"), span) for span in asked.via[-1:]),
        Words(
            f'`The "{names[0]}" variable is not set. Defaulting to a blank string.`, then `invalid reference format`. '
            "Pass it with `env` of the step",
            f'`The "{names[0]}" variable is not set. Defaulting to a blank string.` 다음에 '
            "`invalid reference format`이 됩니다. 단계의 `env`로 넘기세요",
        ),
    )


RULE: Final = Rule(
    "compose-variable-not-passed",
    Severity.ERROR,
    Words("A variable that Compose does not get", "Compose에 전달되지 않는 변수"),
    check,
)
