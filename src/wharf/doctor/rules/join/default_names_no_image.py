"""A script has a default for the name of the image, and nothing is ever pushed under that name."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.cures.lines import lines_of, part_of
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.way import way
from wharf.doctor.rule import Rule
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.reference import Pushed
from wharf.doctor.way.way import Way
from wharf.formats.span import Span

_default = re.compile(r"\$\{(?P<name>GITHUB_REPOSITORY|CI_PROJECT_PATH):?[-=](?P<default>[a-z0-9][a-z0-9._/-]*)\}")


def check(checkout: Checkout) -> Iterator[Finding]:
    if not checkout.history.repository:
        return
    found = checkout.once(way)
    pushed = {path: each for each in found.pushed if (path := image_name(each.reference).path) is not None}
    files = {span.file for answer in found.answers for span in (answer.asked.span, *answer.asked.via)}
    for file in sorted(files):
        for at, line in enumerate(lines_of(checkout, file), 1):
            for match in _default.finditer(line):
                if pushed and _is_meant(match["default"], found) and match["default"] not in pushed:
                    yield _finding(
                        match, part_of(Span.at(file, at), match.start("default"), match.end("default")), pushed
                    )


def _is_meant(default: str, found: Way) -> bool:
    """It is not already told that the image under this name is asked for and never pushed."""
    names = [image_name(answer.asked.reference).path or "" for answer in found.breaks]
    return not any(name == default or name.endswith(f"/{default}") for name in names)


def _finding(match: "re.Match[str]", span: Span, pushed: dict[str, Pushed]) -> Finding:
    default, name = match["default"], match["name"]
    path, nearest = max(pushed.items(), key=lambda each: (default in each[0], -len(each[0])))
    edits = (Edit(span, path),) if default in path else ()
    return Finding(
        span,
        Words(
            f"without {name} the image would be `{default}`, and nothing is ever pushed under that name",
            f"{name}이(가) 없으면 이미지는 `{default}`이(가) 되는데, 그 이름으로는 아무것도 푸시되지 않습니다",
        ),
        (Evidence(Words(f"CI pushes to `{path}`", f"CI는 `{path}`에 푸시합니다"), nearest.span),),
        Words(
            "It works only as long as the variable arrives; over ssh or sudo it does not.",
            "변수가 전달되는 동안에만 동작합니다. ssh나 sudo를 거치면 전달되지 않습니다.",
        ),
        (Fix(Words(f"write `{path}` as the default", f"기본값을 `{path}`(으)로 씁니다"), edits, is_safe=bool(edits)),),
    )


RULE: Final = Rule(
    "default-names-no-image",
    Severity.WARNING,
    Words("A default names an image that is never pushed", "기본값이 푸시되지 않는 이미지를 가리킵니다"),
    check,
)
