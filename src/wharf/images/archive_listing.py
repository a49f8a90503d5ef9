"""What the manifest.json of a docker archive says: which images it holds, under which names, made of which files."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from wharf.errors import MalformedArchive, MalformedReference
from wharf.oci.members import Members
from wharf.oci.reference import DEFAULT_TAG, DOCKER_HUB, Reference
from wharf.oci.strict_json import JsonValue, parse_object

LISTING: Final = "manifest.json"
LARGEST_CONFIG: Final = 8 * 1024 * 1024
_NOTHING_ELSE: Final = frozenset({"images"})
_OFFICIAL: Final = "library/"


@dataclass(frozen=True, slots=True)
class ListedImage:
    """One image: the names of its files within the archive, the lowest layer first."""

    config: str
    layers: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def from_members(cls, members: Members) -> Self:
        config = members.text("Config")
        if not config:
            raise members.unexpected("Config", "the name of a file")
        return cls(config, members.texts("Layers"), members.texts("RepoTags"))

    @property
    def references(self) -> tuple[Reference, ...]:
        """Its names, as far as they are any."""
        read = (_reference_or_none(name) for name in self.names)
        return tuple(reference for reference in read if reference is not None)

    def to_json(self) -> dict[str, JsonValue]:
        return {"Config": self.config, "RepoTags": list(self.names) or None, "Layers": list(self.layers)}


def parse_listing(raw: bytes) -> tuple[ListedImage, ...]:
    """The document is an array; it is read with the same strictness as every other one."""
    document = Members.of(parse_object(b'{"images":' + raw + b"}"), "", MalformedArchive)
    if document.values.keys() != _NOTHING_ELSE:
        raise MalformedArchive(LISTING, "something follows the list of images")
    return tuple(ListedImage.from_members(image) for image in document.each("images"))


def listing_of(images: Sequence[ListedImage]) -> bytes:
    return json.dumps([image.to_json() for image in images], separators=(",", ":")).encode()


def repositories_of(images: Sequence[ListedImage]) -> bytes:
    """The older list of names, for older readers: repository, tag, topmost layer."""
    found: dict[str, dict[str, str]] = {}
    for image in images:
        top = image.layers[-1].removesuffix(".tar") if image.layers else ""
        for name in image.names:
            repository, _, tag = name.rpartition(":")
            found.setdefault(repository, {})[tag] = top
    return json.dumps(found, separators=(",", ":")).encode()


def familiar(reference: Reference) -> str:
    """As docker names it: `app:v1` for docker.io/library/app:v1."""
    path = str(reference.repository)
    tag = reference.tag or DEFAULT_TAG
    if reference.registry != DOCKER_HUB:
        return f"{reference.registry}/{path}:{tag}"
    short = path.removeprefix(_OFFICIAL)
    return f"{path if '/' in short else short}:{tag}"


def is_called(image: ListedImage, wanted: Reference) -> bool:
    return _key(wanted) in map(_key, image.references)


def is_called_locally(image: ListedImage, wanted: Reference) -> bool:
    """Podman calls `localhost/app` what was given no registry; to docker that is docker.io/library/app."""
    path = str(wanted.repository).removeprefix(_OFFICIAL)
    is_bare = wanted.registry == DOCKER_HUB
    return is_bare and any(
        (name.registry, str(name.repository), name.tag) == ("localhost", path, wanted.tag) for name in image.references
    )


def _key(reference: Reference) -> tuple[str, str, str]:
    return reference.registry, str(reference.repository), str(reference.tag or DEFAULT_TAG)


def _reference_or_none(name: str) -> Reference | None:
    try:
        return Reference.parse(name)
    except MalformedReference:
        return None
