"""Any history of pushes, mounts, moves and deletes leaves the registry with what a simple model says it holds."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.hostile.budget import budget
from tests.hostile.model import Document, Entry, Repository, image_of, index_of
from tests.hostile.probe import Shot, ask, fire
from tests.hostile.wild import crafted
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.media_types import OCI_CONFIG, OCI_EMPTY, OCI_INDEX, OCI_LAYER_GZIP
from wharf.testing.registry import Answer, InProcessRegistry

pytestmark = pytest.mark.slow

NAMES = ("team/app", "team/app/deep", "zoo")
TAGS = ("latest", "v1", "V1", "_", "0.-")
TYPES = (OCI_EMPTY, OCI_CONFIG, "application/x+own; v=1&2")
STRANGER = "sha256:" + "5" * 64

names = st.sampled_from(NAMES)
tags = st.sampled_from(TAGS)
blobs = st.sampled_from([b"", b"{}", b"layer", bytes(range(256)) * 3])
algorithms = st.sampled_from(list(Algorithm))
chosen = st.integers(0, 1 << 30)
annotations = st.dictionaries(
    st.sampled_from(["a", "é", "\U0001f6a2"]), st.text(max_size=5).filter(str.isprintable), max_size=2
)


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="histories-"))
        self.registry = InProcessRegistry(self.folder)
        self.repositories = {name: Repository() for name in NAMES}
        self.uploads: dict[str, tuple[str, bytes]] = {}
        self.listed_by_clients: dict[tuple[str, str], set[str]] = {}

    def teardown(self) -> None:
        """What takes too long after each step is looked at in the end."""
        try:
            self.lists_are_as_they_should_be()
        finally:
            self.registry.__exit__()
            shutil.rmtree(self.folder)

    def lists_are_as_they_should_be(self) -> None:
        for name, size in ((name, size) for name in NAMES for size in (1, 2, 1000)):
            self.walk_tags(name, size)
            subjects = {document.subject for document in self.repositories[name].documents.values()} - {None}
            for subject in (*subjects, STRANGER):
                for artifact_type in (None, *TYPES):
                    self.expect_referrers(name, str(subject), size, artifact_type)
            self.walk_catalog(size)

    @initialize()
    def there_is_something_to_begin_with(self) -> None:
        for name in NAMES[:2]:
            for data in (b"{}", b"layer"):
                self.push_blob(name, data, Algorithm.SHA256, 0, "post")

    # --- blobs --------------------------------------------------------------------------------------------------------

    @rule(
        name=names,
        data=blobs,
        algorithm=algorithms,
        cut=st.integers(0, 800),
        way=st.sampled_from(["post", "put", "stream", "chunks"]),
    )
    def push_blob(self, name: str, data: bytes, algorithm: Algorithm, cut: int, way: str) -> None:
        digest = Digest.of(data, algorithm)
        if way == "post":
            answer = self.send("POST", f"{uploads(name)}?digest={digest}", data[:cut], data[cut:])
        else:
            location = self.send("POST", uploads(name)).headers["location"]
            if way == "stream":
                assert self.send("PATCH", location, data[:cut]).status == 202
            if way == "chunks":
                self.send_in_chunks(location, data, cut)
            answer = self.send(
                "PUT", f"{location}?digest={digest}", {"stream": data[cut:], "chunks": b""}.get(way, data)
            )
        assert (201, str(digest)) == (answer.status, answer.headers["docker-content-digest"])
        self.repositories[name].hold(digest, data)
        assert data == self.ask("GET", answer.headers["location"]).body

    @rule(name=names, source=st.sampled_from((None, *NAMES)), pick=chosen)
    def mount(self, name: str, source: str | None, pick: int) -> None:
        digest = self.some_blob(source or name, pick)
        answer = self.send("POST", f"{uploads(name)}?mount={digest}" + (f"&from={source}" if source else ""))
        holders = [self.repositories[each] for each in ([source] if source else NAMES)]
        held = next((holder.blobs[digest] for holder in holders if digest in holder.blobs), None)
        if held is None:
            assert answer.status == 202
            self.uploads[answer.headers["location"]] = name, b""
        else:
            assert answer.status == 201
            self.repositories[name].hold(Digest.parse(digest), held)

    @rule(name=names, pick=chosen)
    def delete_blob(self, name: str, pick: int) -> None:
        digest, repository = self.some_blob(name, pick), self.repositories[name]
        expected = 404 if digest not in repository.blobs else 405 if repository.needs(digest) else 202
        assert expected == self.ask("DELETE", f"/v2/{name}/blobs/{digest}").status
        if expected == 202:
            del repository.blobs[digest]
            assert [404] * 2 == [self.ask(method, f"/v2/{name}/blobs/{digest}").status for method in ("GET", "HEAD")]

    @rule(name=names, pick=chosen, first=st.integers(0, 300), last=st.integers(0, 900))
    def read_blob(self, name: str, pick: int, first: int, last: int) -> None:
        digest = self.some_blob(name, pick)
        data = self.repositories[name].blobs.get(digest)
        answer = fire(
            self.registry,
            Shot("GET", f"/v2/{name}/blobs/{digest}".encode(), [(b"range", b"bytes=%d-%d" % (first, last))]),
        )
        if data is None:
            assert answer.status == 404
        elif not data:
            assert (200, b"") == (answer.status, answer.body)
        elif first >= len(data) or last < first:
            assert answer.status == 416
        else:
            assert (206, data[first : last + 1]) == (answer.status, answer.body)

    # --- uploads ------------------------------------------------------------------------------------------------------

    @rule(name=names, algorithm=algorithms)
    def begin(self, name: str, algorithm: Algorithm) -> None:
        answer = self.send("POST", f"{uploads(name)}?digest-algorithm={algorithm}")
        self.uploads[answer.headers["location"]] = name, b""

    @precondition(lambda self: self.uploads)
    @rule(pick=chosen, data=blobs, off=st.sampled_from([0, 0, 0, 1, -1]), lie=st.sampled_from([0, 0, 0, 1, -1]))
    def append(self, pick: int, data: bytes, off: int, lie: int) -> None:
        location = self.some_upload(pick)
        name, received = self.uploads[location]
        start = len(received) + off
        end = start + len(data) - 1 + lie
        if not data or end < start or start < 0:
            return
        answer = self.send("PATCH", location, data, content_range=f"{start}-{end}")
        assert (416 if off else 400 if lie else 202) == answer.status
        if answer.status == 202:
            self.uploads[location] = name, received + data
        self.check_upload(location)

    @precondition(lambda self: self.uploads)
    @rule(pick=chosen, data=blobs)
    def break_off(self, pick: int, data: bytes) -> None:
        """What came before the connection broke is kept."""
        location = self.some_upload(pick)
        name, received = self.uploads[location]
        answer = fire(self.registry, Shot("PATCH", location.encode(), pieces=[data], hangs_up=True))
        assert answer.status == 408
        self.uploads[location] = name, received + data
        self.check_upload(location)

    @precondition(lambda self: self.uploads)
    @rule(pick=chosen, data=blobs, algorithm=algorithms, ending=st.sampled_from(["true", "untrue", "cancelled"]))
    def finish(self, pick: int, data: bytes, algorithm: Algorithm, ending: str) -> None:
        location = self.some_upload(pick)
        name, received = self.uploads.pop(location)
        digest = Digest.of(received + data, algorithm)
        if ending == "cancelled":
            assert self.ask("DELETE", location).status == 204
        elif ending == "untrue":
            answer = self.send("PUT", f"{location}?digest={digest}", data + b"!")
            assert (400, "DIGEST_INVALID") == (answer.status, answer.code)
        else:
            assert self.send("PUT", f"{location}?digest={digest}", data).status == 201
            self.repositories[name].hold(digest, received + data)
        assert [404] * 3 == [self.ask(method, location).status for method in ("GET", "PATCH", "DELETE")]

    # --- manifests ----------------------------------------------------------------------------------------------------

    @rule(name=names, data=st.data())
    def push_image(self, name: str, data: st.DataObject) -> None:
        parts = [self.layer(name, data.draw(chosen)) for _ in range(data.draw(st.integers(1, 3)))]
        self.publish(name, image_of(parts, **self.members(name, data)), data)

    @rule(name=names, data=st.data())
    def push_index(self, name: str, data: st.DataObject) -> None:
        children = [self.child(name, data.draw(chosen)) for _ in range(data.draw(st.integers(0, 2)))]
        self.publish(name, index_of(children, **self.members(name, data)), data)

    @rule(name=names, subject=chosen, listed=st.lists(chosen, max_size=2))
    def push_fallback(self, name: str, subject: int, listed: list[int]) -> None:
        """As clients do that know no referrers: an index under the tag that is named for the subject."""
        digest = str(self.child(name, subject)["digest"])
        if digest.startswith("sha512"):
            return
        children = [self.child(name, pick) for pick in listed]
        raw, tag = index_of(children), digest.replace(":", "-")
        assert self.send("PUT", f"/v2/{name}/manifests/{tag}", raw).status == 201
        self.repositories[name].put(Document.of(raw, Digest.of(raw)), (tag,))
        self.listed_by_clients.setdefault((name, tag), set()).update(str(child["digest"]) for child in children)
        self.learn_fallbacks(name)

    @rule(name=names, pick=chosen, by_tag=st.booleans())
    def delete_manifest(self, name: str, pick: int, by_tag: bool) -> None:
        repository = self.repositories[name]
        candidates = [*repository.tags, "none"] if by_tag else [*repository.documents, STRANGER]
        reference = sorted(candidates)[pick % len(candidates)]
        here = reference in repository.tags or reference in repository.documents
        assert (202 if here else 404) == self.ask("DELETE", f"/v2/{name}/manifests/{reference}").status
        assert 404 == self.ask("HEAD", f"/v2/{name}/manifests/{reference}").status
        if by_tag:
            repository.tags.pop(reference, None)
        elif here:
            repository.remove(reference)
        self.learn_fallbacks(name)

    # --- lists, and what is no request at all -------------------------------------------------------------------------

    def walk_tags(self, name: str, size: int) -> None:
        if self.repositories[name].known:
            pages = list(self.walk(f"/v2/{name}/tags/list?n={size}"))
            assert sorted(self.repositories[name].tags) == [tag for page in pages for tag in page.json()["tags"]]
            assert all(len(page.json()["tags"]) <= size for page in pages)

    def walk_catalog(self, size: int) -> None:
        listed = [name for page in self.walk(f"/v2/_catalog?n={size}") for name in page.json()["repositories"]]
        assert sorted(name for name in NAMES if self.repositories[name].documents) == listed

    @rule(name=names, pick=chosen, artifact_type=st.sampled_from((None, *TYPES)))
    def look_at_referrers(self, name: str, pick: int, artifact_type: str | None) -> None:
        self.expect_referrers(name, str(self.child(name, pick)["digest"]), 2, artifact_type)

    def expect_referrers(self, name: str, subject: str, size: int, artifact_type: str | None) -> None:
        kind = f"&artifactType={quote(artifact_type, safe='')}" if artifact_type else ""
        pages = self.walk(f"/v2/{name}/referrers/{subject}?n={size}{kind}")
        listed = [entry for page in pages for entry in page.json()["manifests"]]
        assert self.repositories[name].referrers(subject, artifact_type) == listed

    @rule(
        method=st.sampled_from(["GET", "PUT", "POST", "PATCH", "DELETE"]),
        name=crafted,
        rest=st.sampled_from([b"manifests/latest", b"blobs/uploads/", b"tags/list"]),
    )
    def stray(self, method: str, name: bytes, rest: bytes) -> None:
        if b"%2Fapp" not in name and name not in {b"manifests", b"blobs", b"uploads", b"referrers"}:
            fire(self.registry, Shot(method, b"/v2/NO/%b/%b" % (name, rest), pieces=[b"{}"]))

    @invariant()
    def tags_are_as_they_should_be(self) -> None:
        for name, repository in self.repositories.items():
            answer = self.ask("GET", f"/v2/{name}/tags/list")
            assert (200 if repository.known else 404) == answer.status
            if repository.known:
                assert {"name": name, "tags": sorted(repository.tags)} == answer.json()

    @invariant()
    def manifests_come_back_byte_for_byte(self) -> None:
        for name, repository in self.repositories.items():
            for reference in (*repository.documents, *repository.tags):
                document = repository.documents[repository.tags.get(reference, reference)]
                answer = self.ask("GET", f"/v2/{name}/manifests/{reference}")
                assert (200, document.raw, document.media_type) == (
                    answer.status,
                    answer.body,
                    answer.headers["content-type"],
                )
                assert str(document.digest) == answer.headers["docker-content-digest"]

    # --- how it is done -----------------------------------------------------------------------------------------------

    def ask(self, method: str, target: str) -> Answer:
        return ask(self.registry, method, target)

    def send(self, method: str, target: str, *pieces: bytes, content_range: str = "") -> Answer:
        place = [(b"content-range", content_range.encode())] if content_range else []
        lines = [(b"content-length", b"%d" % sum(map(len, pieces))), *place]
        return fire(self.registry, Shot(method, target.encode(), lines, pieces or [b""]))

    def send_in_chunks(self, location: str, data: bytes, cut: int) -> None:
        """With each mistake a client can make in between, after which it goes on where it was."""
        for start, chunk in ((0, data[:cut]), (len(data[:cut]), data[cut:])):
            mistakes = {start + 1: 416, start - 1: 416, 0: 416} | {start: 400}
            for place, status in mistakes.items():
                if place >= 0:
                    one_too_many = f"{place}-{place + len(chunk)}"
                    assert status == self.send("PATCH", location, chunk, content_range=one_too_many).status
            if chunk:
                exact = f"{start}-{start + len(chunk) - 1}"
                assert 202 == self.send("PATCH", location, chunk, content_range=exact).status

    def walk(self, target: str) -> Iterator[Answer]:
        while target:
            page = self.ask("GET", target)
            assert page.status == 200
            yield page
            target = page.headers.get("link", "").partition(">")[0].removeprefix("<")

    def some_blob(self, name: str, pick: int) -> str:
        digests = [*sorted(self.repositories[name].blobs), str(Digest.of(b"layer")), STRANGER]
        return digests[pick % len(digests)]

    def some_upload(self, pick: int) -> str:
        return list(self.uploads)[pick % len(self.uploads)]

    def check_upload(self, location: str) -> None:
        received = len(self.uploads[location][1])
        assert f"0-{max(received - 1, 0)}" == self.ask("GET", location).headers["range"]

    def layer(self, name: str, pick: int) -> Entry:
        digest = self.some_blob(name, pick)
        return {
            "mediaType": OCI_LAYER_GZIP,
            "digest": digest,
            "size": len(self.repositories[name].blobs.get(digest, b"")),
        }

    def child(self, name: str, pick: int) -> Entry:
        documents = self.repositories[name].documents
        digest = [*sorted(documents), STRANGER][pick % (len(documents) + 1)]
        return {"mediaType": OCI_INDEX, "digest": digest, "size": 7}

    def members(self, name: str, data: st.DataObject) -> Entry:
        members: Entry = {}
        if data.draw(st.booleans()):
            somebody = {"mediaType": OCI_INDEX, "digest": STRANGER, "size": 7}  # so that many speak about one
            members["subject"] = somebody if data.draw(st.booleans()) else self.child(name, data.draw(chosen))
        if data.draw(st.booleans()):
            members["artifactType"] = data.draw(st.sampled_from(TYPES))
        if drawn := data.draw(annotations):
            members["annotations"] = drawn
        return members

    def publish(self, name: str, raw: bytes, data: st.DataObject) -> None:
        repository, by_tag = self.repositories[name], data.draw(st.booleans())
        digest = Digest.of(raw, Algorithm.SHA256 if by_tag else data.draw(algorithms))
        given = tuple(dict.fromkeys(data.draw(st.lists(tags, min_size=by_tag, max_size=1 if by_tag else 3))))
        query = "" if by_tag else "?" + "&".join(f"tag={tag}" for tag in given)
        document = Document.of(raw, digest)
        answer = self.send("PUT", f"/v2/{name}/manifests/{given[0] if by_tag else digest}{query}", raw)
        if repository.lacks(document):
            assert (404, "MANIFEST_BLOB_UNKNOWN") == (answer.status, answer.code)
            return
        assert (201, document.subject) == (answer.status, answer.headers.get("oci-subject"))
        repository.put(document, given)
        self.learn_fallbacks(name)

    def learn_fallbacks(self, name: str) -> None:
        """The registry keeps such a tag true, and so it moves by itself. Where to, is looked at and judged."""
        repository = self.repositories[name]
        for tag in [tag for tag in repository.tags if len(tag) > 64]:
            answer = self.ask("GET", f"/v2/{name}/manifests/{tag}")
            repository.put(Document.of(answer.body, Digest.of(answer.body)), (tag,))
            listed = {str(entry["digest"]) for entry in json.loads(answer.body)["manifests"]}
            speaking = {str(entry["digest"]) for entry in repository.referrers(tag.replace("-", ":"))}
            assert speaking <= listed
            assert listed - speaking <= self.listed_by_clients[name, tag]


def uploads(name: str) -> str:
    return urlsplit(f"/v2/{name}/blobs/uploads/").path


TestHistories = Histories.TestCase
TestHistories.settings = budget(45, steps=40)
