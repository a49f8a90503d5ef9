"""A push to GitHub's registry by a job that is not allowed to write packages."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import LOGIN, ImageJob, host_of_login, image_jobs
from wharf.doctor.rule import Rule
from wharf.doctor.rules.workflows.happening import evidence_of
from wharf.formats.github.workflow import Permissions
from wharf.formats.hole import Unknown
from wharf.formats.pipeline import ActionRun
from wharf.formats.span import Span
from wharf.formats.text import Text

_HOST: Final = "ghcr.io"


def check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, tuple[Permissions, list[ImageJob]]] = {}
    for job in checkout.once(image_jobs):
        rights = _rights(job)
        if rights is not None and rights.of("packages") != "write" and _pushes_as_itself(job):
            found.setdefault(rights.span, (rights, []))[1].append(job)
    for rights, jobs in found.values():
        yield _finding(rights, jobs)


def _rights(job: ImageJob) -> Permissions | None:
    written = job.workflow.job(job.run.job)
    is_own = written is not None and job.run.file == job.workflow.file and not job.run.via
    return job.workflow.permissions_of(written) if written is not None and is_own else None


def _pushes_as_itself(job: ImageJob) -> bool:
    """With the token of the run, and not with one that somebody keeps among the secrets."""
    logins = [used for _, _, used in job.uses(LOGIN) if host_of_login(used) == _HOST]
    return bool(logins) and all(map(_is_own_token, logins)) and any(push.registry == _HOST for push in job.pushes)


def _is_own_token(used: ActionRun) -> bool:
    holes = used.inputs.get("password", Text()).holes
    return any(hole.reason.kind is Unknown.SECRET and hole.reason.subject == "GITHUB_TOKEN" for hole in holes)


def _finding(rights: Permissions, jobs: list[ImageJob]) -> Finding:
    login = next(step for _, step, _ in jobs[0].uses(LOGIN))
    return Finding(
        rights.span,
        Words(
            f"The job `{jobs[0].run.job}` pushes to {_HOST} and may not write packages",
            f"`{jobs[0].run.job}` 작업은 {_HOST}에 올리지만 패키지 쓰기 권한이 없습니다",
        ),
        (
            Evidence(Words("it logs in with the token of the run", "실행 토큰으로 로그인합니다"), login.span),
            evidence_of(jobs),
        ),
        Words(
            "As soon as one right is written under `permissions`, all others are taken away. The push ends with "
            "`denied: installation not allowed to Create organization package` or `write_package`",
            "`permissions`에 하나라도 쓰면 나머지 권한은 모두 사라집니다. 올리기는 `denied: installation not allowed "
            "to Create organization package` 또는 `write_package`로 끝납니다",
        ),
        (_fix(rights, jobs[0]),),
    )


def _fix(rights: Permissions, job: ImageJob) -> Fix:
    words = Words("Add `packages: write`", "`packages: write`를 더하세요")
    written = rights.rights.get("packages")
    if written is not None and written.span is not None:
        return Fix(words, (Edit(written.span, "write"),))
    own = job.workflow.job(job.run.job)
    tree = (own.tree if own and own.permissions else job.workflow.tree).map("permissions")
    if tree is None or not tree.entries or rights.span.line == tree.entries[0].key.span.line:
        return Fix(words)
    last = tree.entries[-1].value.span
    indent = " " * (tree.entries[0].key.span.column - 1)
    return Fix(words, (Edit(Span.at(last.file, last.end_line, last.end_column), f"\n{indent}packages: write"),))


RULE: Final = Rule(
    "packages-not-writable",
    Severity.ERROR,
    Words("A push to ghcr.io without the right to write packages", "패키지 쓰기 권한 없이 ghcr.io에 올리기"),
    check,
)
