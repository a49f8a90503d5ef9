"""Files that cannot be read: where, why, and what mends them."""

import pytest

from tests.doctor.repositories import checkout_of, examined
from wharf.doctor.checkout import Checkout
from wharf.doctor.edits import changes_by
from wharf.doctor.examine import Found
from wharf.errors import UnreadableFile
from wharf.formats.files import WrittenFiles
from wharf.formats.text import Text

RULE = "file-cannot-be-read"


def found(checkout: Checkout) -> list[Found]:
    return [each for each in examined(checkout).found if each.rule.id == RULE]


def told(path: str, content: str) -> list[tuple[str, int, str]]:
    checkout = checkout_of(WrittenFiles({path: content}))
    return [(each.severity.value, each.finding.span.line, each.finding.span.file) for each in found(checkout)]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a: [\n", 1),
        ("a:\n\t- b\n", 2),
        ("a: &x [*x]\n", 1),
        ("- a\n", 1),
        ("a: b: c\n", 1),
        ("a:\n  - b\n c: d\n", 3),
        ("a: {{ b }}\n", 1),
    ],
)
def test_a_pipeline_that_cannot_be_read_is_an_error_at_its_place(content: str, line: int) -> None:
    assert [("error", line, ".gitlab-ci.yml")] == told(".gitlab-ci.yml", content)


def test_aliases_that_would_explode_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 9)]

    assert ["error"] == [severity for severity, _, _ in told(".gitlab-ci.yml", "\n".join(lines))]


@pytest.mark.parametrize("path", ["{{cookiecutter.name}}/compose.yml", "tests/data/compose.yml"])
def test_what_may_be_meant_so_is_a_note(path: str) -> None:
    assert {"note"} >= {severity for severity, _, _ in told(path, "services:\n  a: [\n")}


def test_tabs_are_mended_where_that_is_all_that_is_wrong() -> None:
    checkout = checkout_of(WrittenFiles({".gitlab-ci.yml": "build:\n\tscript:\n\t\t- a\n"}))
    (each,) = found(checkout)
    (fix,) = each.finding.fixes

    assert fix.is_safe
    assert ["build:\n  script:\n    - a\n"] == [
        change.after for change in changes_by(each.finding.fixes, checkout.files)
    ]


def test_tabs_are_left_where_more_is_wrong() -> None:
    (each,) = found(checkout_of(WrittenFiles({".gitlab-ci.yml": "build:\n\tscript: [\n"})))

    assert [((), False)] == [(fix.edits, fix.is_safe) for fix in each.finding.fixes]


def test_tabs_that_a_script_may_have_are_not_blamed() -> None:
    content = "build:\n  script:\n    - |\n      all:\n      \tmake\n other: [\n"

    (each,) = found(checkout_of(WrittenFiles({".gitlab-ci.yml": content})))

    assert 6 == each.finding.span.line


class TooLarge(WrittenFiles):
    def read(self, path: str) -> Text:
        raise UnreadableFile(path, "it is larger than 4 MiB")


def test_a_file_that_is_no_text_or_too_large_is_a_note() -> None:
    (each,) = found(checkout_of(TooLarge({".gitlab-ci.yml": ""})))

    assert ("note", "it is not read: it is larger than 4 MiB") == (
        each.severity.value,
        each.finding.message.english,
    )
