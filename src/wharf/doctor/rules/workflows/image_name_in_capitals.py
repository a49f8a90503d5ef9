"""An image that is to be named with capital letters, which no registry takes."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import BUILD, ImageJob, commands, image_jobs, tags_of
from wharf.doctor.rule import Rule
from wharf.doctor.rules.reference_faults import in_small_letters
from wharf.doctor.rules.workflows.happening import evidence_of
from wharf.doctor.way.actions.told import lines_and_commas
from wharf.doctor.way.image_name import image_name
from wharf.formats.pipeline import ActionRun
from wharf.formats.shell.ran import Ran
from wharf.formats.span import Span
from wharf.formats.text import Known, Text

_NAMES_FOLLOW: Final = frozenset({"-t", "--tag"})
_LISTS: Final = ("cache-from", "cache-to", "outputs")
_PARTS: Final = ("ref=", "name=")


def check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, tuple[Text, list[ImageJob]]] = {}
    for job in checkout.once(image_jobs):
        for span, reference in _named(job):
            if _has_capitals(reference):
                found.setdefault(span, (reference, []))[1].append(job)
    for span, (reference, jobs) in found.items():
        yield _finding(span, reference, jobs)


def _has_capitals(reference: Text) -> bool:
    path = image_name(reference).repository
    known = (piece.text for piece in path.pieces if isinstance(piece, Known))
    return any(character.isascii() and character.isupper() for text in known for character in text)


def _named(job: ImageJob) -> Iterator[tuple[Span, Text]]:
    for _, step, used in job.uses(BUILD):
        for reference in (*tags_of(used), *_in_lists(used)):
            yield image_name(reference).repository.span or reference.span or step.span, reference
    for _, _, ran in commands(job):
        for reference in _of_command(ran):
            yield ran.span, reference


def _in_lists(used: ActionRun) -> Iterator[Text]:
    for key in _LISTS:
        for part in lines_and_commas(used.inputs.get(key)):
            for beginning in _PARTS:
                if part.flat.startswith(beginning):
                    yield part[len(beginning) :]


def _of_command(ran: Ran) -> Iterator[Text]:
    words = ran.words
    if ran.program not in {"docker", "podman", "buildah"} or ran.host is not None:
        return
    kind = words[1].flat if len(words) > 1 else ""
    if kind == "push" and not words[-1].flat.startswith("-"):
        yield words[-1]
    if kind == "tag":
        yield from (word for word in words[2:] if not word.flat.startswith("-"))
    if kind in {"build", "buildx", "image"}:
        yield from (after for word, after in pairwise(words) if word.flat in _NAMES_FOLLOW)


def _finding(span: Span, reference: Text, jobs: list[ImageJob]) -> Finding:
    return Finding(
        span,
        Words(
            f"`{reference.shown}` has capital letters in its name",
            f"`{reference.shown}`의 이름에 대문자가 있습니다",
        ),
        (evidence_of(jobs),),
        Words(
            "Names of images are written in small letters. GitHub keeps the capitals of owners and repositories, and "
            "of all steps only docker/metadata-action makes them small",
            "이미지 이름은 소문자로만 씁니다. GitHub는 소유자와 저장소 이름의 대문자를 그대로 두고, 소문자로 바꿔 주는 "
            "것은 docker/metadata-action뿐입니다",
        ),
        (
            *in_small_letters(reference),
            Fix(
                Words(
                    "Write `${GITHUB_REPOSITORY,,}` in a script and hand it on, or let docker/metadata-action name "
                    "the image",
                    "스크립트에서 `${GITHUB_REPOSITORY,,}`로 만들어 넘기거나, docker/metadata-action에 맡기세요",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "image-name-in-capitals",
    Severity.ERROR,
    Words("An image is named with capital letters", "이미지 이름에 대문자가 있습니다"),
    check,
)
