"""A login to Docker Hub that comes after the first pull from there."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import LOGIN, SETUP, ImageJob, host_of_login, image_jobs
from wharf.doctor.rule import Rule
from wharf.formats.pipeline import StepRun
from wharf.formats.span import Span
from wharf.oci.reference import DOCKER_HUB

_PULLING: Final = (SETUP, "docker/setup-qemu-action")


def check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, tuple[StepRun, StepRun]] = {}
    for job in checkout.once(image_jobs):
        for pulling, login in _late(job):
            found.setdefault(login.span, (pulling, login))
    for pulling, login in found.values():
        yield _finding(pulling, login)


def _late(job: ImageJob) -> Iterator[tuple[StepRun, StepRun]]:
    pulling = _first(job)
    logins = [(at, step) for at, step, used in job.uses(LOGIN) if host_of_login(used) == DOCKER_HUB]
    if pulling is not None and logins and pulling[0] < logins[0][0]:
        yield pulling[1], logins[0][1]


def _first(job: ImageJob) -> tuple[int, StepRun] | None:
    all_of_them = [(at, step) for name in _PULLING for at, step, _ in job.uses(name)]
    return min(all_of_them, key=lambda each: each[0], default=None)


def _finding(pulling: StepRun, login: StepRun) -> Finding:
    return Finding(
        login.span,
        Words(
            "The login to Docker Hub comes after the first pull from there",
            "Docker Hub에서 처음 내려받은 다음에야 로그인합니다",
        ),
        (
            Evidence(
                Words("this step pulls an image of Docker Hub", "이 단계가 Docker Hub의 이미지를 내려받습니다"),
                pulling.span,
            ),
        ),
        Words(
            "Without a login the limit of pulls is shared with everybody on the same address: `toomanyrequests`",
            "로그인하지 않으면 같은 주소를 쓰는 모두와 내려받기 한도를 나눠 씁니다: `toomanyrequests`",
        ),
        (Fix(Words("Put the login before it", "로그인을 그 앞에 두세요")),),
    )


RULE: Final = Rule(
    "login-after-pull",
    Severity.NOTE,
    Words("A login that comes after the first pull", "처음 내려받은 뒤의 로그인"),
    check,
)
