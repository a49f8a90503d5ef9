"""The index of an OCI image layout, index.json: which images the folder holds, and under which names.

An entry's name is its annotation `org.opencontainers.image.ref.name`, a tag or a whole reference; builders of the
containerd family write the reference into `io.containerd.image.name`. Whatever else stands in the document or in an
entry belongs to somebody: it stays where it is when names are added.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Self

from wharf.errors import MalformedManifest, MalformedTag
from wharf.images.ref_name import Name, RefName, tag_at_the_end
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX
from wharf.oci.members import Members
from wharf.oci.reference import Tag
from wharf.oci.strict_json import JsonValue, parse_object

REF_NAME: Final = "org.opencontainers.image.ref.name"
CONTAINERD_NAME: Final = "io.containerd.image.name"


@dataclass(frozen=True, slots=True)
class Entry:
    """One descriptor of the index, and its members as they were written."""

    members: Mapping[str, JsonValue] = field(hash=False)
    descriptor: Descriptor

    @classmethod
    def from_json(cls, value: JsonValue, where: str) -> Self:
        members = Members.of(value, where, MalformedManifest)
        return cls(MappingProxyType(members.values), Descriptor.from_json(value, where))

    @classmethod
    def of(cls, descriptor: Descriptor) -> Self:
        return cls(MappingProxyType(descriptor.to_json()), descriptor)

    @property
    def ref_name(self) -> str:
        return self.descriptor.annotations.get(REF_NAME, "")

    @property
    def name(self) -> str:
        """As a person would know it; empty for an image without a name."""
        return self.descriptor.annotations.get(CONTAINERD_NAME) or self.ref_name

    @property
    def tag(self) -> Tag | None:
        """The tag that is the name, or the one at the end of it."""
        name = self.ref_name or self.name
        try:
            return Tag(name)
        except MalformedTag:
            return tag_at_the_end(name)

    @property
    def label(self) -> str:
        """For errors that list what is there."""
        return self.name or str(self.descriptor.digest)

    def named(self, name: Name) -> Self:
        annotations = {**self.descriptor.annotations, REF_NAME: str(name)}
        return replace(
            self,
            members=MappingProxyType({**self.members, "annotations": dict(annotations)}),
            descriptor=replace(self.descriptor, annotations=MappingProxyType(annotations)),
        )


@dataclass(frozen=True, slots=True)
class LayoutIndex:
    """The document: `members` are all of it but the entries, with a place kept for those."""

    members: Mapping[str, JsonValue] = field(hash=False)
    entries: tuple[Entry, ...]

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        document = Members.of(parse_object(raw), "", MalformedManifest)
        entries = (
            Entry.from_json(entry, f"manifests[{number}]") for number, entry in enumerate(document.items("manifests"))
        )
        return cls(MappingProxyType(document.values), tuple(entries))

    @classmethod
    def empty(cls) -> Self:
        return cls(MappingProxyType({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}), ())

    def to_bytes(self) -> bytes:
        entries: list[JsonValue] = [dict(entry.members) for entry in self.entries]
        document: dict[str, JsonValue] = {**self.members, "manifests": entries}
        return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()

    def tags(self) -> tuple[Tag, ...]:
        return tuple(sorted({entry.tag for entry in self.entries if entry.tag is not None}))

    def under(self, name: Name) -> tuple[Entry, ...]:
        """The entries of this very name, or else those whose name ends with it as a tag; each image once."""
        exact = [entry for entry in self.entries if entry.ref_name == str(name)]
        if isinstance(name, RefName):
            return _each_image_once(exact or [entry for entry in self.entries if entry.name == str(name)])
        return _each_image_once(exact or [entry for entry in self.entries if entry.tag == name])

    def images(self) -> tuple[Entry, ...]:
        return _each_image_once(self.entries)

    def entry_of(self, digest: Digest) -> Entry | None:
        return next((entry for entry in self.entries if entry.descriptor.digest == digest), None)

    def with_image(self, descriptor: Descriptor, names: Sequence[Name]) -> Self:
        """The image under these names as well; without a name, only if it is not there already."""
        if not names:
            return self if self.entry_of(descriptor.digest) else self._with(*self.entries, Entry.of(descriptor))
        index = self
        for name in names:
            index = index._with_name(descriptor, name)
        return index

    def _with_name(self, descriptor: Descriptor, name: Name) -> Self:
        """In the place of the name's last image; else of the same image while it has no name; else at the end."""
        taken = [number for number, entry in enumerate(self.entries) if entry.ref_name == str(name)]
        if [self.entries[number].descriptor.digest for number in taken] == [descriptor.digest]:
            return self
        unnamed = [n for n, e in enumerate(self.entries) if not e.name and e.descriptor.digest == descriptor.digest]
        place = (taken + unnamed + [len(self.entries)])[0]
        old = self.entries[unnamed[0]] if unnamed else Entry.of(descriptor)
        gone = {place, *taken, *unnamed}
        before = [entry for number, entry in enumerate(self.entries[:place]) if number not in gone]
        after = [entry for number, entry in enumerate(self.entries) if number > place and number not in gone]
        return self._with(*before, old.named(name), *after)

    def _with(self, *entries: Entry) -> Self:
        return replace(self, entries=entries)


def _each_image_once(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple({entry.descriptor.digest: entry for entry in reversed(entries)}.values())[::-1]
