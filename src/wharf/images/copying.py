"""One copy while it runs: it asks the sink what stands there, sends the rest, and remembers what it did."""

import io
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from wharf.errors import ImageNotThere, ManifestUnknown, TooMany, WharfError, shown
from wharf.images.choose import read_config
from wharf.images.compress import Compression
from wharf.images.packed_layers import PackedLayers
from wharf.images.packing import LayerForm, repacked, true_diff_ids, unpacked_layers
from wharf.images.parts import AT_ONCE, Parts, read_parts
from wharf.images.progress import Progress
from wharf.images.reading import BlobReader
from wharf.images.rewriting import Family, Rewritten, rewritten_in_oci, speaks_docker
from wharf.images.sink import Arrival, Cargo, ImageSink, Origin, Recognising, traits_of
from wharf.images.source import ImageSource
from wharf.images.squeezing import Squeezing
from wharf.images.statements import cosign_tags
from wharf.images.together import together
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageManifest, Manifest
from wharf.oci.media_types import in_oci, is_index
from wharf.oci.reference import Tag

DEEPEST_STATEMENT: Final = 8
MOST_STATEMENTS: Final = 2_000
_UNREAD: Final = (
    "the media types are Docker's, which skopeo and podman do not read in a layout; "
    "--format oci converts them (to another digest)"
)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A blob as the source has it, and how it came into the sink."""

    descriptor: Descriptor
    arrival: Arrival


class Copying:
    """Its parts are put first, then its top; words about it where they are asked for."""

    def __init__(
        self,
        source: ImageSource,
        sink: ImageSink,
        progress: Progress,
        origin: Origin | None,
        jobs: int,
        form: LayerForm,
        memory: PackedLayers,
        family: Family = Family.KEEP,
    ) -> None:
        self._source = source
        self._sink = sink
        self._progress = progress
        self._origin = origin
        self._jobs = jobs
        self._memory = memory
        self._family = family
        self._traits = traits_of(sink)
        self._compression = form.compression(is_usually_packed=self._traits.packs_layers)
        self._standing: set[Digest] = set()
        self.delivered: dict[Digest, Delivered] = {}
        self.put: list[Digest] = []
        self.statements: dict[Digest, None] = {}
        self.notes: list[str] = []

    # --- what stands there already ---------------------------------------------------------------------------------

    async def _stands(self, digest: Digest) -> bool:
        """Whether the sink promises that it is there with all that it names."""
        if digest in self._standing:
            return True
        if self._traits.keeps_whole and await self._sink.digest_of(digest) is not None:
            self._standing.add(digest)
        return digest in self._standing

    async def _is_recognised(self, parts: Parts) -> bool:
        root = parts.top
        if not isinstance(root, ImageManifest) or not isinstance(self._sink, Recognising):
            return False
        if await self._sink.recognises(root):
            self._standing.add(parts.root)
        return parts.root in self._standing

    async def _read(self, root: Manifest, digest: Digest) -> Parts:
        """An index is looked into even where it stands: what it lists may be missing there, and have words about it."""
        await self._stands(digest)

        async def is_settled(entry: Descriptor) -> bool:
            changes = self._family is Family.OCI and in_oci(entry.media_type) != entry.media_type
            return not changes and await self._stands(entry.digest) and not is_index(entry.media_type)

        return await read_parts(self._source, root, digest, is_settled)

    async def _in_its_family(self, parts: Parts) -> Rewritten:
        """What is said about an image stays as it was signed."""
        if self._family is Family.KEEP or parts.root in self.statements:
            return Rewritten(parts)
        result = rewritten_in_oci(parts)
        if result.renamed:
            self.notes.append("Docker's media types became OCI's, so the image has another digest here")
        for digest in result.renamed.values():
            await self._stands(digest)
        return result

    # --- an image ----------------------------------------------------------------------------------------------------

    async def put_parts(self, root: Manifest, digest: Digest) -> Rewritten:
        """Everything that the root names, and not the root itself."""
        first = await self._in_its_family(await self._read(root, digest))
        parts = first.parts
        self._note_what_others_do_not_read(parts)
        if parts.manifests.keys() <= self._standing or await self._is_recognised(parts):
            return first
        self._note_what_is_left_out(parts)
        lacking = {each: manifest for each, manifest in parts.manifests.items() if each not in self._standing}
        packed = await self._put_blobs(replace(parts, manifests=lacking))
        result = repacked(parts, packed)
        if result.renamed:
            self.notes.append(f"{len(packed)} layer(s) were compressed, so the image has another digest here")
        for step in result.parts.in_order()[:-1]:
            await together((self._putting(result.parts.manifests[each], each) for each in step), AT_ONCE)
        return result.after(first)

    async def put_top(self, parts: Parts, tags: Sequence[Tag]) -> None:
        if parts.root not in self._standing:
            try:
                await self._put(parts.top, parts.root, tags)
            except WharfError as error:
                for missing in sorted(parts.missing):
                    error.seen_at(f"the index lists {missing}, which the source does not have")
                raise
            return
        wrong = [tag for tag in tags if await self._sink.digest_of(tag) != parts.root]
        if wrong:
            await self._sink.put_manifest(parts.top, wrong)

    def _putting(self, manifest: Manifest, digest: Digest) -> Callable[[], Awaitable[None]]:
        return lambda: self._put(manifest, digest, ())

    async def _put(self, manifest: Manifest, digest: Digest, tags: Sequence[Tag]) -> None:
        if digest in self._standing:
            return
        await self._sink.put_manifest(manifest, tags)
        self._standing.add(digest)
        self.put.append(digest)

    def _note_what_is_left_out(self, parts: Parts) -> None:
        elsewhere = parts.from_elsewhere()
        if elsewhere:
            urls = ", ".join(dict.fromkeys(shown(url) for layer in elsewhere for url in layer.urls)) or "no address"
            self.notes.append(f"{len(elsewhere)} layer(s) may not be distributed and stay where they are: {urls}")
        if parts.missing:
            missing = ", ".join(map(str, sorted(parts.missing)))
            self.notes.append(f"{len(parts.missing)} manifest(s) that the index lists are not in the source: {missing}")

    def _note_what_others_do_not_read(self, parts: Parts) -> None:
        is_meant = self._traits.is_read_as_oci and parts.root not in self.statements
        if is_meant and any(map(speaks_docker, parts.manifests.values())):
            self.notes.append(_UNREAD)

    # --- its blobs --------------------------------------------------------------------------------------------------

    async def _put_blobs(self, parts: Parts) -> Mapping[Digest, Descriptor]:
        """By the digest of each layer that was packed, what it is now. The largest go first, so that none is last."""
        diff_ids = await self._diff_ids_to_pack(parts)
        packed: dict[Digest, Descriptor] = {}
        wanted = [blob for blob in parts.blobs() if blob.digest not in self.delivered]
        wanted.sort(key=lambda blob: blob.size, reverse=True)
        await together(
            (
                self._packing(blob, diff_ids[blob.digest], packed) if blob.digest in diff_ids else self._sending(blob)
                for blob in wanted
            ),
            self._jobs,
        )
        return packed

    async def _diff_ids_to_pack(self, parts: Parts) -> Mapping[Digest, Digest]:
        if self._compression is Compression.NONE or parts.root in self.statements:
            return {}
        diff_ids: dict[Digest, Digest] = {}
        for manifest in parts.manifests.values():
            if isinstance(manifest, ImageManifest) and unpacked_layers(manifest):
                diff_ids |= true_diff_ids(manifest, await read_config(self._source, manifest))
        return diff_ids

    def _sending(self, blob: Descriptor) -> Callable[[], Awaitable[None]]:
        async def send() -> Arrival:
            cargo = Cargo(blob, lambda offset: self._open(blob, offset), self._origin)
            return await self._sink.put_blob(cargo, lambda size: self._progress.advance(blob, size))

        return lambda: self._watched(blob, send)

    def _packing(
        self, layer: Descriptor, diff_id: Digest, packed: dict[Digest, Descriptor]
    ) -> Callable[[], Awaitable[None]]:
        async def pack() -> Arrival:
            packed[layer.digest], arrival = await squeezing.put_into(self._sink, self._origin)
            return arrival

        squeezing = Squeezing(
            layer,
            diff_id,
            lambda: self._open(layer, 0),
            lambda size: self._progress.advance(layer, size),
            self._compression,
            self._memory,
        )
        return lambda: self._watched(layer, pack)

    async def _watched(self, blob: Descriptor, move: Callable[[], Awaitable[Arrival]]) -> None:
        self._progress.begin(blob)
        try:
            arrival = await move()
        except WharfError as error:
            error.seen_at(f"while copying the blob {blob.digest} ({blob.size} bytes)")
            raise
        self._progress.end(blob, arrival)
        self.delivered[blob.digest] = Delivered(blob, arrival)

    async def _open(self, blob: Descriptor, offset: int) -> BlobReader:
        if blob.data is not None:  # its digest was compared when it was read
            return io.BytesIO(blob.data[offset:])
        return await self._source.blob(blob, offset)

    # --- what is said about it --------------------------------------------------------------------------------------

    async def put_statements(self, top: Rewritten) -> None:
        """Of each manifest that stands in the sink under its old digest; words about another one are about nothing."""
        if not self._traits.holds_indexes:
            self.notes.append("signatures and other statements stay behind: there is no room for them here")
            return
        if top.renamed:
            self.notes.append("what is said about the digests that changed stays behind")
        await self._put(top.parts.top, top.parts.root, ())
        asked = set(top.renamed.values())
        subjects = _subjects(top.parts) - asked
        for _ in range(DEEPEST_STATEMENT):
            asked |= subjects
            subjects = await self._put_statements_about(subjects) - asked
            if not subjects:
                return
        raise TooMany("statements about statements", DEEPEST_STATEMENT)

    async def _put_statements_about(self, subjects: Iterable[Digest]) -> set[Digest]:
        fresh: set[Digest] = set()
        for subject in sorted(subjects):
            for statement in await self._source.referrers(subject):
                fresh |= await self._put_statement(statement.digest, ())
            for tag in await cosign_tags(self._source, subject):
                fresh |= await self._put_statement(tag, (tag,))
        return fresh

    async def _put_statement(self, which: Tag | Digest, tags: Sequence[Tag]) -> set[Digest]:
        """The digests of the statement and its parts, for there may be words about them in their turn."""
        try:
            manifest = await self._source.manifest(which)
        except (ManifestUnknown, ImageNotThere):
            self.notes.append(f"the source lists a statement that it does not have: {which}")
            return set()
        digest = manifest.digest() if isinstance(which, Tag) else which
        if len(self.statements) >= MOST_STATEMENTS:
            raise TooMany("statements about one image", MOST_STATEMENTS)
        self.statements[digest] = None
        parts = (await self.put_parts(manifest, digest)).parts
        await self.put_top(parts, tags)
        return _subjects(parts)


def _subjects(parts: Parts) -> set[Digest]:
    return {*parts.manifests, *parts.present}
