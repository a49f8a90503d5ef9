"""A push because of a pull request, which cannot succeed for one that comes from a fork."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import BUILD, ImageJob, Push, image_jobs
from wharf.doctor.rule import Rule
from wharf.doctor.rules.workflows.happening import evidence_of
from wharf.formats.pipeline import ActionRun
from wharf.formats.span import Span

_NOT_THEN: Final = "${{ github.event_name != 'pull_request' }}"


def check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, tuple[Push, list[ImageJob]]] = {}
    for job in checkout.once(image_jobs):
        if job.event.name != "pull_request" or not job.is_certain:
            continue
        for push in job.pushes:
            found.setdefault(push.step.span, (push, []))[1].append(job)
    for push, jobs in found.values():
        yield _finding(push, jobs)


def _finding(push: Push, jobs: list[ImageJob]) -> Finding:
    return Finding(
        push.step.span,
        Words(
            "It pushes for pull requests, which fails for those from forks",
            "풀 리퀘스트에서도 올리는데, 포크에서 온 것이면 실패합니다",
        ),
        (evidence_of(jobs),),
        Words(
            "The token of such a run may only read, whatever `permissions` says, and there are no secrets",
            "그런 실행의 토큰은 `permissions`와 상관없이 읽기만 할 수 있고, 시크릿도 없습니다",
        ),
        (_fix(push),),
    )


def _fix(push: Push) -> Fix:
    words = Words("Push only where it is no pull request", "풀 리퀘스트가 아닐 때만 올리세요")
    used = push.step.deed
    written = used.inputs.get("push") if isinstance(used, ActionRun) and push.by == BUILD else None
    is_plain = written is not None and written.value == "true" and written.span is not None
    return Fix(words, (Edit(written.span, _NOT_THEN),) if is_plain and written and written.span else ())


RULE: Final = Rule(
    "push-from-fork",
    Severity.NOTE,
    Words("Images are pushed for pull requests", "풀 리퀘스트에서 이미지를 올립니다"),
    check,
)
