"""`docker search ghcr.io/...`: it searches Docker Hub alone, and finds nothing of another registry."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.shell_runs import commands
from wharf.doctor.rule import Rule
from wharf.formats.shell.ran import Ran
from wharf.formats.text import Text

_HUB: Final = ("docker.io", "index.docker.io", "registry-1.docker.io")


def check(checkout: Checkout) -> Iterator[Finding]:
    for _, ran in commands(checkout, "docker"):
        name = _searched(ran)
        host = name.flat.partition("/")[0] if name is not None else ""
        if name is not None and "/" in name.flat and _is_host(host) and host not in _HUB:
            yield _finding(ran, host)


def _searched(ran: Ran) -> Text | None:
    if len(ran.words) < 3 or ran.words[1].flat != "search":
        return None
    return next((word for word in ran.words[2:] if "/" in word.flat and not word.flat.startswith("-")), None)


def _is_host(text: str) -> bool:
    return "." in text or ":" in text or text == "localhost"


def _finding(ran: Ran, host: str) -> Finding:
    return Finding(
        ran.span,
        Words(
            f"`docker search` knows Docker Hub alone; it finds nothing at {host}",
            f"`docker search`는 Docker Hub만 찾습니다. {host}에서는 아무것도 찾지 못합니다",
        ),
        (),
        Words(
            "What is not found says nothing of whether the image is there",
            "찾지 못했다고 이미지가 없는 것은 아닙니다",
        ),
        (
            Fix(
                Words(
                    "Ask the registry itself: `wharf tags`, or `docker manifest inspect` for one tag",
                    "레지스트리에 직접 물어보세요. `wharf tags`, 태그 하나라면 `docker manifest inspect`",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "search-asks-docker-hub",
    Severity.WARNING,
    Words("docker search does not ask this registry", "docker search는 이 레지스트리에 묻지 않습니다"),
    check,
)
