"""A client of one registry: each thing that the distribution API can do, as a function of names and digests.

What a status means is decided here; connections, credentials and repetition lie below, in the exchange.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from wharf.client import documents, hints, rights
from wharf.client.blobs.patience import PAUSES
from wharf.client.exchange import Exchange
from wharf.client.location import with_query
from wharf.client.message import Request, Response
from wharf.client.pages import PAGE_SIZE, Asking, Judge, entries_of, names_in, readable
from wharf.client.referrers import (
    MOST_EDITS,
    as_referrer,
    fallback_index,
    fallback_tag,
    listed_in,
    of_type,
    with_entry,
    without_entry,
)
from wharf.errors import BlobUnknown, NotThere, PartsMissing, RemoteMisbehaved, RepositoryUnknown
from wharf.images.reading import BlobReader
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageIndex, Manifest
from wharf.oci.reference import RepositoryName, Tag
from wharf.protocol import paths
from wharf.protocol.scope import Scope

if TYPE_CHECKING:
    from wharf.client.refusals import Told

MOST_TAGS_AT_ONCE: Final = 10
"""So many tags beside a digest are promised by the specification, where they are taken at all."""

_HEAD_NOT_DONE = frozenset({400, 405, 501})
_NO_REFERRERS_API = frozenset({400, 404, 405, 501})
_ABOUT_THE_SUBJECT = frozenset({"NAME_UNKNOWN", "MANIFEST_UNKNOWN", "MANIFEST_INVALID"})
"""Said by registries that have the list, of a repository or manifest that they do not have."""

_MOST_MISSING_NAMED = 20


@dataclass(slots=True)
class Habits:
    """What was learned about a registry, so that nothing is tried twice that it does not do."""

    mounts_without_from: bool = True
    lists_referrers: bool = True


class RegistryClient:
    def __init__(self, exchange: Exchange, pauses: Sequence[float] = PAUSES) -> None:
        """`pauses`: in seconds, those between the attempts at a blob whose transfer breaks."""
        self.exchange = exchange
        self.pauses = tuple(pauses)
        self.habits = Habits()

    @property
    def registry(self) -> str:
        return self.exchange.registry

    async def ping(self) -> None:
        """Whether a registry answers here, and accepts who asks."""
        response = await self.exchange.ask(Request("GET", paths.BASE), ())
        if response.status == 404:
            raise RemoteMisbehaved(self.registry, "no registry answers here", [f"GET {response.shown_url}: 404"])
        self._expect(response, "answer GET /v2/", 200)

    # --- manifests ---------------------------------------------------------------------------------------------------

    async def manifest(self, repository: RepositoryName, which: Tag | Digest) -> Manifest:
        """True to its digest. If it is not there, the error names the tags that come near."""
        response = await self._get_manifest(repository, which)
        if response.status == 404:
            raise await self._manifest_miss(repository, which, response)
        self._expect(response, f"give the manifest {which} of {repository}", 200)
        return documents.manifest_in(self.registry, which, response)

    async def find_manifest(
        self, repository: RepositoryName, which: Tag | Digest, *, for_push: bool = False
    ) -> Descriptor | None:
        """What stands there, without its content; None if nothing does.

        `for_push` asks for the right to write with it: where writing follows, one token then serves for all.
        """
        scope = rights.to_push(repository) if for_push else rights.to_pull(repository)
        response = await self._manifest_request("HEAD", repository, which, scope)
        if response.status == 404:
            return None
        if response.status not in _HEAD_NOT_DONE:
            self._expect(response, f"tell of the manifest {which} of {repository}", 200)
            if (descriptor := documents.descriptor_in(self.registry, which, response)) is not None:
                return descriptor
        return await self._found_by_reading(repository, which, scope)

    async def put_manifest(self, repository: RepositoryName, manifest: Manifest, tags: Sequence[Tag] = ()) -> Digest:
        """Under its digest and the tags. Where the registry keeps no list of referrers, the list is kept for it."""
        digest = manifest.digest(documents.algorithm_of(manifest))
        by_tag_alone = len(tags) == 1 and digest.algorithm is Algorithm.SHA256
        first: Tag | Digest = tags[0] if by_tag_alone else digest
        beside = () if by_tag_alone else tuple(tags[:MOST_TAGS_AT_ONCE])
        response = await self._put(repository, manifest, first, beside)
        done = {*response.headers.all("oci-tag"), str(first)}
        for tag in tags:
            if str(tag) not in done:
                await self._put(repository, manifest, tag)
        if manifest.subject is not None and response.headers.first("oci-subject") is None:
            await self._keep_list(repository, manifest.subject.digest, manifest)
        return digest

    async def delete_manifest(self, repository: RepositoryName, which: Tag | Digest) -> None:
        """A tag alone, or a manifest with all its tags: see `leading.Tags` for which these are."""
        path = paths.manifest(repository, which)
        response = await self.exchange.ask(Request("DELETE", path), (rights.to_delete(repository),))
        if response.status == 404:
            raise await self._manifest_miss(repository, which, response)
        what = "digest" if isinstance(which, Digest) else "tag"
        self._expect(response, f"delete the {what} {which} of {repository}", 200, 202, 204)

    # --- lists -------------------------------------------------------------------------------------------------------

    async def tags(self, repository: RepositoryName, *, most_pages: int | None = None) -> tuple[Tag, ...]:
        """In the order of ASCII, whatever the order of the registry."""
        url = with_query(paths.tag_list(repository), n=str(PAGE_SIZE))
        asking = Asking(url, (rights.to_pull(repository),), f"tags of {repository}", most_pages)
        return tuple(sorted(await entries_of(self.exchange, asking, self._judge_tags(repository), _tags_in)))

    async def catalog(self, *, most_pages: int | None = None) -> tuple[RepositoryName, ...]:
        """The repositories of the registry, as far as it tells; many registries do not."""
        url = with_query(paths.CATALOG, n=str(PAGE_SIZE))
        asking = Asking(url, (rights.CATALOG,), "repositories", most_pages)
        judge = partial(self._judge, "list its repositories")
        return tuple(sorted(await entries_of(self.exchange, asking, judge, _repositories_in)))

    async def referrers(
        self, repository: RepositoryName, subject: Digest, artifact_type: str | None = None
    ) -> tuple[Descriptor, ...]:
        if self.habits.lists_referrers:
            listed = await self._listed_referrers(repository, subject, artifact_type)
            if listed is not None:
                return of_type(listed, artifact_type)
        return of_type(await self._listed_by_hand(repository, subject, rights.to_pull(repository)), artifact_type)

    async def unlist_referrer(self, repository: RepositoryName, subject: Digest, referrer: Digest) -> None:
        """After a referrer was deleted: where the list is kept by hand, it must not name it any longer."""
        scope = rights.to_push(repository)
        listed = await self._listed_by_hand(repository, subject, scope)
        if any(each.digest == referrer for each in listed):
            await self._put(repository, fallback_index(without_entry(listed, referrer)), fallback_tag(subject))

    # --- blobs -------------------------------------------------------------------------------------------------------

    async def blob(self, repository: RepositoryName, descriptor: Descriptor, offset: int = 0) -> BlobReader:
        """Its bytes from an offset on, taken up again where a connection breaks. To be read in a worker thread."""
        from wharf.client.blobs.pull import open_blob  # noqa: PLC0415 - start-up time: many commands read manifests only

        return await open_blob(self.exchange, repository, descriptor, offset, self.pauses)

    async def find_blob(self, repository: RepositoryName, digest: Digest) -> int | None:
        """Its size, or None if it is not there."""
        path = paths.blob(repository, digest)
        response = await self.exchange.ask(Request("HEAD", path), (rights.to_pull(repository),))
        if response.status == 404:
            return None
        self._expect(response, f"tell of the blob {digest} of {repository}", 200)
        size = documents.size_in(response.headers)
        if size is None:
            raise RemoteMisbehaved(self.registry, "a blob without a size", [f"HEAD {response.shown_url}"])
        return size

    async def delete_blob(self, repository: RepositoryName, digest: Digest) -> None:
        path = paths.blob(repository, digest)
        response = await self.exchange.ask(Request("DELETE", path), (rights.to_delete(repository),))
        if response.status == 404:
            raise BlobUnknown(f"{self.registry}/{repository}", str(digest))
        self._expect(response, f"delete the blob {digest} of {repository}", 200, 202, 204)

    # --- within ------------------------------------------------------------------------------------------------------

    async def _get_manifest(
        self, repository: RepositoryName, which: Tag | Digest, scope: Scope | None = None
    ) -> Response:
        return await self._manifest_request("GET", repository, which, scope or rights.to_pull(repository))

    async def _manifest_request(
        self, method: str, repository: RepositoryName, which: Tag | Digest, scope: Scope
    ) -> Response:
        path = paths.manifest(repository, which)
        return await self.exchange.ask(Request(method, path, documents.ACCEPT), (scope,))

    async def _found_by_reading(
        self, repository: RepositoryName, which: Tag | Digest, scope: Scope
    ) -> Descriptor | None:
        response = await self._get_manifest(repository, which, scope)
        if response.status == 404:
            return None
        self._expect(response, f"give the manifest {which} of {repository}", 200)
        manifest = documents.manifest_in(self.registry, which, response)
        digest = which if isinstance(which, Digest) else manifest.digest()
        return Descriptor(manifest.media_type, digest, len(manifest.raw))

    async def _put(
        self, repository: RepositoryName, manifest: Manifest, at: Tag | Digest, beside: Sequence[Tag] = ()
    ) -> Response:
        path = paths.manifest(repository, at)
        url = f"{path}?{urlencode([('tag', str(tag)) for tag in beside])}" if beside else path
        request = Request("PUT", url, {"Content-Type": manifest.media_type}, manifest.raw)
        response = await self.exchange.ask(request, (rights.to_push(repository),))
        if response.status in {400, 404, 422} and (missing := self._missing_parts(response)):
            raise PartsMissing(str(repository), missing)
        self._expect(response, f"take the manifest {at} into {repository}", 200, 201, 202)
        documents.confirm_digest(self.registry, Digest.of(manifest.raw), response.headers)
        return response

    def _missing_parts(self, response: Response) -> tuple[str, ...]:
        said = _told(response)
        return said.digests[:_MOST_MISSING_NAMED] if "MANIFEST_BLOB_UNKNOWN" in said.codes else ()

    async def _listed_referrers(
        self, repository: RepositoryName, subject: Digest, artifact_type: str | None
    ) -> tuple[Descriptor, ...] | None:
        """None where the registry has no such list."""
        path = paths.referrers(repository, subject)
        url = with_query(path, artifactType=artifact_type) if artifact_type else path
        asking = Asking(url, (rights.to_pull(repository),), f"referrers of {subject}")
        try:
            return await entries_of(self.exchange, asking, self._judge_referrers, self._descriptors_in)
        except _NoReferrersApi:
            return None

    def _judge_referrers(self, response: Response) -> None:
        if response.status in _NO_REFERRERS_API or (response.status == 200 and not documents.is_index_answer(response)):
            self.habits.lists_referrers = bool(_ABOUT_THE_SUBJECT.intersection(_told(response).codes))
            raise _NoReferrersApi
        self._expect(response, "list the referrers of a manifest", 200)

    def _descriptors_in(self, response: Response) -> Iterator[Descriptor]:
        manifest = documents.read_manifest(self.registry, response)
        if not isinstance(manifest, ImageIndex):
            raise RemoteMisbehaved(self.registry, "its list of referrers is no index", [f"from: {response.shown_url}"])
        yield from listed_in(manifest)

    async def _listed_by_hand(
        self, repository: RepositoryName, subject: Digest, scope: Scope
    ) -> tuple[Descriptor, ...]:
        tag = fallback_tag(subject)
        response = await self._get_manifest(repository, tag, scope)
        if response.status == 404:
            return ()
        self._expect(response, f"give the manifest {tag} of {repository}", 200)
        return listed_in(documents.manifest_in(self.registry, tag, response))

    async def _keep_list(self, repository: RepositoryName, subject: Digest, manifest: Manifest) -> None:
        entry, scope = as_referrer(manifest), rights.to_push(repository)
        for _ in range(MOST_EDITS):
            listed = await self._listed_by_hand(repository, subject, scope)
            if any(each.digest == entry.digest for each in listed):
                return
            await self._put(repository, fallback_index(with_entry(listed, entry)), fallback_tag(subject))

    async def _manifest_miss(self, repository: RepositoryName, which: Tag | Digest, response: Response) -> NotThere:
        some_tags = partial(self.tags, repository, most_pages=hints.FEW_PAGES)
        some_names = partial(self.catalog, most_pages=hints.FEW_PAGES)
        said = _told(response)
        if "NAME_UNKNOWN" in said.codes:
            return await hints.repository_unknown(self.registry, repository, some_names)
        return await hints.manifest_unknown(self.registry, repository, which, some_tags, some_names, said.lines)

    def _judge_tags(self, repository: RepositoryName) -> Judge:
        def judge(response: Response) -> None:
            if response.status == 404:
                raise RepositoryUnknown(f"{self.registry}/{repository}")
            self._expect(response, f"list the tags of {repository}", 200)

        return judge

    def _judge(self, did: str, response: Response) -> None:
        self._expect(response, did, 200)

    def _expect(self, response: Response, did: str, *statuses: int) -> None:
        if response.status not in statuses:
            from wharf.client.refusals import refusal  # noqa: PLC0415 - start-up time: as a rule nothing is refused

            raise refusal(self.registry, did, response)


class _NoReferrersApi(Exception):
    """Said by an answer, and heard a few lines above; nobody else meets it."""


def _told(response: Response) -> "Told":
    from wharf.client.refusals import told  # noqa: PLC0415 - start-up time: as above

    return told(response)


def _tags_in(response: Response) -> Iterator[Tag]:
    return readable(Tag, names_in(response, "tags"))


def _repositories_in(response: Response) -> Iterator[RepositoryName]:
    return readable(RepositoryName, names_in(response, "repositories"))
