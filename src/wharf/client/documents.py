"""Manifests as a registry sends them: read, and held against the digest by which they were asked for."""

from wharf.client.message import Headers, Response
from wharf.errors import DigestMismatch, Malformed, MalformedDigest, RemoteMisbehaved, Schema1Refused
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import Manifest, parse_manifest
from wharf.oci.media_types import ACCEPTED_MANIFESTS, OCI_INDEX
from wharf.oci.reference import Tag

ACCEPT = {"Accept": ", ".join(ACCEPTED_MANIFESTS)}
_GUESSED = frozenset({"application/json", "application/octet-stream", "text/plain", "binary/octet-stream"})


def manifest_in(registry: str, which: Tag | Digest, response: Response) -> Manifest:
    """The digest that was asked for counts; for a tag the registry's own word, if it gives one."""
    promised = which if isinstance(which, Digest) else announced_digest(registry, response.headers)
    if promised is not None:
        held_against(promised, response.body)
    return read_manifest(registry, response)


def read_manifest(registry: str, response: Response) -> Manifest:
    try:
        return parse_manifest(response.body, media_type_in(response.headers))
    except Schema1Refused:
        raise
    except Malformed as problem:
        spoken = problem.diagnostics()
        reason = f"what it sent as a manifest cannot be read: {spoken.cause}"
        raise RemoteMisbehaved(registry, reason, [*spoken.evidence, f"from: {response.shown_url}"]) from problem


def held_against(promised: Digest, body: bytes) -> None:
    computed = Digest.of(body, promised.algorithm)
    if computed != promised:
        raise DigestMismatch(str(promised), str(computed))


def announced_digest(registry: str, headers: Headers) -> Digest | None:
    text = headers.first("docker-content-digest")
    if not text:
        return None
    try:
        return Digest.parse(text)
    except MalformedDigest as problem:
        raise RemoteMisbehaved(registry, "a digest that cannot be one", [f"Docker-Content-Digest: {text}"]) from problem


def confirm_digest(registry: str, sent: Digest, headers: Headers) -> None:
    """What was stored has the digest of what was sent. In another algorithm nothing can be compared."""
    stored = announced_digest(registry, headers)
    if stored is not None and stored.algorithm is sent.algorithm and stored != sent:
        evidence = [f"sent: {sent}", f"stored, by its own word: {stored}"]
        raise RemoteMisbehaved(registry, "it stored something else than was sent", evidence)


def media_type_in(headers: Headers) -> str | None:
    """Storage behind a registry does not know its manifests' types; the manifest itself then tells."""
    media_type = (headers.first("content-type") or "").partition(";")[0].strip().lower()
    return None if media_type in _GUESSED else media_type or None


def descriptor_in(registry: str, which: Tag | Digest, response: Response) -> Descriptor | None:
    """What the headers say about a manifest, or nothing, if they say too little to rely on.

    Of a type that is not read here, such as schema 1, it is still known that it stands there.
    """
    named = announced_digest(registry, response.headers)
    digest = _as_asked(registry, which, named) if isinstance(which, Digest) else named
    media_type, size = media_type_in(response.headers), size_in(response.headers)
    if digest is None or media_type is None or size is None:
        return None
    return Descriptor(media_type, digest, size) if named or media_type in ACCEPTED_MANIFESTS else None


def size_in(headers: Headers) -> int | None:
    text = headers.first("content-length") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def algorithm_of(manifest: Manifest) -> Algorithm:
    """What names its parts by the longer digests is named by one itself."""
    parts = (*manifest.required_blobs, *manifest.children)
    longer = bool(parts) and all(part.digest.algorithm is Algorithm.SHA512 for part in parts)
    return Algorithm.SHA512 if longer else Algorithm.SHA256


def is_index_answer(response: Response) -> bool:
    return response.status == 200 and media_type_in(response.headers) in {OCI_INDEX, None}


def _as_asked(registry: str, asked: Digest, announced: Digest | None) -> Digest:
    if announced is not None and announced.algorithm is asked.algorithm and announced != asked:
        evidence = [f"asked for: {asked}", f"answered with: {announced}"]
        raise RemoteMisbehaved(registry, "it answers with another manifest than was asked for", evidence)
    return asked
