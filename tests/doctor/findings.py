"""Findings and rules of the tests' own."""

from collections.abc import Iterable

from wharf.doctor.checkout import Checkout
from wharf.doctor.examine import Found
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.history import History
from wharf.doctor.ignores import Sifted
from wharf.doctor.language import Language, Words
from wharf.doctor.reports.report import Report, report_of
from wharf.doctor.rule import Rule
from wharf.formats.files import Files, WrittenFiles
from wharf.formats.span import Span

CI = ".github/workflows/ci.yml"
TREE = {CI: "tags: |\n  type=sha\n", "deploy.sh": "docker pull app:main\n"}
PLACE = Span(CI, 2, 3, 2, 11)


def words(english: str, korean: str = "한국어") -> Words:
    return Words(english, korean)


def rule(name: str = "some-rule", severity: Severity = Severity.ERROR, findings: Iterable[Finding] = ()) -> Rule:
    return Rule(name, severity, words(f"title of {name}", f"{name}의 제목"), lambda _: tuple(findings))


def fix(replacement: str = "type=sha,format=long,prefix=", *, safe: bool = True, span: Span = PLACE) -> Fix:
    return Fix(words("say it in full", "전체를 쓰세요"), (Edit(span, replacement),), is_safe=safe)


def finding(message: str = "nobody pushes this", span: Span = PLACE, fixes: tuple[Fix, ...] = ()) -> Finding:
    evidence = Evidence(words("it is asked for here", "여기에서 찾습니다"), Span("deploy.sh", 1, 13, 1, 21))
    return Finding(
        span, words(message, "아무도 올리지 않습니다"), (evidence,), words("seven digits", "일곱 자리"), fixes
    )


def found(each: Finding | None = None, name: str = "some-rule", severity: Severity = Severity.ERROR) -> Found:
    return Found(rule(name, severity), each or finding())


def checkout(files: dict[str, str] | None = None) -> Checkout:
    return Checkout(WrittenFiles(TREE if files is None else files), History())


def report(*told: Found, files: Files | None = None) -> Report:
    return report_of(Sifted(told, (), ()), files or WrittenFiles(TREE), Language.ENGLISH)
