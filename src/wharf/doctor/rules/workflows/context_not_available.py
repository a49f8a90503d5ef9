"""An expression that asks for something that cannot be asked for at its place, such as `secrets` in an `if`."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.expressions import ReadExpression, expressions
from wharf.doctor.rule import Rule
from wharf.formats.github.expressions.functions import CONTEXTS
from wharf.formats.github.expressions.paths import Path


def check(checkout: Checkout) -> Iterator[Finding]:
    for expression in checkout.once(expressions):
        allowed = expression.written.contexts
        for path in expression.paths:
            if path.names[0] not in CONTEXTS:
                yield _unknown(expression, path)
            elif allowed is not None and path.names[0] not in allowed:
                yield _misplaced(expression, path, allowed)


def _unknown(expression: ReadExpression, path: Path) -> Finding:
    name = path.names[0]
    return Finding(
        expression.span(path.start, path.start + len(name)),
        Words(f"`{name}` is nothing that an expression can ask for", f"`{name}`은(는) 식에서 쓸 수 없는 이름입니다"),
        cause=Words(
            "GitHub refuses the workflow; a text needs single quotes around it",
            "GitHub가 워크플로를 거부합니다. 문자열이라면 작은따옴표로 감싸야 합니다",
        ),
        fixes=(_quoted(name),) if len(path.names) == 1 else (),
    )


def _quoted(name: str) -> Fix:
    return Fix(Words(f"If a text is meant, write '{name}'", f"문자열이라면 '{name}'(으)로 쓰세요"))


def _misplaced(expression: ReadExpression, path: Path, allowed: frozenset[str]) -> Finding:
    name = path.names[0]
    listed = ", ".join(sorted(allowed))
    return Finding(
        expression.span(path.start, path.start + len(name)),
        Words(f"`{name}` cannot be asked for at this place", f"이 자리에서는 `{name}`을(를) 쓸 수 없습니다"),
        cause=Words(
            f"GitHub refuses the workflow (Unrecognized named-value: '{name}'); known here are {listed}",
            f"GitHub가 워크플로를 거부합니다(Unrecognized named-value: '{name}'). 여기서 쓸 수 있는 것: {listed}",
        ),
        fixes=tuple(_ways_out(name, is_condition=expression.written.is_condition)),
    )


def _ways_out(name: str, *, is_condition: bool) -> Iterator[Fix]:
    if name == "secrets" and is_condition:
        yield Fix(
            Words(
                "Put the secret into `env` of the job and ask for `env.NAME != ''`",
                "시크릿을 작업의 `env`에 넣고 `env.NAME != ''`로 물어보세요",
            )
        )
    elif name == "env":
        yield Fix(
            Words(
                "Write the value itself, or use `vars`, or an output of a job that is needed",
                "값을 직접 쓰거나 `vars` 또는 선행 작업의 출력을 쓰세요",
            )
        )
    elif name == "secrets":
        yield Fix(Words("Hand the secret over as an input or in `env`", "시크릿을 입력이나 `env`로 넘기세요"))


RULE: Final = Rule(
    "context-not-available",
    Severity.ERROR,
    Words("An expression asks for what cannot be asked for there", "그 자리에서 쓸 수 없는 것을 묻는 식"),
    check,
)
