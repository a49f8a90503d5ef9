"""A file that the delivery depends on cannot be read: what stands in it, nobody knows, neither we nor the CI."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout, FileProblem
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.material_of_tests import SURELY_READ, is_of_tests
from wharf.doctor.rule import Rule
from wharf.errors import MalformedFile, NotThere, UnreadableFile
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml

_YAML: Final = (".yml", ".yaml")
_WIDTH: Final = 2
_template_mark = re.compile(r"(?<!\$)\{\{|\{%|<%|@@\w")


def _check(checkout: Checkout) -> Iterator[Finding]:
    for problem in checkout.problems:
        yield _finding(checkout, problem)


def _finding(checkout: Checkout, problem: FileProblem) -> Finding:
    if isinstance(problem, UnreadableFile):
        return Finding(
            Span.at(problem.file),
            Words(f"it is not read: {problem.problem}", f"이 파일을 읽지 않았습니다: {problem.problem}"),
            severity=Severity.NOTE,
        )
    lines = _lines(checkout, problem.file)
    severity = Severity.NOTE if _may_be_meant_so(problem.file, lines) else None
    tabs = _tabs(lines) if severity is None and problem.file.endswith(_YAML) else []
    if tabs and (problem.line in tabs or _is_readable(problem.file, _without_any(lines))):
        return _about_tabs(problem, lines, tabs)
    return Finding(
        _place(problem, lines),
        Words(f"it cannot be read: {problem.problem}", f"읽을 수 없습니다: {problem.problem}"),
        cause=Words(
            "From here on, this is not the language that the file is to be in.",
            "여기서부터 이 파일이 따라야 할 문법에 맞지 않습니다.",
        ),
        severity=severity,
    )


def _may_be_meant_so(path: str, lines: list[Text]) -> bool:
    """Files from which others are made, and broken ones that a test needs."""
    if path.startswith(SURELY_READ):
        return False
    return is_of_tests(path) or any(_template_mark.search(line.flat) for line in lines)


def _about_tabs(problem: MalformedFile, lines: list[Text], tabs: list[int]) -> Finding:
    numbers = ", ".join(str(number) for number in tabs[:5]) + (" …" if len(tabs) > 5 else "")
    becomes_readable = _is_readable(problem.file, _without_any(lines))
    edits = tuple(_edit(problem.file, number, lines[number - 1].flat) for number in tabs)
    return Finding(
        Span(problem.file, tabs[0], 1, tabs[0], 1 + len(_indent(lines[tabs[0] - 1].flat))),
        Words(
            f"tabs are used to indent, which YAML forbids (lines {numbers})",
            f"YAML에서는 탭으로 들여쓸 수 없습니다 ({numbers}번째 줄)",
        ),
        cause=Words(
            "In YAML, only spaces indent. A tab ends the reading, whatever it looks like in an editor.",
            "YAML에서는 공백만 들여쓰기로 칩니다. 편집기에서 어떻게 보이든 탭에서 읽기가 끝납니다.",
        ),
        fixes=(
            Fix(
                Words("Put two spaces in the place of each tab.", "탭마다 공백 두 칸으로 바꾸세요."),
                edits if becomes_readable else (),
                is_safe=becomes_readable,
            ),
        ),
    )


def _lines(checkout: Checkout, path: str) -> list[Text]:
    try:
        return checkout.files.read(path).lines()
    except (UnreadableFile, NotThere):
        return []


def _place(problem: MalformedFile, lines: list[Text]) -> Span:
    """To the end of the line, so that it can be seen."""
    line = lines[problem.line - 1].flat if problem.line <= len(lines) else ""
    end = max(problem.column, len(line.rstrip()) + 1)
    return Span(problem.file, problem.line, problem.column, problem.line, end)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _tabs(lines: list[Text]) -> list[int]:
    """Lines that begin with one, and have more than blank space and a comment."""
    return [
        number
        for number, line in enumerate(lines, 1)
        if "\t" in _indent(line.flat) and line.flat.strip() and not line.flat.strip().startswith("#")
    ]


def _without_any(lines: list[Text]) -> str:
    return "\n".join(_without_tabs(line.flat) for line in lines)


def _without_tabs(line: str) -> str:
    indent = _indent(line)
    return indent.replace("\t", " " * _WIDTH) + line[len(indent) :]


def _edit(file: str, number: int, line: str) -> Edit:
    indent = _indent(line)
    return Edit(Span(file, number, 1, number, 1 + len(indent)), indent.replace("\t", " " * _WIDTH))


def _is_readable(file: str, content: str) -> bool:
    try:
        parse_yaml(Text.of_file(file, content))
    except MalformedFile:
        return False
    return True


RULE: Final = Rule(
    "file-cannot-be-read",
    Severity.ERROR,
    Words("A file cannot be read", "읽을 수 없는 파일이 있습니다"),
    _check,
    runs_last=True,
)
