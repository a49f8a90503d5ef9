"""`${GITHUB_SHA:-latest}` in a deployment: without the variable another commit is deployed, and nobody is told."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.shell_runs import ShellRun, defaults
from wharf.doctor.rule import Rule
from wharf.formats.shell.ran import Defaulted, Given, Ran
from wharf.formats.span import Span

_is_of_commit: Final = re.compile(
    r"(?:GITHUB|CI|GIT|COMMIT|BUILD|DRONE|CIRCLE|BITBUCKET)_?(?:\w*_)?(?:SHA|SHA1|COMMIT|REVISION|SHORT_SHA)|COMMIT_SHA|SHA"
).fullmatch
_MOVING: Final = frozenset({"latest", "main", "master", "stable", "edge", "dev", "develop", "nightly", "production"})
_FETCHING: Final = frozenset({"pull", "run", "create", "up", "deploy", "set", "upgrade", "update"})


def check(checkout: Checkout) -> Iterator[Finding]:
    seen: dict[Span, Finding] = {}
    for run, defaulted in defaults(checkout):
        if not _is_of_commit(defaulted.name) or defaulted.operator not in (":-", "-", ":=", "="):
            continue
        if defaulted.default.value not in _MOVING:
            continue
        fetches = next((ran for ran in run.followed.ran if _fetches(ran)), None)
        if fetches is not None:
            found = _finding(run, defaulted, fetches)
            before = seen.get(defaulted.span)
            seen[defaulted.span] = found if before is None or found.severity is None else before
    yield from seen.values()


def _fetches(ran: Ran) -> bool:
    return ran.program in ("docker", "podman", "kubectl", "helm", "docker-compose", "nerdctl") and any(
        word.flat in _FETCHING for word in ran.words[1:4]
    )


def _finding(run: ShellRun, defaulted: Defaulted, fetches: Ran) -> Finding:
    name, default = defaulted.name, defaulted.default.flat
    is_lost = run.job is not None and defaulted.given in (Given.UNSET, Given.EMPTY)
    return Finding(
        defaulted.span,
        Words(
            f"Without `{name}` this deploys `{default}`, whatever commit that is",
            f"`{name}` 값이 없으면 어느 커밋인지 모를 `{default}`를 배포합니다",
        ),
        (Evidence(Words("Here an image is fetched", "여기서 이미지를 가져옵니다"), fetches.span),),
        Words(
            f"`{name}` never arrives here, so that the default is always taken" if is_lost else
            "A variable that says which commit it is should be there, or the deployment should stop",
            f"`{name}` 값이 여기까지 오지 않아 항상 기본값이 쓰입니다" if is_lost else
            "어느 커밋인지 말해 주는 변수는 꼭 있어야 하고, 없으면 배포를 멈춰야 합니다",
        ),
        (_fix(defaulted),),
        None if is_lost else Severity.NOTE,
    )  # fmt: skip


def _fix(defaulted: Defaulted) -> Fix:
    said = f"${{{defaulted.name}:?}}"
    is_alone = defaulted.span.line == defaulted.span.end_line
    edits = (Edit(defaulted.span, said),) if is_alone else ()
    return Fix(Words(f"Stop where it is missing: `{said}`", f"값이 없으면 멈추게 하세요: `{said}`"), edits)


RULE: Final = Rule(
    "default-instead-of-commit",
    Severity.WARNING,
    Words("A default stands for the commit to deploy", "배포할 커밋 대신 기본값이 쓰입니다"),
    check,
)
