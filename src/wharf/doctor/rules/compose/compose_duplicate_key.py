"""A key that stands in one mapping of a compose file twice."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.rule import Rule
from wharf.formats.yaml.tree import Scalar


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        yield from (_finding(key) for key in project.repeated)


def _finding(key: Scalar) -> Finding:
    return Finding(
        key.span,
        Words(f"`{key.text.shown}` stands here a second time", f"`{key.text.shown}` 키가 두 번 나옵니다"),
        cause=Words(
            "Compose refuses a file with a key that is there twice", "Compose는 같은 키가 두 번 있는 파일을 거부합니다"
        ),
    )


RULE: Final = Rule(
    "compose-duplicate-key",
    Severity.ERROR,
    Words("A key that is there twice", "두 번 나오는 키"),
    check,
)
