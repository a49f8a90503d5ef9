"""A pattern for secrets in an ignore file that stands for the top folder only."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.ignore_files import ignore_files
from wharf.doctor.rule import Rule

_is_for_secrets = re.compile(r"\.env(?:\.\*|\*)?|\*\.(?:key|pem|p12|pfx|env)|id_rsa\*?|secrets?").fullmatch


def _check(checkout: Checkout) -> Iterator[Finding]:
    for ignore in checkout.once(ignore_files):
        covered = {line.pattern for line in ignore.file.lines}
        for line in ignore.file.lines:
            if not line.is_exception and _is_for_secrets(line.pattern) and f"**/{line.pattern}" not in covered:
                place = line.span
                edit = Edit(place, f"**/{line.written.flat.removeprefix('./').removeprefix('/')}")
                yield Finding(
                    place,
                    Words(
                        f"{line.written.flat} stands for the top folder only, not for those below",
                        f"{line.written.flat} 패턴은 최상위 폴더에만 적용됩니다",
                    ),
                    cause=Words(
                        "Patterns start at the root of the context, unlike those of git.",
                        "git과 달리 패턴은 컨텍스트 최상위를 기준으로 합니다.",
                    ),
                    fixes=(Fix(Words(f"write {edit.replacement}", f"{edit.replacement}(으)로 쓰세요"), (edit,)),),
                )


RULE: Final = Rule(
    "ignore-pattern-only-at-root",
    Severity.NOTE,
    Words("A pattern that does not reach folders below", "하위 폴더에 적용되지 않는 패턴"),
    _check,
)
