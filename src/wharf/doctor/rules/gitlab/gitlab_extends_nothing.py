"""A job takes over from a name that is not there."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import flaws, pipelines
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.likely import meant
from wharf.formats.gitlab.flaws import Wrong


def _check(checkout: Checkout) -> Iterator[Finding]:
    names = [entry.key.text.flat for pipeline in checkout.once(pipelines) for entry in pipeline.root]
    for flaw in flaws(checkout, Wrong.UNKNOWN_PARENT, Wrong.UNKNOWN_REFERENCE):
        yield Finding(
            flaw.span,
            Words(
                f"{flaw.subject} is named here and stands nowhere in the pipeline",
                f"여기에 적힌 {flaw.subject}이(가) 파이프라인 어디에도 없습니다",
            ),
            cause=Words(
                "GitLab refuses a pipeline with an `extends` or a `!reference` that leads nowhere.",
                "`extends`나 `!reference`가 가리키는 것이 없으면 GitLab은 파이프라인 전체를 거부합니다.",
            ),
            fixes=meant(flaw.subject, names, flaw.span) if flaw.kind is Wrong.UNKNOWN_PARENT else (),
        )


RULE: Final = Rule(
    "gitlab-extends-nothing",
    Severity.ERROR,
    Words("A job takes over from a name that is not there", "없는 이름에서 물려받는 작업이 있습니다"),
    _check,
)
