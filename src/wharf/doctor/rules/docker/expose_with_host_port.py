"""An EXPOSE that names a port of the host, or an address: it has no such power."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule

_port = re.compile(r"[0-9]+(?:-[0-9]+)?(?:/[a-zA-Z]+)?")


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "ExposeInvalidFormat"):
        for seen in read.of("EXPOSE"):
            for word in seen.instruction.words:
                value = seen.expanded(word).text.value
                last = value.rpartition(":")[2] if value else ""
                if value and ":" in value and _port.fullmatch(last):
                    edits = (Edit(word.span, last),) if word.span and word.value == value else ()
                    yield Finding(
                        word.span or seen.instruction.span,
                        Words(
                            f"EXPOSE {value} publishes nothing: only {last} is taken note of",
                            f"EXPOSE {value}: 호스트 포트는 무시되고 {last}만 기록됩니다",
                        ),
                        cause=Words(
                            "Ports of the host are given where a container is run: -p, or `ports:` of a compose file.",
                            "호스트 포트는 컨테이너를 실행할 때 -p 또는 compose의 ports로 정합니다.",
                        ),
                        fixes=(Fix(Words(f"EXPOSE {last}", f"EXPOSE {last}"), edits, is_safe=True),),
                    )


RULE: Final = Rule(
    "expose-with-host-port",
    Severity.WARNING,
    Words("EXPOSE with a port of the host", "호스트 포트가 든 EXPOSE"),
    _check,
)
