"""A password stands in the repository, for everybody who can read it."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import jobs, pipelines
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.commands import Login, commands, login_of
from wharf.formats.gitlab.pipeline import Pipeline, Variable
from wharf.formats.span import Span

_token = re.compile(
    r"glpat-[\w-]{20,}|gldt-[\w-]{20,}|gh[pousr]_\w{36,}|github_pat_\w{40,}|dckr_pat_[\w-]{20,}|AKIA[0-9A-Z]{16}"
)
_name = re.compile(
    r"(?:DOCKER|DOCKERHUB|HUB|REGISTRY|CI_REGISTRY|GHCR|HARBOR|NEXUS|QUAY|DEPLOY|AWS)(?:_\w+)?_"
    r"(?:PASSWORD|PASSWD|PASS|TOKEN|SECRET|SECRET_ACCESS_KEY|PAT)"
)
_literal = re.compile(r"(?!https?:|/|true$|false$|\d{1,3}$)[^$%\s]{4,}")
_LOCAL: Final = ("localhost", "127.0.0.1", "registry:", "docker:")


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for pipeline in checkout.once(pipelines):
        for variable in _tokens(pipeline):
            value = variable.value.span or variable.span
            found[value] = _finding(value, ())
    for seen in checkout.once(jobs):
        for ran in commands(seen):
            login = login_of(ran)
            if login and (place := _place(login)):
                used = Evidence(Words("it is used here", "쓰이는 곳"), ran.span)
                found.setdefault(place, _finding(place, (used,) if place.line != ran.span.line else ()))
    yield from found.values()


def _tokens(pipeline: Pipeline) -> Iterator[Variable]:
    """Texts that have the form of tokens, and variables whose name says what they are for."""
    for variables in (pipeline.variables, *(job.variables for job in pipeline.jobs)):
        yield from (each for each in variables.values() if _token.search(each.value.flat) or _is_named_so(each))


def _is_named_so(variable: Variable) -> bool:
    """Of registries and deployments alone: a database that lives as long as a test may have any password."""
    return bool(_name.fullmatch(variable.name) and _literal.fullmatch(variable.value.flat))


def _place(login: Login) -> Span | None:
    """Where the password stands, if it is known and no test's own registry is meant."""
    password = login.password.stripped() if login.password else None
    if not password or password.value is None or (login.server and login.server.flat.startswith(_LOCAL)):
        return None
    span = password.span
    return span if span is not None and span.file.endswith((".yml", ".yaml")) else None


def _finding(span: Span, evidence: tuple[Evidence, ...]) -> Finding:
    return Finding(
        span,
        Words("a password stands in the repository", "저장소 안에 비밀번호가 있습니다"),
        evidence,
        Words(
            "Whoever can read the repository can read it, now and in its history. It must be taken for known.",
            "저장소를 읽을 수 있는 사람은 누구나, 지난 기록에서도 볼 수 있습니다. 이미 알려진 것으로 보아야 합니다.",
        ),
        (
            Fix(
                Words(
                    "Make a new one, and keep it as a masked variable in the settings of the project (CI/CD).",
                    "새로 만들어 프로젝트 설정(CI/CD)에 마스킹한 변수로 넣으세요.",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "gitlab-password-in-file",
    Severity.WARNING,
    Words("A password stands in the pipeline", "파이프라인에 비밀번호가 적혀 있습니다"),
    _check,
)
