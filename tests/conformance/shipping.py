"""Bringing things into a registry, in every way the specification knows; the answers are kept, not judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.conformance.cargo import IMAGE, INDEX, OCTETS, Blob, Manifest
from tests.conformance.data_sets import DataSet
from tests.conformance.wire import Answer, Wire, with_query

SMALLEST_CHUNK = 1024
AS_OCTETS = ("Content-Type", OCTETS)
ACCEPT = (("Accept", INDEX), ("Accept", IMAGE))


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository in one registry, as a client that knows the paths sees it."""

    wire: Wire
    name: str

    def path(self, *rest: str) -> str:
        return "/".join(("/v2", self.name, *rest))

    def blob(self, digest: str) -> str:
        return self.path("blobs", digest)

    def manifest(self, reference: str) -> str:
        return self.path("manifests", reference)

    @property
    def uploads(self) -> str:
        return self.path("blobs", "uploads", "")

    @property
    def tags(self) -> str:
        return self.path("tags", "list")

    def referrers(self, digest: str) -> str:
        return self.path("referrers", digest)

    def start_upload(self, **parameters: str) -> Answer:
        return self.wire.send("POST", with_query(self.uploads, **parameters))

    def get_manifest(self, reference: str) -> Answer:
        return self.wire.get(self.manifest(reference), *ACCEPT)

    def head_manifest(self, reference: str) -> Answer:
        return self.wire.head(self.manifest(reference), *ACCEPT)

    def put_manifest(self, manifest: Manifest, reference: str, tags: tuple[str, ...] = ()) -> Answer:
        """Push under a digest or a tag; the body's length is not told, as many clients do it."""
        query = "&".join(f"tag={quote(tag)}" for tag in tags)
        target = self.manifest(reference) + (f"?{query}" if query else "")
        return self.wire.stream("PUT", target, [("Content-Type", manifest.media_type)], [manifest.raw])

    def listed_tags(self) -> list[str]:
        answer = self.wire.get(self.tags)
        if answer.status == 404:
            return []
        assert answer.status == 200, f"the tag list answered {answer.status}: {answer.body[:300]!r}"
        tags = answer.json()["tags"] or []
        assert isinstance(tags, list), f"the tags are no list: {answer.body[:300]!r}"
        return [str(tag) for tag in tags]


def by_post_and_put(repository: Repository, blob: Blob) -> Answer:
    started = repository.start_upload()
    if started.status != 202:
        return started
    return repository.wire.send("PUT", started.location(digest=blob.digest), [AS_OCTETS], blob.content)


def by_put_of_unknown_length(repository: Repository, blob: Blob) -> Answer:
    started = repository.start_upload()
    if started.status != 202:
        return started
    return repository.wire.stream("PUT", started.location(digest=blob.digest), [AS_OCTETS], [blob.content])


def by_single_post(repository: Repository, blob: Blob) -> Answer:
    target = with_query(repository.uploads, digest=blob.digest)
    return repository.wire.send("POST", target, [AS_OCTETS], blob.content)


def by_single_post_of_unknown_length(repository: Repository, blob: Blob) -> Answer:
    target = with_query(repository.uploads, digest=blob.digest)
    return repository.wire.stream("POST", target, [AS_OCTETS], [blob.content])


def by_stream(repository: Repository, blob: Blob) -> Answer:
    """One PATCH of unknown length, neither range nor size told, then a PUT that only closes."""
    started = repository.start_upload()
    if started.status != 202:
        return started
    pieces = [blob.content[start : start + 700] for start in range(0, len(blob.content), 700)]
    patched = repository.wire.stream("PATCH", started.location(), [AS_OCTETS], pieces)
    return close_upload(repository, patched, blob) if patched.status == 202 else patched


def by_chunks(repository: Repository, blob: Blob) -> Answer:
    last = repository.start_upload()
    for start, end in chunk_ranges(len(blob.content)):
        if last.status != 202:
            return last
        last = send_chunk(repository, last, blob, start, end)
    return close_upload(repository, last, blob) if last.status == 202 else last


def by_chunks_the_last_in_the_put(repository: Repository, blob: Blob) -> Answer:
    last = repository.start_upload()
    *before, (start, end) = chunk_ranges(len(blob.content)) or [(0, -1)]
    for earlier in before:
        if last.status != 202:
            return last
        last = send_chunk(repository, last, blob, *earlier)
    if last.status != 202 or end < start:
        return close_upload(repository, last, blob) if last.status == 202 else last
    return close_with_chunk(repository, last, blob, start, end)


PUSHES: Mapping[str, Callable[[Repository, Blob], Answer]] = {
    push.__name__.replace("_", "-"): push
    for push in (
        by_post_and_put,
        by_put_of_unknown_length,
        by_single_post,
        by_single_post_of_unknown_length,
        by_stream,
        by_chunks,
        by_chunks_the_last_in_the_put,
    )
}


def chunk_ranges(size: int) -> list[tuple[int, int]]:
    """First and last byte of every chunk: three of them, or fewer where they would be too small."""
    length = max(SMALLEST_CHUNK, size // 3 + 1)
    return [(start, min(start + length, size) - 1) for start in range(0, size, length)]


def send_chunk(repository: Repository, last: Answer, blob: Blob, start: int, end: int) -> Answer:
    headers = [AS_OCTETS, ("Content-Range", f"{start}-{end}")]
    return repository.wire.send("PATCH", last.location(), headers, blob.content[start : end + 1])


def close_with_chunk(repository: Repository, last: Answer, blob: Blob, start: int, end: int) -> Answer:
    headers = [AS_OCTETS, ("Content-Range", f"{start}-{end}")]
    return repository.wire.send("PUT", last.location(digest=blob.digest), headers, blob.content[start : end + 1])


def close_upload(repository: Repository, last: Answer, blob: Blob) -> Answer:
    return repository.wire.send("PUT", last.location(digest=blob.digest), [AS_OCTETS])


@dataclass(frozen=True, slots=True)
class Shipment:
    """A data set in a repository of its own, and what the registry said while it came in."""

    repository: Repository
    goods: DataSet
    blob_answers: Mapping[str, Answer] = field(repr=False)
    manifest_answers: Mapping[str, Answer] = field(repr=False)
    tag_answers: Mapping[str, Answer] = field(repr=False)


def ship(repository: Repository, goods: DataSet) -> Shipment:
    """Blobs first, then manifests by digest in their order, then tags."""
    blobs = {blob.digest: by_post_and_put(repository, blob) for blob in goods.blobs}
    manifests = {each.digest: repository.put_manifest(each, each.digest) for each in goods.manifests}
    tags = {tag: put_tag(repository, manifest, tag) for tag, manifest in goods.tagged}
    return Shipment(repository, goods, blobs, manifests, tags)


def put_tag(repository: Repository, manifest: Manifest, tag: str) -> Answer:
    """A push to a tag says nothing of the algorithm, so that only sha256 is understood; others name the digest too."""
    if manifest.algorithm == "sha256":
        return repository.put_manifest(manifest, tag)
    return repository.put_manifest(manifest, manifest.digest, (tag,))
