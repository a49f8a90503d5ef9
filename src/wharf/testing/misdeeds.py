"""What a registry can do instead of what it should, and what a registry that does so holds and remembers."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_MANIFEST


class Misdeed(Enum):
    """What it does instead of what it should. `amount` is a number of bytes, where one is needed."""

    # manifests
    OTHER_MANIFEST = "sends another manifest than was asked for"
    FALSE_DIGEST_HEADER = "names a digest that is not that of what it sends"
    HUGE_MANIFEST = "sends a manifest without an end"
    SCHEMA1 = "sends a manifest of 2014"
    NO_HEAD = "answers 405 to HEAD of a manifest"
    SILENT_HEAD = "answers HEAD of a manifest without a digest"
    # blobs on their way out
    OTHER_BYTES = "sends other bytes, as many as are right"
    LONGER_BLOB = "sends `amount` bytes more than belong to it, and says so"
    ENDLESS_BLOB = "sends a blob without an end"
    TRUNCATED_BLOB = "hangs up after `amount` bytes"
    SLOW_DRIP = "sends a byte now and then"
    IGNORES_RANGE = "sends everything when a part is asked for"
    FALSE_RANGE = "sends another part than was asked for"
    REDIRECT_LOOP = "sends a blob's reader in a circle"
    REDIRECT_ELSEWHERE = "sends a blob's reader to `target`"
    # blobs on their way in
    DROPS_UPLOADS = "hangs up after `amount` bytes of a body, and keeps them"
    FORGETS_UPLOADS = "does not know an upload when it is asked about it"
    MISCOUNTS_UPLOADS = "says that it has `amount` bytes of an upload"
    FALSE_STORED_DIGEST = "answers 201 with the digest of something else"
    NO_LOCATION = "begins an upload and does not say where"
    LOCATION_ELSEWHERE = "takes the bytes of uploads at `target`"
    REFUSES_MOUNTS = "answers 400 to any wish to mount"
    LIMITED_BODIES = "answers 413 to bodies of more than `amount` bytes"
    LEAST_CHUNK = "wants chunks of `amount` bytes at least"
    BREAKS_AT_THE_END = "stores the blob, and hangs up instead of saying so"
    # lists
    TAGS_IN_A_CIRCLE = "leads from each page of tags to the other"
    TAGS_WITHOUT_END = "has always one page of tags more"
    BARREN_TAGS = "has always one page more, with nothing new on it"
    TAGS_ELSEWHERE = "continues its list of tags at `target`"
    NO_REFERRERS = "has no list of referrers"
    UNFILTERED_REFERRERS = "lists referrers of all types, whatever was asked for"
    # anything
    WANTS_LOGIN = "answers 401 to whoever shows no password, which is its right"
    CHALLENGES_FOR_ANOTHER = "answers 401 and sends to the token service `target` of another registry"
    SERVER_ERRORS = "answers 500"
    TOO_MANY_REQUESTS = "answers 429, with Retry-After"
    WEB_PAGES = "answers with a web page and status `amount`"
    GARBAGE = "answers what is not HTTP"


@dataclass(slots=True)
class Plan:
    """One misdeed: how often it is still to happen (None: always), and its measure."""

    times: int | None = None
    amount: int = 0
    target: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came, names of headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class StoredManifest:
    raw: bytes
    media_type: str = OCI_MANIFEST


@dataclass(slots=True)
class Shelf:
    """What the registry holds. Blobs and uploads are everybody's; manifests and tags belong to a repository."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[tuple[str, str], StoredManifest] = field(default_factory=dict)
    tags: dict[tuple[str, str], str] = field(default_factory=dict)
    uploads: dict[str, bytearray] = field(default_factory=dict)

    def put_blob(self, content: bytes) -> Digest:
        digest = Digest.of(content)
        self.blobs[str(digest)] = content
        return digest

    def put_manifest(self, name: str, raw: bytes, media_type: str, *tags: str) -> Digest:
        digest = Digest.of(raw)
        self.manifests[name, str(digest)] = StoredManifest(raw, media_type)
        for tag in tags:
            self.tags[name, tag] = str(digest)
        return digest

    def find_manifest(self, name: str, reference: str) -> StoredManifest | None:
        return self.manifests.get((name, self.tags.get((name, reference), reference)))

    def tags_of(self, name: str) -> list[str]:
        return sorted(tag for repository, tag in self.tags if repository == name)


class Hostility:
    """The state of one such registry, shared by its threads."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.requests: list[Received] = []
        self.stopping = threading.Event()
        self.plans: dict[Misdeed, Plan] = {}
        self._turn = threading.Lock()

    def due(self, how: Misdeed) -> Plan | None:
        """The plan, if this is one of the times at which it is to happen."""
        with self._turn:
            plan = self.plans.get(how)
            if plan is None or plan.times == 0:
                return None
            if plan.times is not None:
                plan.times -= 1
            return plan
