"""The parts of an image reference with all that may be open in it, and what is put in its place before it is used."""

import re
from dataclasses import dataclass
from typing import Final

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.text import HOLE, Text

_placeholder = re.compile(
    r"\$\{(\w+)[^}]*\}|\$\((\w+)\)|\$(\w+)|<([\w. -]+)>|\{\{([^{}]*)\}\}|%(\w+)%|__(\w+?)__|@(\w+)@"
)
_is_shouted = re.compile(r"[A-Z][A-Z0-9_]{2,}").fullmatch

_LONGEST: Final = 80


@dataclass(frozen=True)
class ImageParts:
    """`registry/repository`, the tag and the digest. Those that are not there are None."""

    name: Text
    tag: Text | None = None
    digest: Text | None = None

    @property
    def whole(self) -> Text:
        tag = Text.known(":") + self.tag if self.tag is not None else Text()
        digest = Text.known("@") + self.digest if self.digest is not None else Text()
        return self.name + tag + digest


def parts_of(image: Text) -> ImageParts:
    flat = image.flat
    at = flat.find("@")
    digest = image[at + 1 :] if at >= 0 else None
    end = at if at >= 0 else len(flat)
    colon = flat.find(":", flat.rfind("/", 0, end) + 1, end)
    tag = image[colon + 1 : end] if colon >= 0 else None
    return ImageParts(image[: colon if colon >= 0 else end], tag, digest)


def with_gaps(image: Text) -> Text:
    """Where something is put in before it is used (`$TAG`, `<tag>`, `IMAGE_TAG`), there is a hole."""
    pieces: list[Text] = []
    cursor = 0
    for found in _placeholder.finditer(image.flat):
        pieces += [image[cursor : found.start()], _gap(image[found.start() : found.end()])]
        cursor = found.end()
    opened = Text.joined([*pieces, image[cursor:]])
    parts = parts_of(opened)
    if _is_shouted(parts.name.flat):
        return _gap(opened)
    if parts.tag is not None and parts.digest is None and _is_shouted(parts.tag.flat):
        return ImageParts(parts.name, _gap(parts.tag)).whole
    return opened


def _gap(written: Text) -> Text:
    name = written.flat.replace(HOLE, "").strip("${}()<>%_@ ")[:_LONGEST]
    return Text((Hole(Reason(Unknown.ENVIRONMENT, name), written.span),))
