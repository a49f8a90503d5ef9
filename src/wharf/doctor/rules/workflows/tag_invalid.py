"""A tag that no registry takes: it begins with a dash or a dot, is empty, or is too long."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import BUILD, ImageJob, image_jobs, tags_of
from wharf.doctor.rule import Rule
from wharf.doctor.rules.workflows.happening import evidence_of
from wharf.doctor.way.image_name import image_name
from wharf.errors import FileNotThere, UnreadableFile
from wharf.formats.shell.ran import Certainty
from wharf.formats.span import Span
from wharf.formats.text import Text

_ONLY_BRANCHES: Final = ",enable=${{ startsWith(github.ref, 'refs/heads/') }}"
_of_branch = re.compile(r"\s*(?:-\s*)?type=[^#\"']*\{\{\s*branch\s*\}\}[^#\"']*").fullmatch


def check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, list[tuple[ImageJob, Text]]] = {}
    for job in checkout.once(image_jobs):
        for span, tag in _invalid(job):
            found.setdefault(span, []).append((job, tag))
    for span, met in found.items():
        yield _finding(checkout, span, [job for job, _ in met], met[0][1])


def _invalid(job: ImageJob) -> Iterator[tuple[Span, Text]]:
    for _, step, used in job.uses(BUILD):
        if step.certainty.and_(job.run.certainty) is not Certainty.ALWAYS:
            continue
        for reference in tags_of(used):
            name = image_name(reference)
            if name.tag is not None and not name.has_valid_tag:
                yield name.tag.span or reference.span or step.span, name.tag


def _finding(checkout: Checkout, span: Span, jobs: list[ImageJob], tag: Text) -> Finding:
    return Finding(
        span,
        Words(
            f"This makes the tag `{tag.shown[:60]}`, which is none" if tag else "This makes an empty tag",
            f"여기서 태그로 쓸 수 없는 `{tag.shown[:60]}`이(가) 만들어집니다"
            if tag
            else "여기서 빈 태그가 만들어집니다",
        ),
        (evidence_of(jobs),),
        Words(
            "A tag begins with a letter, a figure or `_` and has at most 128 characters. `{{branch}}` is empty where "
            "no branch was pushed: on pull requests, tags and releases",
            "태그는 글자, 숫자 또는 `_`로 시작하고 128자를 넘지 않습니다. `{{branch}}`는 브랜치 푸시가 아니면"
            "(풀 리퀘스트, 태그, 릴리스) 비어 있습니다",
        ),
        tuple(_fixes(checkout, span)),
    )


def _fixes(checkout: Checkout, span: Span) -> Iterator[Fix]:
    line = _line(checkout, span)
    if line and _of_branch(line) and "enable=" not in line:
        end = len(line.rstrip()) + 1
        place = Span.at(span.file, span.line, end)
        words = Words("Make this tag for branches only", "이 태그는 브랜치에서만 만드세요")
        yield Fix(words, (Edit(place, _ONLY_BRANCHES),), is_safe=True)
    yield Fix(Words("Put a word that never changes before it", "앞에 늘 같은 말을 붙이세요"))


def _line(checkout: Checkout, span: Span) -> str:
    try:
        lines = checkout.files.read(span.file).flat.split("\n")
    except (FileNotThere, UnreadableFile):
        return ""
    return lines[span.line - 1] if span.line <= len(lines) else ""


RULE: Final = Rule(
    "tag-invalid",
    Severity.ERROR,
    Words("A workflow makes a tag that is none", "태그가 될 수 없는 태그를 만드는 워크플로"),
    check,
)
