"""A workflow in which something stands in another form than GitHub asks for: it is refused as a whole."""

from collections.abc import Iterator, Mapping
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.workflows import flaws
from wharf.doctor.rule import Rule
from wharf.formats.github.workflow import Wrong

_SAID: Final[Mapping[Wrong, Words]] = {
    Wrong.NO_TRIGGER: Words("This workflow says no event that starts it", "이 워크플로를 시작하는 이벤트가 없습니다"),
    Wrong.NO_JOBS: Words("This workflow has no jobs", "이 워크플로에는 작업이 없습니다"),
    Wrong.NOT_A_MAP: Words("`{}` needs keys with values", "`{}`에는 키와 값이 있어야 합니다"),
    Wrong.NOT_A_TEXT: Words("`{}` needs a text", "`{}`에는 문자열이 있어야 합니다"),
    Wrong.JOB_WITHOUT_WORK: Words(
        "The job `{}` has neither `steps` nor `uses`", "`{}` 작업에 `steps`도 `uses`도 없습니다"
    ),
    Wrong.JOB_WITHOUT_MACHINE: Words("The job `{}` has no `runs-on`", "`{}` 작업에 `runs-on`이 없습니다"),
    Wrong.STEP_WITHOUT_WORK: Words("This step has neither `uses` nor `run`", "이 단계에 `uses`도 `run`도 없습니다"),
    Wrong.STEP_WITH_BOTH: Words("This step has both `uses` and `run`", "이 단계에 `uses`와 `run`이 모두 있습니다"),
    Wrong.BAD_ID: Words(
        "`{}` is no id: letters, digits, - and _ only, and no digit or - first",
        "`{}`은(는) id가 될 수 없습니다. 영문자, 숫자, -, _만 쓰고 숫자나 -로 시작하지 않습니다",
    ),
    Wrong.SAME_ID: Words("Two steps of one job have the id `{}`", "한 작업의 두 단계가 id `{}`을(를) 씁니다"),
    Wrong.BOTH_FILTERS: Words(
        "`{0}` and `{0}-ignore` cannot stand together", "`{0}`와 `{0}-ignore`는 함께 쓸 수 없습니다"
    ),
}


def check(checkout: Checkout) -> Iterator[Finding]:
    for flaw in checkout.once(flaws):
        if (said := _SAID.get(flaw.wrong)) is not None:
            yield Finding(
                flaw.span,
                Words(_with(said.english, flaw.subject), _with(said.korean, flaw.subject)),
                cause=Words("GitHub refuses such a workflow", "GitHub는 이런 워크플로를 거부합니다"),
            )


def _with(said: str, subject: str) -> str:
    return said.replace("{0}", subject).replace("{}", subject)


RULE: Final = Rule(
    "workflow-incomplete",
    Severity.ERROR,
    Words("A workflow of another form than GitHub asks for", "GitHub가 요구하는 형식이 아닌 워크플로"),
    check,
)
