"""A reference in the one spelling that stands for all, with holes where something of it is not known.

Where the registry is left away, Docker's is meant, and a name of one segment there belongs to `library`; where the tag
is left away, `latest` is meant. What a hole stands for may have slashes and colons in it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from wharf.formats.once import Once
from wharf.formats.text import HOLE, Known, Piece, Text
from wharf.oci.reference import DEFAULT_TAG, DOCKER_HUB, OTHER_NAMES_OF_DOCKER_HUB

_SCHEMES: Final = ("docker://", "https://", "http://")
_is_tag = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}").fullmatch


@dataclass(frozen=True)
class ImageName:
    """`repository` has its registry before it. Without `tag` it is named by digest, or not known by what."""

    repository: Text
    tag: Text | None
    digest: Text | None = None

    @Once
    def whole(self) -> Text:
        if self.digest is not None:
            return self.repository + Text.known("@") + self.digest
        return self.repository + Text.known(":") + self.tag if self.tag is not None else self.repository

    @property
    def registry(self) -> str | None:
        """None, where it is not known."""
        first = self.repository.flat.partition("/")[0]
        return None if HOLE in first else first

    @property
    def path(self) -> str | None:
        """The repository without its registry."""
        value = self.repository.value
        return value.partition("/")[2] if value is not None else None

    @Once
    def is_complete(self) -> bool:
        return not self.whole.holes

    @property
    def has_valid_tag(self) -> bool:
        return self.tag is None or self.tag.value is None or bool(_is_tag(self.tag.value))


def image_name(reference: Text) -> ImageName:
    return _named(reference.pieces)


@lru_cache(maxsize=8192)
def _named(pieces: tuple[Piece, ...]) -> ImageName:
    """Each reference is held against many others."""
    text = Text(pieces).stripped()
    for scheme in _SCHEMES:
        if text.flat.startswith(scheme):
            text = text[len(scheme) :]
    named, digest = _cut(text, text.flat.find("@"))
    slash = named.flat.rfind("/")
    colon = named.flat.find(":", slash + 1)
    name, tag = _cut(named, colon)
    if tag is None and digest is None and HOLE not in named.flat[slash + 1 :]:
        tag = Text.known(DEFAULT_TAG)
    return ImageName(_with_registry(name), None if digest is not None else tag, digest)


def _cut(text: Text, at: int) -> tuple[Text, Text | None]:
    return (text, None) if at < 0 else (text[:at], text[at + 1 :])


def _with_registry(name: Text) -> Text:
    first, slash, _ = name.flat.partition("/")
    if HOLE in first:
        return name
    if slash and ("." in first or ":" in first or first == "localhost"):
        host = first.lower()
        host = DOCKER_HUB if host in OTHER_NAMES_OF_DOCKER_HUB else host
        rest = name[len(first) + 1 :]
        return Text((Known(host, name.at(0)),)) + Text.known("/") + _of_hub(rest, host)
    return Text.known(f"{DOCKER_HUB}/") + _of_hub(name, DOCKER_HUB)


def _of_hub(path: Text, host: str) -> Text:
    if host == DOCKER_HUB and "/" not in path.flat and HOLE not in path.flat:
        return Text.known("library/") + path
    return path
