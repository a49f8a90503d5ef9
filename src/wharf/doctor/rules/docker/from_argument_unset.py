"""A FROM whose image is named with an argument that nobody gives a value."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_builds import ANY_ARGUMENT, builds_of
from wharf.doctor.looks.stages import Read, read_dockerfiles
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.scopes import Seen
from wharf.formats.dockerfile.tree import Stage
from wharf.formats.span import Span
from wharf.formats.text import Text


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checkout.once(read_dockerfiles):
        declared = {argument.name.flat for argument in read.dockerfile.arguments}
        for stage in read.dockerfile.stages:
            unset = [each for each in read.scopes.base(stage).unset if not each.has_default]
            for name in dict.fromkeys(each.name for each in unset):
                if name not in declared:
                    yield _undeclared(read, stage, name)
                elif _is_nothing(read.scopes.base(stage).text):
                    yield from _never_given(checkout, read, stage, name)


def _is_nothing(base: Text) -> bool:
    """`node:` and `:1.2` are names of no image; `node:1-` may be meant."""
    return not base or base.flat.startswith((":", "/")) or base.flat.endswith((":", "/", "@"))


def _undeclared(read: Read, stage: Stage, name: str) -> Finding:
    in_stage = next(
        (seen for seen in read.of("ARG") if any(each.name.flat == name for each in seen.instruction.assignments)), None
    )
    evidence = (
        (Evidence(Words("it is an ARG of a stage only", "스테이지 안의 ARG일 뿐입니다"), in_stage.instruction.span),)
        if in_stage
        else ()
    )
    return Finding(
        stage.base.span or stage.opening.span,
        Words(
            f"FROM uses {name}, and no ARG {name} stands before the first FROM",
            f"FROM이 {name}을(를) 쓰지만 첫 FROM 앞에 ARG {name} 줄이 없습니다",
        ),
        evidence,
        Words(
            "A FROM sees only the ARGs that stand before the first FROM; others are empty.",
            "FROM은 첫 FROM보다 앞에 있는 ARG만 볼 수 있고 나머지는 빈 값이 됩니다.",
        ),
        (
            Fix(
                Words(f"put ARG {name}=… before the first FROM", f"첫 FROM 앞에 ARG {name}=… 을 두세요"),
                _moved(read, in_stage, name),
            ),
        ),
        severity=None if _is_nothing(read.scopes.base(stage).text) else Severity.WARNING,
    )


def _moved(read: Read, seen: Seen | None, name: str) -> tuple[Edit, ...]:
    """With the value that it has in the stage."""
    values = (
        [each.value.flat for each in seen.instruction.assignments if each.name.flat == name and each.value]
        if seen
        else []
    )
    first = read.dockerfile.stages[0].opening.span
    place = Span(first.file, first.line, 1, first.line, 1)
    return (Edit(place, f"ARG {name}={values[0]}\n"),) if values else ()


def _never_given(checkout: Checkout, read: Read, stage: Stage, name: str) -> Iterator[Finding]:
    """An error where it is clear how it is built; else only worth knowing, as whoever builds may well pass it."""
    builds = [build for build in builds_of(checkout, read.dockerfile.file) if build.is_said]
    without = [build for build in builds if not {name, ANY_ARGUMENT} & build.arguments.keys()]
    if builds and not without:
        return
    argument = next(each for each in read.dockerfile.arguments if each.name.flat == name)
    evidence = tuple(
        Evidence(Words(f"{build.by} does not pass it", f"{build.by}에서 넘기지 않습니다"), build.span)
        for build in without[:1]
    )
    yield Finding(
        stage.base.span or stage.opening.span,
        Words(f"FROM needs {name}, which has no default", f"FROM에 필요한 {name}에 기본값이 없습니다"),
        (*evidence, Evidence(Words(f"ARG {name}", f"ARG {name}"), argument.span)),
        fixes=(
            Fix(
                Words(
                    f"give it a default: ARG {name}=…, or pass it as a build argument",
                    f"ARG {name}=… 처럼 기본값을 주거나 빌드 인자로 넘기세요",
                )
            ),
        ),
        severity=Severity.ERROR if without else Severity.NOTE,
    )


RULE: Final = Rule(
    "from-argument-unset",
    Severity.ERROR,
    Words("FROM with an argument that has no value", "값이 없는 인자를 쓰는 FROM"),
    _check,
)
