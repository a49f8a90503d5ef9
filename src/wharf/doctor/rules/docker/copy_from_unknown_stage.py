"""A COPY from a stage that is not there, or not yet."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_builds import builds_of
from wharf.doctor.looks.stages import Read, read_dockerfiles
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.scopes import Seen
from wharf.formats.span import Span
from wharf.oci.nearness import nearest


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checkout.once(read_dockerfiles):
        others = {name for build in builds_of(checkout, read.dockerfile.file) for name in build.others}
        for seen in read.of("COPY"):
            flag = seen.instruction.flag("from")
            name = flag.value.value if flag and flag.value else None
            if name and "$" not in name and "*" not in others and name not in others:
                yield from _finding(read, seen, name)


def _finding(read: Read, seen: Seen, name: str) -> Iterator[Finding]:
    """A name without a stage is that of an image; so only one that is very near to a stage's is a mistake."""
    stage = read.dockerfile.stage(name)
    if stage is not None and stage.index < seen.stage.index:
        return
    stages = [each.name.flat for each in read.dockerfile.stages[: seen.stage.index] if each.name]
    is_number = name.isascii() and name.isdigit()
    near = [] if set("/:.@") & set(name) else nearest(name, stages, limit=1)
    if not (near or is_number or stage is not None):
        return
    value = next(flag.value for flag in seen.instruction.flags if flag.name == "from")
    span = (value.span if value else None) or seen.instruction.span
    names = ", ".join(stages) or "-"
    yield Finding(
        span,
        Words(f"no stage before this one is {name}", f"이 스테이지보다 앞에 {name} 스테이지가 없습니다"),
        (Evidence(Words(f"stages before it: {names}", f"앞에 있는 스테이지: {names}"), seen.stage.opening.span),),
        Words(
            "What is no stage is taken for the name of an image, and pulled.",
            "스테이지가 아닌 이름은 이미지 이름으로 여겨 풀합니다.",
        ),
        tuple(_fix(each, span, name) for each in near)
        or (Fix(Words("name an earlier stage", "앞선 스테이지를 지정하세요")),),
    )


def _fix(near: str, span: Span, name: str) -> Fix:
    edits = (Edit(span, near),) if span.width == len(name) else ()
    return Fix(Words(f"take from {near}", f"{near}에서 가져오세요"), edits)


RULE: Final = Rule(
    "copy-from-unknown-stage",
    Severity.ERROR,
    Words("COPY from a stage that is not there", "없는 스테이지에서 COPY합니다"),
    _check,
)
