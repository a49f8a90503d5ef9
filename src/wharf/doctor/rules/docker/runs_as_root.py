"""The last stage never says USER: the program runs as root."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import read_dockerfiles
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.tree import Instruction, Stage

_OTHERWISE: Final = ("nonroot", "rootless", "unprivileged", "distroless", "bitnami", "windows", "nanoserver")


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checkout.once(read_dockerfiles):
        base = read.scopes.base(read.last).text.value or ""
        stage: Stage | None = read.last
        users: list[Instruction] = []
        while stage is not None:
            users += stage.of("USER")
            stage = read.scopes.below(stage)
        starts = any(True for _ in read.last.of("CMD", "ENTRYPOINT"))
        if starts and not users and not any(word in base for word in _OTHERWISE):
            yield Finding(
                read.last.opening.span,
                Words("no USER is named: the program runs as root", "USER가 없어 프로그램이 root로 실행됩니다"),
                fixes=(
                    Fix(
                        Words(
                            "USER 10001, or a user of the base image", "USER 10001 또는 기반 이미지의 사용자를 쓰세요"
                        )
                    ),
                ),
            )


RULE: Final = Rule(
    "runs-as-root",
    Severity.NOTE,
    Words("A container that runs as root", "root로 실행되는 컨테이너"),
    _check,
)
