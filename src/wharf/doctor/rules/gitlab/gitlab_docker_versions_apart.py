"""Docker's client in the job is older than what the daemon beside it still speaks to."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab_docker import DockerUse, docker_uses, is_docker_client, major_version
from wharf.doctor.rule import Rule
from wharf.formats.span import Span
from wharf.formats.text import Text

_OLDEST_CLIENT: Final = 25
"""The first with API 1.44."""
_STRICT_DAEMON: Final = 29
"""The first that refuses what is older than that."""
_NEWEST: Final = {"", "latest", "dind"}


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for use in checkout.once(docker_uses):
        if use.image is None or not is_docker_client(use.image) or use.daemon is None:
            continue
        daemon = use.seen.acting.values.expanded(use.daemon.name)
        client = major_version(use.image)
        if client is not None and client < _OLDEST_CLIENT and _is_strict(daemon):
            found.setdefault(use.daemon.span, _finding(use, use.image, daemon))
    yield from found.values()


def _is_strict(daemon: Text) -> bool:
    version = major_version(daemon)
    if version is not None:
        return version >= _STRICT_DAEMON
    return daemon.value is not None and daemon.flat.rsplit("/", 1)[-1].partition(":")[2] in _NEWEST


def _finding(use: DockerUse, image: Text, daemon: Text) -> Finding:
    assert use.daemon is not None
    return Finding(
        use.daemon.span,
        Words(
            f"the daemon {daemon.flat} refuses the client of {image.flat}",
            f"데몬 {daemon.flat}은(는) {image.flat}의 클라이언트를 거부합니다",
        ),
        (Evidence(Words("the client is this image", "클라이언트 이미지"), image.span),),
        Words(
            "Docker 29 speaks to clients with API 1.44 or newer, which is Docker 25: `client version … is too old`.",
            "도커 29는 API 1.44, 곧 도커 25 이상의 클라이언트와만 말합니다: `client version … is too old`.",
        ),
        (
            Fix(
                Words(
                    "Use one version for both: docker:X and docker:X-dind.",
                    "둘의 버전을 맞추세요: docker:X와 docker:X-dind.",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "gitlab-docker-versions-apart",
    Severity.ERROR,
    Words("Docker's client is too old for the daemon beside it", "도커 클라이언트가 데몬보다 너무 낡았습니다"),
    _check,
)
