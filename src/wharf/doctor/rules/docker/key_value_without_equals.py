"""`ENV NAME value`: an old form, in which the whole rest of the line is the value."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule

_is_one_word = re.compile(r"[^\s\"'\\]+").fullmatch


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "LegacyKeyValueFormat"):
        for seen in read.of("ENV", "LABEL"):
            if seen.instruction.is_legacy:
                (assignment,) = seen.instruction.assignments
                name, value = assignment.name.flat, assignment.value.flat if assignment.value else ""
                word = value if _is_one_word(value) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
                edits = (Edit(assignment.span, f"{name}={word}"),) if assignment.span.width else ()
                yield Finding(
                    assignment.span,
                    Words(f"the rest of the line is the value of {name}", f"줄의 나머지 전체가 {name}의 값입니다"),
                    fixes=(
                        Fix(Words(f"{name}={word}", f"{name}={word}"), edits, is_safe=_is_one_word(value) is not None),
                    ),
                )


RULE: Final = Rule(
    "key-value-without-equals",
    Severity.NOTE,
    Words("ENV or LABEL without `=`", "= 없는 ENV 또는 LABEL"),
    _check,
)
