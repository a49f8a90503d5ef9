"""An OCI image layout, wherever its files lie: in a folder, or within a tar file.

oci-layout                      which version of the form this is
index.json                      which images there are (`layout_index`)
blobs/<algorithm>/<hex>         manifests, configurations and layers, each under its digest
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from wharf.errors import BlobUnknown, ImageBroken, ImageNotThere, MalformedArchive
from wharf.images.disk import FileReader
from wharf.images.layout_index import Entry, LayoutIndex
from wharf.images.ref_name import Name
from wharf.images.verified import Verified, read_whole
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest, parse_manifest
from wharf.oci.media_types import is_index, is_manifest
from wharf.oci.members import Members
from wharf.oci.strict_json import parse_object

MARK: Final = "oci-layout"
INDEX: Final = "index.json"
VERSION: Final = "1.0.0"
_LARGEST_MANIFEST: Final = 4 * 1024 * 1024
_LARGEST_INDEX: Final = 16 * 1024 * 1024
_LARGEST_MARK: Final = 4096
DEEPEST: Final = 4


class Files(Protocol):
    """Files by their names, with slashes between the parts."""

    def open(self, name: str) -> FileReader | None:
        """None where nothing is; raises MalformedArchive for what is no file."""


def blob_name(digest: Digest) -> str:
    return f"blobs/{digest.algorithm}/{digest.hex}"


@dataclass(frozen=True, slots=True)
class LayoutView:
    """Everything that can be read from a layout; `place` is its name for people, `oci:DIR`."""

    files: Files
    place: str

    def index(self) -> LayoutIndex | None:
        """None where no layout is."""
        if not self._is_marked():
            return None
        raw = self._read(INDEX, _LARGEST_INDEX)
        return None if raw is None else LayoutIndex.parse(raw)

    def chosen(self, which: Name | Digest | None) -> Manifest:
        index = self.index() or LayoutIndex.empty()
        found = self.found(index, which)
        if found is None:
            raise ImageNotThere(self.place, "" if which is None else str(which), _labels(index, which))
        return found

    def found(self, index: LayoutIndex, which: Name | Digest | None) -> Manifest | None:
        """None where there is no such image, or more than one."""
        if isinstance(which, Digest):
            return self._by_digest(index, which)
        entries = index.images() if which is None else index.under(which)
        if which is None and len(entries) > 1:
            entries = tuple(entry for entry in entries if self._stands_alone(entry))
        return self.load(entries[0].descriptor) if len(entries) == 1 else None

    def leads_to(self, index: LayoutIndex, digest: Digest) -> bool:
        """Whether an entry, or something that one names, is this manifest; a blob may lie here for no reason."""
        entries = [entry.descriptor for entry in index.images()]
        return any(self._is_or_names(entry, digest, DEEPEST) for entry in entries)

    def load(self, descriptor: Descriptor) -> Manifest:
        """A manifest that the layout says it holds."""
        reader = self.files.open(blob_name(descriptor.digest))
        if reader is None:
            raise ImageBroken(self.place, [f"{descriptor.digest} is named here, and its blob is missing"])
        raw = read_whole(Verified(reader, descriptor), _LARGEST_MANIFEST, "manifest")
        return parse_manifest(raw, descriptor.media_type)

    def blob(self, descriptor: Descriptor, offset: int) -> FileReader:
        reader = self.files.open(blob_name(descriptor.digest))
        if reader is None:
            raise BlobUnknown(self.place, str(descriptor.digest))
        reader.seek(offset)
        return reader

    def names(self) -> tuple[str, ...]:
        """Each once, without those of signatures and their like; an empty one for images without a name."""
        entries = (self.index() or LayoutIndex.empty()).entries
        alone = (entry for entry in entries if not _is_statement(entry) and self._stands_alone(entry))
        return tuple(dict.fromkeys(entry.ref_name or entry.name for entry in alone))

    def referrers(self, subject: Digest) -> Iterator[Descriptor]:
        for entry in (self.index() or LayoutIndex.empty()).images():
            manifest = self._manifest_or_none(entry)
            if manifest is not None and manifest.subject is not None and manifest.subject.digest == subject:
                yield as_referrer(manifest, entry.descriptor.digest)

    def _is_or_names(self, descriptor: Descriptor, digest: Digest, deepest: int) -> bool:
        if descriptor.digest == digest:
            return True
        is_other_kind = descriptor.digest.algorithm is not digest.algorithm
        if not is_manifest(descriptor.media_type) or not (is_other_kind or is_index(descriptor.media_type)):
            return False
        manifest = self.load(descriptor)
        if is_other_kind and manifest.digest(digest.algorithm) == digest:
            return True
        return deepest > 0 and any(self._is_or_names(child, digest, deepest - 1) for child in set(manifest.children))

    def _is_marked(self) -> bool:
        raw = self._read(MARK, _LARGEST_MARK)
        if raw is None:
            return False
        version = Members.of(parse_object(raw), "", MalformedArchive).text("imageLayoutVersion")
        if version != VERSION:
            reason = f"a layout of version {VERSION} can be read, and this one is of another"
            raise MalformedArchive(version, reason, where=f"imageLayoutVersion in {MARK} of {self.place}")
        return True

    def _read(self, name: str, limit: int) -> bytes | None:
        reader = self.files.open(name)
        return None if reader is None else read_whole(reader, limit, name)

    def _by_digest(self, index: LayoutIndex, digest: Digest) -> Manifest | None:
        entry = index.entry_of(digest)
        if entry is not None:
            return self.load(entry.descriptor)
        reader = self.files.open(blob_name(digest))
        if reader is None:
            return self._by_other_digest(index, digest)
        descriptor = Descriptor("", digest, reader.size)
        return parse_manifest(read_whole(Verified(reader, descriptor), _LARGEST_MANIFEST, "manifest"), None)

    def _by_other_digest(self, index: LayoutIndex, digest: Digest) -> Manifest | None:
        """It may lie here under its name in the other algorithm."""
        manifests = (self._manifest_or_none(entry) for entry in index.images())
        return next((found for found in manifests if found and found.digest(digest.algorithm) == digest), None)

    def _stands_alone(self, entry: Entry) -> bool:
        """Signatures and their like are about an image, and not the image that is meant."""
        manifest = self._manifest_or_none(entry)
        return manifest is None or manifest.subject is None

    def _manifest_or_none(self, entry: Entry) -> Manifest | None:
        return self.load(entry.descriptor) if is_manifest(entry.descriptor.media_type) else None


def _is_statement(entry: Entry) -> bool:
    from wharf.images.statements import is_cosign_tag  # noqa: PLC0415 - start-up time: rarely asked

    return entry.tag is not None and is_cosign_tag(entry.tag)


def as_referrer(manifest: Manifest, digest: Digest) -> Descriptor:
    """As a registry lists it: with its kind and what it says about itself."""
    return Descriptor(
        manifest.media_type,
        digest,
        len(manifest.raw),
        annotations=manifest.annotations,
        artifact_type=manifest.artifact_type,
    )


def _labels(index: LayoutIndex, which: Name | Digest | None) -> list[str]:
    entries = () if which is None or isinstance(which, Digest) else index.under(which)
    if entries:  # several images of one name: only their digests tell them apart
        return [str(entry.descriptor.digest) for entry in entries]
    return sorted({entry.label for entry in index.entries})
