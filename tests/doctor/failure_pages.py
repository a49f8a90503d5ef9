"""docs/failures: a page for each known failure in each language, made from the catalogue: `make failures-page`."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from tests.house.sources import ROOT
from wharf.doctor.catalogue import known_failures
from wharf.doctor.facts import Expected
from wharf.doctor.language import Language, Words
from wharf.doctor.pattern import Capture, Pattern, Weight
from wharf.doctor.signature import Cause, Fix, Signature, Source, System

FOLDER = ROOT / "docs" / "failures"
_MADE = "<!-- Made by `make failures-page` from src/wharf/doctor/signatures. -->"
_HEAD = Words(
    f"""# Known failures

{_MADE}

What `wharf explain` recognises. Each page tells how a failure shows, what may be behind it, what decides between the
causes, and what mends it. How to ask: [Explain](../explain.md). [한국어](ko/README.md)
""",
    f"""# 알려진 오류

{_MADE}

`wharf explain`이 알아보는 오류입니다. 각 페이지에 오류의 모습, 가능한 원인, 원인을 가르는 근거, 해결 방법이 있습니다.
묻는 방법: [Explain](../../ko/explain.md). [English](../README.md)
""",
)
_SHOWS = Words("How it shows", "오류의 모습")
_SILENT = Words(
    "No text says so: it shows by the state of the machine.", "오류 메시지 없이 컴퓨터의 상태로 드러납니다."
)
_CAUSES = Words("What may be behind it", "가능한 원인")
_DECIDES = Words("Decided by", "판단 근거")
_UNDECIDED = Words("Nothing that wharf can look at decides this.", "wharf가 확인하여 판단할 수 있는 근거가 없습니다.")
_HOLDS = Words("Holds if", "성립 조건")
_NOT = Words("not", "아님")
_COLUMNS = Words("| signature | what happened |", "| 시그니처 | 발생한 일 |")
_SYSTEMS = {System.LINUX: "Linux", System.MACOS: "macOS", System.WINDOWS: "Windows"}
_FIX = Words("Fix", "해결")
_SOURCES = Words("Sources", "출처")
_FOLLOWS = Words("In a log it often only follows from", "로그에서는 흔히 다음 오류의 결과입니다")
_WEIGHTS = {
    Weight.FAILURE: Words("Failures", "오류"),
    Weight.CONSEQUENCE: Words(
        "Consequences: another line of the log says more", "결과: 로그의 다른 줄에 원인이 있습니다"
    ),
    Weight.REMARK: Words("Worth knowing: they stop nobody", "참고: 작업을 막지 않습니다"),
}
_SAYS = {
    Weight.CONSEQUENCE: Words(
        "This is the end of something that failed before it: the lines above it say more.",
        "앞에서 실패한 일의 결과입니다. 위쪽 줄에 더 자세한 내용이 있습니다.",
    ),
    Weight.REMARK: Words("This stops nobody.", "작업을 막지 않습니다."),
}
_UNKNOWN = {f"{{{capture.label}}}": capture.unknown for capture in Capture}
_capture = re.compile("|".join(map(re.escape, _UNKNOWN)))


def path_of(name: str, language: Language) -> Path:
    folder = FOLDER if language is Language.ENGLISH else FOLDER / language.value
    return folder / f"{name}.md"


def written() -> dict[Path, str]:
    """All pages as they are to be."""
    pages = {}
    for language in Language:
        pages[path_of("README", language)] = index(language)
        pages |= {path_of(each.id, language): page(each, language) for each in known_failures()}
    return pages


def index(language: Language) -> str:
    return _HEAD.in_(language) + "".join(_section(weight, language) for weight in Weight)


def page(signature: Signature, language: Language) -> str:
    parts: Iterable[str] = chain(
        [
            f"# {_plain(signature.title.in_(language))}\n",
            f"{_MADE}\n",
            f"`{signature.id}` · {_other(signature, language)}\n",
        ],
        _shown(signature, language),
        [f"## {_CAUSES.in_(language)}\n"],
        *(_cause(number, cause, language) for number, cause in enumerate(signature.causes, 1)),
        _sources(signature.sources, language),
    )
    return "\n".join(parts)


def _other(signature: Signature, language: Language) -> str:
    """The same page in the other language."""
    if language is Language.ENGLISH:
        return f"[한국어](ko/{signature.id}.md)"
    return f"[English](../{signature.id}.md)"


def _section(weight: Weight, language: Language) -> str:
    rows = [
        f"| [{each.id}]({each.id}.md) | {_plain(each.title.in_(language)).replace('|', '&#124;')} |\n"
        for each in sorted(known_failures(), key=lambda one: one.id)
        if each.weight is weight
    ]
    return (
        f"\n## {_WEIGHTS[weight].in_(language)}\n\n{_COLUMNS.in_(language)}\n|---|---|\n{''.join(rows)}" if rows else ""
    )


def _shown(signature: Signature, language: Language) -> Iterator[str]:
    yield f"## {_SHOWS.in_(language)}\n"
    if signature.is_silent:
        yield f"{_SILENT.in_(language)}\n"
    for pattern in signature.patterns:
        yield f"    {_template(pattern)}"
    if signature.patterns:
        yield ""
    if signature.weight in _SAYS:
        yield f"{_SAYS[signature.weight].in_(language)}\n"
    if signature.follows:
        names = ", ".join(f"[{name}]({name}.md)" for name in sorted(signature.follows))
        yield f"{_FOLLOWS.in_(language)}: {names}\n"


def _template(pattern: Pattern) -> str:
    said_by = ", ".join(sorted(program.value for program in pattern.said_by))
    about = ", ".join(filter(None, (said_by, pattern.versions)))
    return f"{_plain(pattern.template)}" + (f"      ({about})" if about else "")


def _cause(number: int, cause: Cause, language: Language) -> Iterator[str]:
    yield f"### {number}. `{cause.id}`\n"
    yield f"{_plain(cause.words.in_(language))}\n"
    if not cause.when.asks_for():
        yield f"{_UNDECIDED.in_(language)}\n"
    else:
        yield f"{_DECIDES.in_(language)}: {cause.probe.looks_at.in_(language)}\n"
        yield f"{_HOLDS.in_(language)}: {'; '.join(_facts(cause, language))}\n"
    yield from _fix(cause.fix, language)


def _facts(cause: Cause, language: Language) -> Iterator[str]:
    """The condition, in the names and values in which `wharf doctor --machine --json` tells facts."""
    yield from (_expected(each) for each in cause.when.all_of)
    yield from (f"{_expected(each)} ({_NOT.in_(language)})" for each in cause.when.none_of)


def _expected(expected: Expected) -> str:
    return f"`{expected.fact}` = {', '.join(sorted(str(value).lower() for value in expected.values))}"


def _fix(fix: Fix, language: Language) -> Iterator[str]:
    yield f"{_FIX.in_(language)}: {_plain(fix.words.in_(language))}\n"
    for command in fix.commands:
        systems = (
            f"    # {', '.join(sorted(_SYSTEMS[system] for system in command.systems))}" if command.systems else ""
        )
        yield f"    {_plain(command.text)}{systems}"
    if fix.commands:
        yield ""
    for patch in fix.patches:
        yield f"`{patch.file}`\n"
        yield from (f"    {_plain(line)}".rstrip() for line in patch.text.rstrip("\n").splitlines())
        yield ""


def _sources(sources: Iterable[Source], language: Language) -> Iterator[str]:
    listed = [f"- [{each.text}]({each.url})" if each.url else f"- {each.text}" for each in sources]
    if listed:
        yield f"## {_SOURCES.in_(language)}\n"
        yield from listed
    yield ""


def _plain(text: str) -> str:
    """What stands for something that differs from case to case is written as commands show it."""
    return _capture.sub(lambda found: _UNKNOWN[found[0]], text)


if __name__ == "__main__":
    every = written()
    for known in FOLDER.rglob("*.md"):
        if known not in every:
            known.unlink()
    for path, text in every.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
