"""A push to a registry that the job has not logged in to by then."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import LOGIN, ImageJob, Push, host_of_login, image_jobs
from wharf.doctor.rule import Rule
from wharf.doctor.rules.workflows.happening import evidence_of
from wharf.formats.span import Span

_OWN: Final = ("localhost", "127.0.0.1")


def check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, tuple[Push, list[ImageJob]]] = {}
    for job in checkout.once(image_jobs):
        for push in job.pushes:
            if _is_without_login(job, push):
                found.setdefault(push.step.span, (push, []))[1].append(job)
    for push, jobs in found.values():
        yield _finding(push, jobs)


def _is_without_login(job: ImageJob, push: Push) -> bool:
    host = push.registry
    if host is None or host.partition(":")[0] in _OWN or job.run.services:
        return False
    logins = [(at, host_of_login(used)) for at, _, used in job.uses(LOGIN)]
    if any(at < push.at and of in {None, host} for at, of in logins):
        return False
    return job.is_certain and job.is_on_fresh_machine and job.is_understood(push.at + 1) and job.run.via == ()


def _finding(push: Push, jobs: list[ImageJob]) -> Finding:
    later = next((step for _, step, used in jobs[0].uses(LOGIN) if host_of_login(used) == push.registry), None)
    evidence = [evidence_of(jobs)]
    if later is not None:
        evidence.append(Evidence(Words("the login comes only here", "로그인은 여기서야 합니다"), later.span))
    return Finding(
        push.step.span,
        Words(
            f"The job pushes to {push.registry} without having logged in there",
            f"로그인하지 않은 {push.registry}에 이미지를 올립니다",
        ),
        tuple(evidence),
        Words(
            "A machine of GitHub knows no passwords at the beginning of a job",
            "GitHub의 러너는 작업을 시작할 때 어떤 인증 정보도 갖고 있지 않습니다",
        ),
        (
            Fix(
                Words(
                    f"Put docker/login-action with `registry: {push.registry}` before it",
                    f"그 앞에 `registry: {push.registry}`로 docker/login-action을 두세요",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "push-without-login",
    Severity.ERROR,
    Words("A push to a registry that nobody has logged in to", "로그인하지 않은 레지스트리로 올리기"),
    check,
)
