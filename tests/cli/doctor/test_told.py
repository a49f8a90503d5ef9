from dataclasses import replace

from tests.doctor.findings import CI, finding, fix, found, report, words
from wharf.cli.doctor.told import told
from wharf.cli.output import width_of
from wharf.doctor.finding import Severity
from wharf.doctor.ignores import Ignore
from wharf.doctor.language import Language
from wharf.doctor.reports.report import Report
from wharf.formats.span import Span

FULL = report(found(finding(fixes=(fix(), fix("other")))))


def lines(of: Report, *, every_note: bool = False) -> list[str]:
    return ["".join(text for text, _ in line) for line in told(of, every_note=every_note)]


def test_a_finding_has_its_place_its_line_what_shows_it_its_cause_and_its_fix() -> None:
    assert [
        f"error some-rule  {CI}:2:3",
        "  nobody pushes this",
        "     2 │ type=sha",
        "       │ ^^^^^^^^",
        "  · it is asked for here (deploy.sh:1)",
        "     1 │ docker pull app:main",
        "  cause: seven digits",
        "  fix: say it in full",
        "    - type=sha",
        f"    + type=sha,format=long,prefix=   {CI}:2",
        "  or: say it in full",
        f"    + other   {CI}:2",
        "",
        "1 error",
        "next: wharf doctor --fix mends 1",
    ] == lines(FULL)


def test_it_is_said_in_korean() -> None:
    said = "\n".join(lines(replace(FULL, language=Language.KOREAN)))

    assert all(word in said for word in ("오류", "아무도 올리지 않습니다", "원인: 일곱 자리", "고치기: 전체를 쓰세요"))


def test_of_many_notes_a_few_are_told_unless_all_are_wanted() -> None:
    many = report(*(found(finding(span=Span.at("a", at)), severity=Severity.NOTE) for at in range(1, 11)))

    assert "  7 more notes: --all shows them" in lines(many)
    assert 10 == sum(line.startswith("note ") for line in lines(many, every_note=True))


def test_where_nothing_was_found_it_says_so() -> None:
    assert ["nothing is wrong"] == lines(report())


def test_what_was_not_looked_at_and_what_is_ignored_is_said() -> None:
    idle = Ignore("some-rule", (), "so it was")
    of = replace(report(), not_looked_at=(words("one"), words("two")), idle=(idle,), ignored=((found(), idle),))

    assert [
        "wharf.toml ignores some-rule, and nothing is found there any longer",
        "not looked at: one",
        "               two",
        "nothing is wrong · 1 ignored in wharf.toml",
    ] == lines(of)


def test_it_fits_a_terminal() -> None:
    long = finding("wide words " * 30 + "가나다 " * 60, fixes=(fix(),))

    assert all(width_of(line) <= 80 for line in lines(report(found(long))))


def test_where_there_is_an_error_warnings_are_brief_and_notes_are_counted() -> None:
    warning, note = (found(name=name, severity=Severity(name)) for name in ("warning", "note"))

    assert [
        f"warning warning  {CI}:2:3",
        "  nobody pushes this",
        "     2 │ type=sha",
        "       │ ^^^^^^^^",
        "",
        "1 error, 1 warning, 1 note · --all tells the rest",
    ] == lines(report(found(), warning, note))[-6:]


def test_everything_is_told_to_who_wants_it() -> None:
    warning, note = (found(name=name, severity=Severity(name)) for name in ("warning", "note"))
    told_whole = lines(report(found(), warning, note), every_note=True)

    assert 2 == sum(line == "  cause: seven digits" for line in told_whole)
    assert f"note note  {CI}:2" in told_whole
