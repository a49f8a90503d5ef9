"""A file with variables for a container, of which nothing in the repository says where it comes from."""

import posixpath
import re
from collections.abc import Collection, Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.looks.git_ignored import is_meant_to_be_missing
from wharf.doctor.rule import Rule
from wharf.formats.compose.service import EnvironmentFile, Service
from wharf.formats.span import Span

_SHORTEST: Final = 3
_words = re.compile(r"[._-]").split
_SAMPLES: Final = ("example", "sample", "template", "dist", "tpl", "default")


def check(checkout: Checkout) -> Iterator[Finding]:
    paths = set(checkout.files.paths())
    for project in checkout.once(compose_projects):
        for service in project.services:
            for file in service.environment_files:
                path = file.place.path
                is_missing = file.is_required and path is not None and path not in paths
                if is_missing and path and not is_meant_to_be_missing(checkout, path):
                    yield _finding(service, file, path, paths)


def _finding(service: Service, file: EnvironmentFile, path: str, paths: Collection[str]) -> Finding:
    """One that nearly has its name shows that a name is wrong; otherwise it may be made on the way."""
    near = _near(path, paths)
    return Finding(
        file.span,
        Words(
            f"The service `{service.name}` has its variables from `{path}`, which is not in the repository",
            f"`{service.name}` 서비스가 변수를 읽는 `{path}` 파일이 저장소에 없습니다",
        ),
        tuple(Evidence(Words(f"There is `{each}`", f"`{each}` 파일은 있습니다"), Span.at(each)) for each in near),
        Words(
            "Compose does not start with a required file that is not there",
            "필수 파일이 없으면 Compose가 시작하지 않습니다",
        ),
        tuple(_fixes(file, path, near)),
        None if near else Severity.NOTE,
    )


def _near(path: str, paths: Collection[str]) -> list[str]:
    folder, name = posixpath.split(path)
    beside = [each for each in paths if posixpath.dirname(each) == folder and not _is_sample(each)]
    return [each for each in sorted(beside) if _is_slip(name, posixpath.basename(each))][:1]


def _is_slip(name: str, other: str) -> bool:
    """Other signs between the words, another case, or a word that is cut short: `.env.prod`, `.env.production`."""
    left, right = (tuple(word for word in _words(each.lower()) if word) for each in (name, other))
    if "".join(left) == "".join(right):
        return True
    return len(left) == len(right) and all(_is_cut_short(one, two) for one, two in zip(left, right, strict=True))


def _is_cut_short(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    return one == two or (len(short) >= _SHORTEST and long.startswith(short))


def _is_sample(path: str) -> bool:
    return any(word in posixpath.basename(path).lower() for word in _SAMPLES)


def _fixes(file: EnvironmentFile, path: str, near: list[str]) -> Iterator[Fix]:
    written = file.place.written
    for each in near:
        name = posixpath.basename(each)
        if written.span and written.span.width == len(written) and written.flat.endswith(posixpath.basename(path)):
            start = len(written) - len(posixpath.basename(path))
            edit = Edit(written.span.part(start, len(written)), name)
            yield Fix(Words(f"Name `{name}`", f"`{name}`(으)로 쓰세요"), (edit,))


RULE: Final = Rule(
    "compose-env-file-missing",
    Severity.ERROR,
    Words("A file with variables that is not there", "저장소에 없는 env_file"),
    check,
)
