"""`docker-compose` is a program of its own that is no longer there in most places."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import jobs
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.commands import commands, is_in_pipeline
from wharf.formats.shell.ran import Ran
from wharf.formats.span import Span

_OLD: Final = "docker-compose"


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for seen in checkout.once(jobs):
        for ran in commands(seen):
            if ran.program == _OLD and is_in_pipeline(ran):
                found.setdefault(ran.span, _finding(ran))
    yield from found.values()


def _finding(ran: Ran) -> Finding:
    name = ran.words[0].span
    is_as_written = name is not None and name.width == len(_OLD)
    return Finding(
        ran.span,
        Words("docker-compose was replaced by docker compose", "docker-compose는 docker compose로 바뀌었습니다"),
        cause=Words(
            "The old program has had no new version since 2023. Newer images of Docker still bring something under its "
            "name; others do not.",
            "옛 프로그램은 2023년 뒤로 나오지 않습니다. "
            "요즘 도커 이미지에는 같은 이름의 것이 있지만, 없는 곳이 많습니다.",
        ),
        fixes=(
            Fix(
                Words("Write docker compose.", "docker compose로 쓰세요."),
                (Edit(name, "docker compose"),) if name and is_as_written else (),
            ),
        ),
    )


RULE: Final = Rule(
    "gitlab-old-compose",
    Severity.NOTE,
    Words("A job uses the old docker-compose", "옛 docker-compose를 쓰는 작업이 있습니다"),
    _check,
)
