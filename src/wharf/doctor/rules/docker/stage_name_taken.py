"""A stage whose name another one has, or that means something else: `scratch`, `context`."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule
from wharf.formats.span import Span

_RESERVED: Final = frozenset({"context", "scratch"})


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "DuplicateStageName"):
        known: dict[str, Span] = {}
        for stage in read.dockerfile.stages:
            if stage.name is None:
                continue
            name, span = stage.name.flat.lower(), stage.name.span or stage.opening.span
            if name in _RESERVED:
                yield Finding(
                    span,
                    Words(f"{name} is no name for a stage: it means something else", f"{name}은(는) 예약된 이름입니다"),
                    fixes=(Fix(Words("call it something else", "다른 이름을 쓰세요")),),
                )
            elif name in known:
                yield Finding(
                    span,
                    Words(
                        f"a second stage is called {name}: COPY --from={name} takes from the last one",
                        f"{name} 스테이지가 두 개입니다. COPY --from={name}은(는) 마지막 것에서 가져옵니다",
                    ),
                    (Evidence(Words("the first one", "첫 번째"), known[name]),),
                    fixes=(Fix(Words("call it something else", "다른 이름을 쓰세요")),),
                )
            known.setdefault(name, span)


RULE: Final = Rule(
    "stage-name-taken",
    Severity.WARNING,
    Words("A stage's name that is taken", "이미 쓰이는 스테이지 이름"),
    _check,
)
