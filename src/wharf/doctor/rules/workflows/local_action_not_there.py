"""A step that uses an action of this repository which is not there, or before the repository is checked out."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.workflows import workflows
from wharf.doctor.rule import Rule
from wharf.formats.github.workflow import Job, Step
from wharf.formats.span import Span

_FILES: Final = ("action.yml", "action.yaml", "Dockerfile")
_SUBMODULES: Final = ".gitmodules"
_LAY_NO_FILES: Final = ("docker/", "actions/setup-", "actions/cache")


def check(checkout: Checkout) -> Iterator[Finding]:
    paths = frozenset(checkout.files.paths())
    for workflow in checkout.once(workflows):
        for job in workflow.jobs:
            yield from _of_job(job, paths)


def _of_job(job: Job, paths: frozenset[str]) -> Iterator[Finding]:
    is_bare = True  # nothing lies on the machine yet
    is_known = _SUBMODULES not in paths  # what lies there is what stands in the repository
    for step in job.steps:
        folder = _folder(step)
        if folder is not None and is_known and not _is_there(folder, paths):
            yield _not_there(step, folder)
        elif folder is not None and is_bare:
            yield _not_checked_out(step, folder)
        is_bare = is_bare and _lays_no_files(step)
        is_known = is_known and (_lays_no_files(step) or _is_plain_checkout(step) or folder is not None)


def _folder(step: Step) -> str | None:
    uses = step.uses.flat if step.uses else ""
    return uses[2:].strip("/") if uses.startswith("./") and "${{" not in uses else None


def _is_there(folder: str, paths: frozenset[str]) -> bool:
    inside = f"{folder}/" if folder not in {"", "."} else ""
    return any(f"{inside}{file}" in paths for file in _FILES)


def _is_plain_checkout(step: Step) -> bool:
    name = step.uses.flat.partition("@")[0].lower() if step.uses else ""
    return name == "actions/checkout" and not {"path", "repository", "ref"} & step.inputs.keys()


def _lays_no_files(step: Step) -> bool:
    return step.uses is not None and step.uses.flat.lower().startswith(_LAY_NO_FILES)


def _where(step: Step) -> Span:
    return step.uses.span if step.uses and step.uses.span else step.span


def _not_there(step: Step, folder: str) -> Finding:
    return Finding(
        _where(step),
        Words(f"There is no action in `{folder}`", f"`{folder}`에 액션이 없습니다"),
        cause=Words(
            "The step fails: no action.yml, action.yaml or Dockerfile stands there",
            "그곳에 action.yml, action.yaml, Dockerfile이 없어 단계가 실패합니다",
        ),
    )


def _not_checked_out(step: Step, folder: str) -> Finding:
    return Finding(
        _where(step),
        Words(
            f"`./{folder}` is used before the repository is checked out",
            f"저장소를 체크아웃하기 전에 `./{folder}`을(를) 씁니다",
        ),
        cause=Words(
            "The step fails (Can't find 'action.yml'): nothing of the repository is on the machine yet",
            "기계에 아직 저장소가 없어 단계가 실패합니다(Can't find 'action.yml')",
        ),
        fixes=(
            Fix(Words("Put `- uses: actions/checkout@v4` before it", "앞에 `- uses: actions/checkout@v4`를 넣으세요")),
        ),
    )


RULE: Final = Rule(
    "local-action-not-there",
    Severity.ERROR,
    Words("A step uses an action that is not there", "없는 액션을 쓰는 단계"),
    check,
)
