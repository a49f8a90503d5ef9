"""The client speaks to the port of the daemon on which it does not listen, or without the encryption that it wants."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab_docker import CERTIFICATES, HOST, DockerUse, docker_uses, runners_decide_tls
from wharf.doctor.rule import Rule
from wharf.formats.span import Span

_PLAIN: Final = "2375"
_ENCRYPTED: Final = "2376"


def _check(checkout: Checkout) -> Iterator[Finding]:
    if runners_decide_tls(checkout):
        return
    found: dict[Span, Finding] = {}
    for use in checkout.once(docker_uses):
        if (finding := _finding(use)) is not None:
            found.setdefault(finding.span, finding)
    yield from found.values()


def _finding(use: DockerUse) -> Finding | None:
    address, speaks_tls = use.address, use.speaks_tls
    if address is None or speaks_tls is None or use.daemon is None or address[0] not in (use.names or ()):
        return None
    if (address[1], speaks_tls) not in {(_PLAIN, True), (_ENCRYPTED, False)}:
        return None
    right = _ENCRYPTED if speaks_tls else _PLAIN
    assert use.host is not None
    written = use.variable(HOST)
    return Finding(
        use.host.span or (written.span if written else use.commands[0].span),
        Words(
            f"the daemon listens on {right}{' with TLS' if speaks_tls else ' without TLS'}, not on {address[1]}",
            f"데몬은 {address[1]}이 아니라 {right} 포트에서 {'TLS로' if speaks_tls else 'TLS 없이'} 기다립니다",
        ),
        tuple(_evidence(use)),
        Words(
            "The dind image makes certificates and listens with TLS on 2376, unless DOCKER_TLS_CERTDIR is empty.",
            "dind 이미지는 DOCKER_TLS_CERTDIR가 빈 값이 아니면 인증서를 만들고 2376 포트에서 TLS로 기다립니다.",
        ),
        tuple(_fixes(use, right, speaks_tls=speaks_tls)),
    )


def _evidence(use: DockerUse) -> Iterator[Evidence]:
    if use.daemon:
        yield Evidence(Words("the daemon is this service", "데몬은 이 서비스입니다"), use.daemon.span)
    variable = use.variable(CERTIFICATES)
    if variable:
        yield Evidence(Words(f"{CERTIFICATES} stands here", f"{CERTIFICATES}은(는) 여기 있습니다"), variable.span)
    else:
        yield Evidence(Words(f"{CERTIFICATES} is set nowhere", f"{CERTIFICATES}을(를) 정한 곳이 없습니다"))
    yield Evidence(Words("here the client is used", "클라이언트를 쓰는 곳"), use.commands[0].span)


def _fixes(use: DockerUse, right: str, *, speaks_tls: bool) -> Iterator[Fix]:
    if speaks_tls:
        yield Fix(Words(f'Turn TLS off: {CERTIFICATES}: "".', f'TLS를 끄세요: {CERTIFICATES}: "".'), _without_tls(use))
    port = use.host[-4:].span if use.host is not None and use.host.flat.endswith((_PLAIN, _ENCRYPTED)) else None
    edits = (Edit(port, right),) if port and port.width == 4 else ()
    words = Words(
        f"Speak to {right}" + ("; the runner must share /certs/client then." if speaks_tls else "."),
        f"{right} 포트를 쓰세요." + (" 이때 러너가 /certs/client를 나눠 주어야 합니다." if speaks_tls else ""),
    )
    yield Fix(words, edits)


def _without_tls(use: DockerUse) -> tuple[Edit, ...]:
    """A line more before the one that names the daemon, where there is none about it."""
    variable = use.variable(HOST)
    if variable is None or use.variable(CERTIFICATES):
        return ()
    place = variable.span
    return (Edit(Span.at(place.file, place.line, place.column), f'{CERTIFICATES}: ""\n{" " * (place.column - 1)}'),)


RULE: Final = Rule(
    "gitlab-docker-port",
    Severity.ERROR,
    Words(
        "The port and the encryption of Docker's daemon do not go together", "도커 데몬의 포트와 TLS 설정이 어긋납니다"
    ),
    _check,
)
