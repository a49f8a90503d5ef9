"""A CMD or ENTRYPOINT that is not a JSON list: a shell stands between the engine and the program, and keeps signals."""

import json
import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.tree import Instruction

_is_plain = re.compile(r"[A-Za-z0-9_./:=@ -]+").fullmatch


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "JSONArgsRecommended"):
        has_shell = any(True for _ in read.of("SHELL"))
        for seen in read.of("CMD", "ENTRYPOINT"):
            instruction = seen.instruction
            if not instruction.is_json and not has_shell:
                yield Finding(
                    instruction.span,
                    Words(
                        f"{instruction.name} without a JSON list: the program never hears that it shall stop",
                        f"{instruction.name}이(가) JSON 배열이 아니라서 프로그램이 종료 신호를 받지 못합니다",
                    ),
                    cause=Words(
                        "The shell in between gets SIGTERM and does not pass it on.",
                        "중간의 셸이 SIGTERM을 받고 전달하지 않습니다.",
                    ),
                    fixes=(
                        Fix(
                            Words('write it as ["program", "argument"]', '["프로그램", "인자"] 형식으로 쓰세요'),
                            _as_list(instruction),
                        ),
                    ),
                )


def _as_list(instruction: Instruction) -> tuple[Edit, ...]:
    """Only where the shell has nothing to do."""
    span, value = instruction.rest.span, instruction.rest.value
    if span is None or span.width is None or not value or not _is_plain(value):
        return ()
    return (Edit(span, json.dumps(value.split())),)


RULE: Final = Rule(
    "command-in-shell-form",
    Severity.NOTE,
    Words("A start command that a shell runs", "셸을 거쳐 실행되는 시작 명령"),
    _check,
)
