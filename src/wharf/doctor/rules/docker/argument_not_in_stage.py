"""An ARG from before the first FROM, used in a stage that has not named it again: there it is empty."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import Read, checked
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.scopes import Seen, expanded_words
from wharf.formats.span import Span
from wharf.formats.text import Text

_in_shell = re.compile(r"(?<![\\$])\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_set_in_shell = re.compile(r"(?:^|[\s;&(])(?:export\s+|read\s+|for\s+)?([A-Za-z_]\w*)(?:=|\s+in\s)")


_reads_others = re.compile(r"(?:^|[;&|]\s*|\n\s*)(?:\.|source)\s+\S")


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "UndefinedVar"):
        told: set[tuple[int, str]] = set()
        for seen in read.seen:
            for name, span in _used(read, seen) if seen.unnamed else ():
                if (seen.stage.index, name) not in told and not _may_come_from_base(read, seen, name):
                    told.add((seen.stage.index, name))
                    yield _finding(read, seen, name, span)


def _used(read: Read, seen: Seen) -> Iterator[tuple[str, Span | None]]:
    if seen.instruction.name == "ARG":
        return
    for word in expanded_words(seen):
        for unset in seen.expanded(word, read.dockerfile.escape).unset:
            if unset.name in seen.unnamed and not unset.has_default:
                yield unset.name, unset.span
    if seen.instruction.name == "RUN" and not seen.instruction.is_json:
        yield from _used_in_shell(seen, seen.instruction.rest)


def _used_in_shell(seen: Seen, script: Text) -> Iterator[tuple[str, Span | None]]:
    """Not within single quotes, and not what the script sets by itself."""
    if _reads_others.search(script.flat):
        return
    own = {found[1] for found in _set_in_shell.finditer(script.flat)}
    for found in _in_shell.finditer(script.flat):
        name = found[1] or found[2]
        if name in seen.unnamed - own and script.flat.count("'", 0, found.start()) % 2 == 0:
            yield name, script[found.start() : found.end()].span


def _may_come_from_base(read: Read, seen: Seen, name: str) -> bool:
    """`node` sets NODE_VERSION, `golang` GOLANG_VERSION: images have variables that are called like them."""
    stage = seen.stage
    while (below := read.scopes.below(stage)) is not None:
        stage = below
    base = read.scopes.base(stage).text.flat
    first = name.lower().partition("_")[0]
    return not seen.knows_base and (first in base.lower() or first in {"java", "lang"})


def _finding(read: Read, seen: Seen, name: str, span: Span | None) -> Finding:
    argument = next(each for each in read.dockerfile.arguments if each.name.flat == name)
    opening = seen.stage.opening.span
    place = Span(opening.file, opening.end_line, opening.end_column, opening.end_line, opening.end_column)
    return Finding(
        span or seen.instruction.span,
        Words(f"{name} is empty here", f"여기에서 {name}은(는) 빈 값입니다"),
        (Evidence(Words("its ARG stands before the first FROM", "ARG가 첫 FROM 앞에 있습니다"), argument.span),),
        Words(
            "An ARG from before the first FROM is for FROMs alone, until a stage names it again.",
            "첫 FROM 앞의 ARG는 스테이지 안에서 다시 선언해야 쓸 수 있습니다.",
        ),
        (
            Fix(
                Words(
                    f"put ARG {name} after the FROM of this stage", f"이 스테이지의 FROM 뒤에 ARG {name}을(를) 두세요"
                ),
                (Edit(place, f"\nARG {name}"),),
            ),
        ),
    )


RULE: Final = Rule(
    "argument-not-in-stage",
    Severity.WARNING,
    Words("An argument that the stage does not see", "스테이지에서 보이지 않는 인자"),
    _check,
)
