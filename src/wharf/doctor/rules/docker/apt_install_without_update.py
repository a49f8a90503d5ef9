"""An `apt-get install` without `apt-get update` in its layer: it asks for packages as they were named long ago."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import Read, read_dockerfiles
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.tree import Instruction, Stage

_installs = re.compile(r"\bapt(?:-get)?\s+(?:-\S+\s+)*install\b(?![^\n;&|]*\s\.?/)").search
_updates = re.compile(
    r"\bapt(?:-get)?\s+(?:-\S+\s+)*update\b|\b(?:apt-add-repository|add-apt-repository)\b|\|\s*(?:sudo\s+)?(?:-E\s+)?(?:ba)?sh\b|\.sh\b"
).search
"""A script that is run may do it as well."""
_clears = re.compile(r"/var/lib/apt/lists").search


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checkout.once(read_dockerfiles):
        for stage in read.dockerfile.stages:
            yield from _in_stage(read, stage)


def _in_stage(read: Read, stage: Stage) -> Iterator[Finding]:
    update: Instruction | None = None
    for run in stage.of("RUN"):
        script = run.rest.flat + "".join(heredoc.content.flat for heredoc in run.heredocs)
        if _updates(script):
            update = None if _clears(script) and not _is_kept(run) else run
            if not _installs(script):
                continue
        elif _installs(script) and not _is_kept(run) and _knows_base(read, stage):
            yield _finding(run, update)


def _is_kept(run: Instruction) -> bool:
    """The lists are on a mount that outlives the layer."""
    return any(flag.name == "mount" and flag.value and "/var/lib/apt" in flag.value.flat for flag in run.flags)


def _knows_base(read: Read, stage: Stage) -> bool:
    """Not below a stage of the same file, which may have left its lists; official images have none."""
    base = read.scopes.base(stage).text.value or ""
    return read.scopes.below(stage) is None and "/" not in base and bool(base)


def _finding(run: Instruction, update: Instruction | None) -> Finding:
    evidence = (
        (Evidence(Words("the update is in another layer", "update가 다른 레이어에 있습니다"), update.span),)
        if update
        else ()
    )
    return Finding(
        run.span,
        Words(
            "apt-get install without apt-get update in the same RUN",
            "같은 RUN 안에 apt-get update가 없는 apt-get install",
        ),
        evidence,
        Words(
            "Without lists there is nothing to install; lists from a cached layer name packages that are long gone.",
            "패키지 목록이 없으면 설치할 수 없고, 캐시된 레이어의 목록은 이미 없어진 버전을 가리킵니다.",
        ),
        (Fix(Words("RUN apt-get update && apt-get install …", "RUN apt-get update && apt-get install …")),),
        severity=Severity.NOTE if update else None,
    )


RULE: Final = Rule(
    "apt-install-without-update",
    Severity.WARNING,
    Words("apt-get install without update", "update 없는 apt-get install"),
    _check,
)
