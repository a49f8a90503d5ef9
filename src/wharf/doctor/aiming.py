"""What a failure was about, read from what it says: the registry, the repository, the image, the helper."""

import re
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeVar

from wharf.doctor.ambient import image_asked_for
from wharf.doctor.pattern import Capture, Captured
from wharf.doctor.scene import Aim
from wharf.errors import Malformed
from wharf.oci.digest import Digest
from wharf.oci.reference import DOCKER_HUB, OTHER_NAMES_OF_DOCKER_HUB, Reference, RepositoryName, Tag

T = TypeVar("T")
_OF_DOCKER_HUB: Final = OTHER_NAMES_OF_DOCKER_HUB | {"auth.docker.io", "hub.docker.com", "docker.com"}
_TAG_FORMS: Final = (
    r"(?<![\w.-]){0}:([A-Za-z0-9_](?:[A-Za-z0-9_.-]{{0,126}}[A-Za-z0-9_-])?)(?![\w/])",
    r"reading manifest ([A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}) in {0}(?![\w/-])",
)
_DIGEST_FORMS: Final = (
    r"(?<![\w.-]){0}@(sha256:[0-9a-f]{{64}})\b",
    r"reading manifest (sha256:[0-9a-f]{{64}}) in {0}(?![\w/-])",
)
_speaks_of_an_index = re.compile(r"(?i)image index|manifest list").search
"""Then the digest is that of a part of the image, and not of what was asked for."""
_AS_A_REGISTRY: Final = RepositoryName("any")


def aim_of(captured: Captured, log: str = "", wished: Aim | None = None) -> Aim:
    """What a person named (`wished`) comes before what the text says."""
    wished = wished or Aim()
    host = captured.get(Capture.HOST)
    reference = wished.reference or _reference(captured, log)
    repository = _read(RepositoryName.parse, captured.get(Capture.REPOSITORY))
    return Aim(
        registry=wished.registry or _registry(host, reference),
        repository=wished.repository or (reference.repository if reference else repository),
        reference=reference,
        helper=wished.helper or captured.get(Capture.HELPER),
        path=wished.path or captured.get(Capture.PATH),
        address=host,
        platform=wished.platform or captured.get(Capture.PLATFORM),
        variable=wished.variable or captured.get(Capture.VARIABLE),
        name=wished.name or captured.get(Capture.NAME),
        number=_number(wished.number, captured.get(Capture.NUMBER)),
        log=log,
    )


def _number(wished: int | None, text: str | None) -> int | None:
    return wished if wished is not None or text is None else int(text)


def captured_of(captured: Captured, aim: Aim) -> Captured:
    """What the text said, and, for what it left unsaid, what it was about."""
    named = {
        Capture.HOST: aim.registry,
        Capture.REPOSITORY: str(aim.repository) if aim.repository else None,
        Capture.REFERENCE: str(aim.reference) if aim.reference else None,
        Capture.HELPER: aim.helper,
        Capture.PLATFORM: aim.platform,
    }
    whole = named[Capture.REFERENCE] or ""
    said = captured.get(Capture.REFERENCE) or whole
    fuller = {Capture.REFERENCE: whole} if whole.startswith((f"{said}:", f"{said}@")) else {}
    return MappingProxyType({**{capture: value for capture, value in named.items() if value}, **captured, **fuller})


def _reference(captured: Captured, log: str) -> Reference | None:
    """Programs name an image without its tag, and the tag elsewhere on the line, or a line before."""
    host, repository = captured.get(Capture.HOST), captured.get(Capture.REPOSITORY)
    text = captured.get(Capture.REFERENCE) or (f"{host}/{repository}" if host and repository else None)
    if text is None and host is None and repository is None:
        text = image_asked_for(log)
    reference = _read(Reference.parse, text)
    if reference is None or reference.tag or reference.digest:
        return reference
    names = _names_of(reference)
    forms = _DIGEST_FORMS[:1] if _speaks_of_an_index(log) else _DIGEST_FORMS
    digests = (found[1] for name in names for form in forms if (found := re.search(form.format(name), log)))
    digest = next((digest for text in digests if (digest := _read(Digest.parse, text)) is not None), None)
    if digest is not None:
        return replace(reference, digest=digest)
    tags = (found[1] for name in names for form in _TAG_FORMS if (found := re.search(form.format(name), log)))
    tag = next((tag for text in tags if (tag := _read(Tag.parse, text)) is not None), None)
    if tag is None:
        return None if host and repository and not captured.get(Capture.REFERENCE) else reference
    return replace(reference, tag=tag)


def _names_of(reference: Reference) -> tuple[str, ...]:
    """As people write it: on Docker Hub they leave a part away."""
    repository = str(reference.repository)
    whole = f"{reference.registry}/{repository}"
    short = (repository, repository.removeprefix("library/")) if reference.registry == DOCKER_HUB else ()
    return tuple(re.escape(name) for name in dict.fromkeys((whole, *short)))


def _registry(host: str | None, reference: Reference | None) -> str | None:
    """An image's own name says more than an address, which may be that of a token service."""
    if reference is not None:
        return reference.registry
    if host is None or host.lower() in _OF_DOCKER_HUB:
        return DOCKER_HUB if host else None
    named = _read(lambda text: Reference(text, _AS_A_REGISTRY), host.lower())
    return named.registry if named else None


def _read(parse: Callable[[str], T], text: str | None) -> T | None:
    try:
        return parse(text) if text else None
    except Malformed:
        return None
