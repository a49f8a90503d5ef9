"""A descriptor points at content: what it is, its digest, and its size, so that nobody can be handed other bytes."""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from wharf.errors import MalformedDigest, MalformedManifest
from wharf.oci.digest import Digest
from wharf.oci.members import Members
from wharf.oci.platform import Platform
from wharf.oci.strict_json import JsonValue

LARGEST_SIZE = 2**63 - 1
_is_media_type = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?").fullmatch
_EXCERPT = 200
_KNOWN = frozenset({"mediaType", "digest", "size", "platform", "annotations", "artifactType", "urls", "data"})


@dataclass(frozen=True, slots=True)
class Descriptor:
    """Content by its digest. `unknown` keeps the members that no specification known here explains."""

    media_type: str
    digest: Digest
    size: int
    platform: Platform | None = None
    annotations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    artifact_type: str | None = None
    urls: tuple[str, ...] = ()
    data: bytes | None = field(default=None, repr=False)
    unknown: Mapping[str, JsonValue] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @classmethod
    def from_json(cls, value: JsonValue, where: str) -> Self:
        """`where` is the path to the value in its document, for the error."""
        members = Members.of(value, where, MalformedManifest)
        platform = members.values.get("platform")
        descriptor = cls(
            media_type=read_media_type(members, "mediaType"),
            digest=_read_digest(members),
            size=_read_size(members),
            platform=None if platform is None else Platform.from_json(platform, members.path("platform")),
            annotations=members.text_map("annotations"),
            artifact_type=read_optional_media_type(members, "artifactType"),
            urls=members.texts("urls"),
            data=_read_data(members),
            unknown=MappingProxyType({name: given for name, given in members.values.items() if name not in _KNOWN}),
        )
        if descriptor.data is not None:
            _refuse_untrue_data(descriptor, descriptor.data, members.path("data"))
        return descriptor

    def to_json(self) -> dict[str, JsonValue]:
        members: dict[str, JsonValue] = {
            "mediaType": self.media_type,
            "digest": str(self.digest),
            "size": self.size,
        }
        if self.platform is not None:
            members["platform"] = self.platform.to_json()
        if self.annotations:
            members["annotations"] = dict(self.annotations)
        if self.artifact_type is not None:
            members["artifactType"] = self.artifact_type
        if self.urls:
            members["urls"] = list(self.urls)
        if self.data is not None:
            members["data"] = b64encode(self.data).decode("ascii")
        return members | dict(self.unknown)


def _refuse_untrue_data(descriptor: Descriptor, data: bytes, where: str) -> None:
    """Embedded data saves a request, and must not become a way around the digest."""
    if len(data) != descriptor.size:
        reason = f"the embedded data has {len(data)} bytes and the descriptor says {descriptor.size}"
        raise MalformedManifest("", reason, where=where)
    if Digest.of(data, descriptor.digest.algorithm) != descriptor.digest:
        raise MalformedManifest(str(descriptor.digest), "the embedded data does not have this digest", where=where)


def read_media_type(members: Members, name: str) -> str:
    media_type = read_optional_media_type(members, name)
    if media_type is None:
        raise members.unexpected(name, "a media type")
    return media_type


def read_optional_media_type(members: Members, name: str) -> str | None:
    """Writers in Go leave an empty text where others leave the member away."""
    text = members.text(name)
    if text and not _is_media_type(text):
        raise members.problem(text[:_EXCERPT], "this is not a media type", where=members.path(name))
    return text or None


def _read_digest(members: Members) -> Digest:
    try:
        return Digest.parse(members.text("digest"))
    except MalformedDigest as problem:
        raise MalformedManifest(
            problem.text, problem.reason, where=members.path("digest"), next_step=problem.diagnostics().next_step
        ) from problem


def _read_size(members: Members) -> int:
    size = members.number("size")
    if not 0 <= size <= LARGEST_SIZE:
        raise MalformedManifest(str(size), "a size lies between 0 and 2^63 - 1", where=members.path("size"))
    return size


def _read_data(members: Members) -> bytes | None:
    if members.values.get("data") is None:
        return None
    text = members.text("data")
    try:
        return b64decode(text, validate=True)
    except ValueError as problem:
        raise MalformedManifest(text[:_EXCERPT], f"not base64: {problem}", where=members.path("data")) from problem
