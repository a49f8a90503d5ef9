"""The name of an image is made from that of the project, which has capitals."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.commands import Named, images_named, is_certain
from wharf.formats.span import Span


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for seen, named in checkout.once(images_named):
        registry = len(named.registry) if named.reference.flat.startswith(named.registry.flat) else 0
        path = named.repository.flat[registry:]
        if path != path.lower() and is_certain(seen, named.ran):
            found.setdefault(named.ran.span, _finding(named))
    yield from found.values()


def _finding(named: Named) -> Finding:
    return Finding(
        named.ran.span,
        Words(
            f"{named.repository.shown} has capitals, which the name of an image cannot have",
            f"{named.repository.shown}에 대문자가 있습니다. 이미지 이름에는 쓸 수 없습니다",
        ),
        cause=Words(
            "Docker says `repository name must be lowercase`. CI_PROJECT_PATH and CI_PROJECT_NAME keep the capitals of "
            "the project; CI_REGISTRY_IMAGE does not.",
            "도커는 `repository name must be lowercase`라고 합니다. CI_PROJECT_PATH와 CI_PROJECT_NAME에는 "
            "프로젝트의 대문자가 남지만 CI_REGISTRY_IMAGE에는 남지 않습니다.",
        ),
        fixes=(
            Fix(
                Words(
                    "Use CI_REGISTRY_IMAGE, or CI_PROJECT_PATH_SLUG where the path does not matter.",
                    "CI_REGISTRY_IMAGE를 쓰세요. 경로 모양이 중요하지 않으면 CI_PROJECT_PATH_SLUG도 됩니다.",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "gitlab-capitals-in-image",
    Severity.ERROR,
    Words("The name of an image has capitals", "이미지 이름에 대문자가 있습니다"),
    _check,
)
