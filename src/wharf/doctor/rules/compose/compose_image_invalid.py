"""A service whose image is none that any program accepts."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.rule import Rule
from wharf.doctor.rules.reference_faults import fault_of, in_small_letters
from wharf.formats.compose.service import Service
from wharf.formats.text import Text


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        for service in project.services:
            if service.image is not None and (fault := fault_of(service.image)):
                yield _finding(service, service.image, fault)


def _finding(service: Service, image: Text, fault: Words) -> Finding:
    return Finding(
        service.image_span or service.span,
        Words(
            f"The service `{service.name}` has the image `{image.shown}`, which is no reference of an image",
            f"`{service.name}` 서비스의 이미지 `{image.shown}`은(는) 올바른 이미지 참조가 아닙니다",
        ),
        tuple(_origins(service, image)),
        fault,
        in_small_letters(image),
    )


def _origins(service: Service, image: Text) -> Iterator[Evidence]:
    """Where those of its pieces come from that stand elsewhere."""
    home = service.image_span or service.span
    for piece in image.pieces:
        if piece.span and (piece.span.file, piece.span.line) != (home.file, home.line):
            yield Evidence(Words("A part of it comes from here", "그 일부는 여기에서 옵니다"), piece.span)


RULE: Final = Rule(
    "compose-image-invalid",
    Severity.ERROR,
    Words("An image that is no reference", "이미지 참조가 아닌 image"),
    check,
)
