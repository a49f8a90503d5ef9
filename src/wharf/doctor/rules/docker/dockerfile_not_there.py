"""A build that names a Dockerfile, or a folder, that the repository does not have."""

import posixpath
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.dockerfiles import is_dockerfile_name
from wharf.doctor.looks.image_builds import ImageBuild, image_builds
from wharf.doctor.rule import Rule
from wharf.formats.span import Span


def _check(checkout: Checkout) -> Iterator[Finding]:
    paths = checkout.files.paths()
    for build in checkout.once(image_builds):
        if build.is_said and build.is_checked_out and build.dockerfile not in paths and _has_files(build, checkout):
            near = _near(build, checkout)
            if (near and build.is_plain) or build.is_pristine:
                yield _finding(build, near)


def _has_files(build: ImageBuild, checkout: Checkout) -> bool:
    """A folder without any may be another repository, of which git keeps no more than the address."""
    prefix = f"{build.context}/" if build.context else ""
    return any(path.startswith(prefix) for path in checkout.files.paths())


def _near(build: ImageBuild, checkout: Checkout) -> str | None:
    """What may have been meant: the same name elsewhere, or another spelling of it."""
    wanted = posixpath.basename(build.dockerfile).lower()
    others = [path for path in checkout.files.paths() if is_dockerfile_name(path)]
    alike = [path for path in others if posixpath.basename(path).lower() == wanted]
    prefix = f"{build.context}/" if build.context else ""
    below = [path for path in alike if path.startswith(prefix)]
    if len(below) == 1 or len(alike) == 1:
        return (below if len(below) == 1 else alike)[0]
    return next((path for path in others if path.lower() == build.dockerfile.lower()), None)


def _finding(build: ImageBuild, near: str | None) -> Finding:
    evidence = (Evidence(Words(f"there is {near}", f"{near} 파일은 있습니다"), Span.at(near)),) if near else ()
    return Finding(
        build.span,
        Words(
            f"there is no {build.dockerfile} in this repository, and {build.by} needs it",
            f"{build.by}에 필요한 {build.dockerfile} 파일이 저장소에 없습니다",
        ),
        evidence,
        Words(
            "The path of a Dockerfile starts where the command is run, not in the context.",
            "Dockerfile 경로는 빌드 컨텍스트가 아니라 명령을 실행하는 위치를 기준으로 합니다.",
        ),
        (_fix(build, near),),
    )


def _fix(build: ImageBuild, near: str | None) -> Fix:
    if not near:
        return Fix(Words("name a file that is there", "실제로 있는 파일을 지정하세요"))
    words = Words(f"name {near}", f"{near}(으)로 지정하세요")
    starts_at_root = build.by == "docker/build-push-action" and build.uses_ignore_file
    span = build.file.span if build.file is not None and starts_at_root else None
    return Fix(words, (Edit(span, near),) if span and span.width == len(build.file or "") else ())


RULE: Final = Rule(
    "dockerfile-not-there",
    Severity.ERROR,
    Words("A build names a Dockerfile that is not there", "빌드가 없는 Dockerfile을 가리킵니다"),
    _check,
)
