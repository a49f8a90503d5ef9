"""A variable in the name of an image, for which nothing in the repository has a value."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.looks.way import way
from wharf.doctor.rule import Rule
from wharf.formats.compose.project import Project, Use
from wharf.formats.hole import Unknown
from wharf.formats.shell.ran import Given


def check(checkout: Checkout) -> Iterator[Finding]:
    """Where a job starts Compose with the file, it is seen there whether the variable comes."""
    turns = checkout.once(way).turns
    asked = (answer.asked.span for turn in turns for answer in turn.answers if answer.asked.by == "docker compose")
    started = {(span.file, span.line) for span in asked}
    for project in checkout.once(compose_projects):
        uses = (use for use in _open_uses(project) if (use.span.file, use.span.line) not in started)
        yield from (_finding(use) for use in uses)


def _open_uses(project: Project) -> Iterator[Use]:
    images = [service.image for service in project.services if service.image is not None]
    holes = [hole for image in images for hole in image.holes if hole.reason.kind is Unknown.ENVIRONMENT]
    places = {hole.span for hole in holes}
    for use in project.uses:
        if not use.operator and use.given is Given.UNKNOWN and use.span in places:
            yield use


def _finding(use: Use) -> Finding:
    required = f"${{{use.name}:?}}"
    return Finding(
        use.span,
        Words(
            f"The image needs `{use.name}`, which whoever starts Compose has to set",
            f"이미지에 `{use.name}` 변수가 필요하며, Compose를 시작하는 쪽에서 설정해야 합니다",
        ),
        cause=Words(
            "If it is not set, nothing is put in for it: `invalid reference format`, or another image than meant",
            "설정하지 않으면 빈 값이 들어가 `invalid reference format`이 되거나 다른 이미지가 됩니다",
        ),
        fixes=(
            Fix(
                Words("Refuse to start without it", "값이 없으면 시작하지 않게 하세요"),
                (Edit(use.span, required),),
            ),
        ),
    )


RULE: Final = Rule(
    "compose-variable-without-value",
    Severity.NOTE,
    Words("A variable without a value", "값이 없는 변수"),
    check,
)
