"""A probe for an image whose errors are thrown away, so that a refusal looks like an image that is not there."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.shell_runs import commands
from wharf.doctor.rule import Rule
from wharf.formats.shell.ran import Failing, Ran


def check(checkout: Checkout) -> Iterator[Finding]:
    for _, ran in commands(checkout, "docker", "skopeo", "crane", "podman"):
        if ran.silent and ran.is_asked and ran.failing is Failing.DECIDES and _asks_a_registry(ran):
            yield _finding(ran)


def _asks_a_registry(ran: Ran) -> bool:
    flats = [word.flat for word in ran.words[1:4]]
    if ran.program == "docker":
        return flats[:2] in (["manifest", "inspect"], ["buildx", "imagetools"]) or flats[:1] == ["pull"]
    return flats[:1] in (["inspect"], ["manifest"], ["digest"], ["pull"])


def _finding(ran: Ran) -> Finding:
    command = " ".join(word.flat for word in ran.words[:3] if not word.flat.startswith("-"))[:60]
    return Finding(
        ran.span,
        Words(
            "Whatever fails here is taken for an image that is not there",
            "여기서 무엇이 실패하든 이미지가 없는 것으로 여깁니다",
        ),
        (),
        Words(
            f"`{command}` fails as well without a login, at a rate limit, and without network; why is thrown away",
            f"`{command}` 명령은 로그인이 없거나 횟수 제한에 걸리거나 네트워크가 끊겨도 실패하는데, 그 이유를 버립니다",
        ),
        (Fix(Words("Leave its errors to be read", "오류 메시지를 남겨 두세요")),),
    )


RULE: Final = Rule(
    "probe-hides-refusal",
    Severity.NOTE,
    Words("A probe takes every failure for a missing image", "모든 실패를 이미지 없음으로 여기는 확인"),
    check,
)
