"""docs/rules/README.md and its Korean sister, made from the rules themselves: `make rules-page` writes them."""

from tests.doctor.rules.pages import LANGUAGES, path_of
from wharf.doctor.examine import known_rules
from wharf.doctor.finding import Severity
from wharf.doctor.language import Language, Words

_HEAD = Words(
    """# Rules of wharf doctor

<!-- Made by `make rules-page` from src/wharf/doctor/rules. -->

What each severity means, and how a rule is left out, is told in [wharf doctor](../doctor.md). [한국어](ko/README.md)
""",
    """# wharf doctor의 규칙

<!-- Made by `make rules-page` from src/wharf/doctor/rules. -->

심각도의 뜻과 규칙을 빼는 방법은 [wharf doctor](../../ko/doctor.md)에 있습니다. [English](../README.md)
""",
)
_TITLES = {
    Severity.ERROR: Words("Errors: delivery will fail", "오류: 배포가 실패합니다"),
    Severity.WARNING: Words(
        "Warnings: it works by luck, or brings something else than meant",
        "경고: 운에 기대거나, 뜻과 다른 것이 갑니다",
    ),
    Severity.NOTE: Words("Notes: worth knowing", "참고: 알아 둘 만합니다"),
}


def index(language: Language) -> str:
    return _HEAD.in_(language) + "".join(_section(severity, language) for severity in Severity)


def _section(severity: Severity, language: Language) -> str:
    rows = [
        f"| [{rule.id}]({rule.id}.md) | {rule.title.in_(language).replace('|', '&#124;')} |\n"
        for rule in sorted(known_rules(), key=lambda rule: rule.id)
        if rule.severity is severity
    ]
    return f"\n## {_TITLES[severity].in_(language)}\n\n| | |\n|---|---|\n{''.join(rows)}" if rows else ""


if __name__ == "__main__":
    for each in LANGUAGES:
        path_of("README", each).write_text(index(Language(each)), encoding="utf-8")
