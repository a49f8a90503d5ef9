"""One copy while it runs: it asks the sink what stands there, sends the rest, and remembers what it did."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from wharf.errors import ImageNotThere, ManifestUnknown, TooMany, WharfError, counted, shown
from wharf.images.compression import Compression, LayerForm
from wharf.images.parts import AT_ONCE, Parts, read_parts
from wharf.images.passage import Passage
from wharf.images.rewriting import Family, Rewritten, rewritten_in_oci, speaks_docker
from wharf.images.sink import Recognising, traits_of
from wharf.images.together import together
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageManifest, Manifest
from wharf.oci.media_types import in_oci, is_index
from wharf.oci.reference import Tag

if TYPE_CHECKING:
    from wharf.images.loading import Delivered, Loading

DEEPEST_STATEMENT: Final = 8
MOST_STATEMENTS: Final = 2_000
_UNREAD: Final = (
    "the media types are Docker's, which skopeo and podman do not read in a layout; "
    "--format oci converts them (to another digest)"
)


class Copying:
    """Its parts are put first, then its top; words about it where they are asked for."""

    def __init__(self, passage: Passage, form: LayerForm, family: Family) -> None:
        self._passage = passage
        self._source = passage.source
        self._sink = passage.sink
        self._family = family
        self._traits = traits_of(passage.sink)
        self._compression = form.compression(is_usually_packed=self._traits.packs_layers)
        self._standing: set[Digest] = set()
        self._loading: Loading | None = None
        self.put: list[Digest] = []
        self.statements: dict[Digest, None] = {}
        self.notes: list[str] = []

    @property
    def delivered(self) -> "tuple[Delivered, ...]":
        return tuple(self._loading.delivered.values()) if self._loading else ()

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
        result = await self._put_blobs(parts)
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
            self.notes.append(f"{counted(len(elsewhere), 'layer')} not to be distributed, and not copied: {urls}")
        if parts.missing:
            missing = ", ".join(map(str, sorted(parts.missing)))
            many = counted(len(parts.missing), "manifest")
            self.notes.append(f"the index lists {many} that the source does not have: {missing}")

    def _note_what_others_do_not_read(self, parts: Parts) -> None:
        is_meant = self._traits.is_read_as_oci and parts.root not in self.statements
        if is_meant and any(map(speaks_docker, parts.manifests.values())):
            self.notes.append(_UNREAD)

    # --- its blobs --------------------------------------------------------------------------------------------------

    async def _put_blobs(self, parts: Parts) -> Rewritten:
        """Those that the sink lacks. Some layers are packed on their way, and the manifests then written anew."""
        from wharf.images.packing import repacked  # noqa: PLC0415 - start-up time: often all is there

        lacking = {each: manifest for each, manifest in parts.manifests.items() if each not in self._standing}
        compression = Compression.NONE if parts.root in self.statements else self._compression
        packed = await self._open_loading().put_blobs(replace(parts, manifests=lacking), compression)
        result = repacked(parts, packed)
        if result.renamed:
            self.notes.append(f"compressed {counted(len(packed), 'layer')}, so the image has another digest here")
        return result

    def _open_loading(self) -> "Loading":
        from wharf.images.loading import Loading  # noqa: PLC0415 - start-up time: as above

        if self._loading is None:
            self._loading = Loading(self._passage)
        return self._loading

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
        from wharf.images.statements import cosign_tags  # noqa: PLC0415 - start-up time: copied where it is asked for

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
