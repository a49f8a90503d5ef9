"""A build that wants a stage of a name that no stage has."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.dockerfiles import dockerfile_at
from wharf.doctor.looks.image_builds import image_builds
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.tree import Dockerfile
from wharf.formats.text import Text
from wharf.oci.nearness import nearest


def _check(checkout: Checkout) -> Iterator[Finding]:
    for build in checkout.once(image_builds):
        dockerfile = dockerfile_at(checkout, build.dockerfile)
        wanted = build.target.value if build.target else None
        if dockerfile and build.target and wanted and dockerfile.stage(wanted) is None:
            yield _finding(build.target, wanted, dockerfile)


def _finding(target: Text, wanted: str, dockerfile: Dockerfile) -> Finding:
    span = target.span or dockerfile.stages[0].opening.span
    stages = {stage.name.flat: stage for stage in dockerfile.stages if stage.name}
    near = nearest(wanted, stages, limit=1)
    names = ", ".join(stages) or "-"
    fixes = tuple(
        Fix(
            Words(f"ask for {name}", f"{name} 스테이지를 지정하세요"),
            (Edit(span, name),) if span.width == len(wanted) else (),
        )
        for name in near
    )
    return Finding(
        span,
        Words(f"{dockerfile.file} has no stage {wanted}", f"{dockerfile.file}에 {wanted} 스테이지가 없습니다"),
        (Evidence(Words(f"its stages: {names}", f"있는 스테이지: {names}"), dockerfile.stages[0].opening.span),),
        fixes=fixes or (Fix(Words("name a stage of the file", "파일에 있는 스테이지를 지정하세요")),),
    )


RULE: Final = Rule(
    "build-target-not-there",
    Severity.ERROR,
    Words("A build asks for a stage that is not there", "빌드가 없는 스테이지를 요구합니다"),
    _check,
)
