"""Docker itself comes in whichever version is the newest today."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab_docker import docker_uses
from wharf.doctor.rule import Rule
from wharf.formats.span import Span
from wharf.formats.text import Text

_MOVING: Final = {"", "latest", "dind", "cli", "git", "rootless", "dind-rootless"}


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for use in checkout.once(docker_uses):
        names = [use.image] if use.image is not None else []
        names += [use.seen.acting.values.expanded(use.daemon.name)] if use.daemon else []
        for name in names:
            if _moves(name) and name.span:
                found.setdefault(name.span, _finding(name, name.span))
    yield from found.values()


def _moves(image: Text) -> bool:
    name, _, tag = image.flat.rsplit("/", 1)[-1].partition(":")
    return image.value is not None and name == "docker" and tag in _MOVING


def _finding(image: Text, span: Span) -> Finding:
    return Finding(
        span,
        Words(f"{image.flat} is another version tomorrow", f"{image.flat}은(는) 내일이면 다른 버전입니다"),
        cause=Words(
            "Defaults of Docker change with its versions: TLS came with 19.03, the image store changed with 29.",
            "도커의 기본값은 버전마다 다릅니다. 19.03에서 TLS가 켜졌고 29에서 이미지 저장소가 바뀌었습니다.",
        ),
        fixes=(
            Fix(
                Words(
                    "Name a version, the same for the client and the daemon.",
                    "버전을 적고, 클라이언트와 데몬을 같은 버전으로 맞추세요.",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "gitlab-docker-unpinned",
    Severity.NOTE,
    Words("Docker's version is left open", "도커의 버전을 정하지 않았습니다"),
    _check,
)
