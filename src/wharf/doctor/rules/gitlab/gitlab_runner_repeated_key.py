"""A setting stands twice in the runner's configuration: the runner does not start with it."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import runners
from wharf.doctor.rule import Rule
from wharf.formats.span import Span
from wharf.formats.toml.parse import Repeated, Setting


def _check(checkout: Checkout) -> Iterator[Finding]:
    for each in checkout.once(runners):
        for repeated in each.repeated:
            yield _finding(repeated)


def _finding(repeated: Repeated) -> Finding:
    name = ".".join(str(part) for part in repeated.second.path if not isinstance(part, int))
    return Finding(
        repeated.second.span,
        Words(f"{name} stands here a second time", f"{name} 설정이 여기에서 다시 나옵니다"),
        (Evidence(Words("it stands here first", "처음 나온 곳"), repeated.first.span),),
        Words(
            "TOML forbids that: the runner refuses the whole file, and goes on with what it read before.",
            "TOML에서는 금지되어 있습니다. 러너는 파일 전체를 거부하고 전에 읽은 설정을 계속 씁니다.",
        ),
        (_fix(repeated),),
    )


def _fix(repeated: Repeated) -> Fix:
    first, second = repeated.first, repeated.second
    says_the_same = isinstance(first, Setting) and isinstance(second, Setting) and first.value == second.value
    words = Words("Take the second one away.", "두 번째 것을 지우세요.")
    if not says_the_same or not isinstance(second, Setting):
        return Fix(Words("Leave one of the two.", "둘 중 하나만 남기세요."))
    whole_lines = Span(second.span.file, second.span.line, 1, second.value_span.end_line + 1, 1)
    return Fix(words, (Edit(whole_lines, ""),), is_safe=True)


RULE: Final = Rule(
    "gitlab-runner-repeated-key",
    Severity.ERROR,
    Words("A setting stands twice in a runner's config.toml", "러너의 config.toml에 같은 설정이 두 번 있습니다"),
    _check,
)
