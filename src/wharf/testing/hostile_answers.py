"""How a registry that misbehaves on command answers: rightly, but for what it was told to do."""

import json
import re
import secrets
import socket
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from typing import ClassVar
from urllib.parse import parse_qs, quote, unquote, urlsplit

from wharf.oci.digest import Digest
from wharf.oci.manifest import parse_manifest
from wharf.oci.media_types import DOCKER_SCHEMA1, OCI_INDEX, OCI_MANIFEST
from wharf.protocol import routes
from wharf.protocol.paging import next_link
from wharf.testing.misdeeds import Hostility, Misdeed, Plan, Received, StoredManifest

_PIECE = 64 * 1024
_DRIP = 0.05
_PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"
_range_start = re.compile(r"bytes=([0-9]{1,18})-").match


def answers_of(state: Hostility) -> type["Answers"]:
    """The handler class for one server: the standard library wants a class and makes an object of it each time."""
    return type("AnswersOfOne", (Answers,), {"state": state})


class _HungUp(Exception):
    """This end of the connection is closed without another word."""


class Answers(BaseHTTPRequestHandler):
    state: ClassVar[Hostility]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - names of the standard library

    def log_message(self, *_parts: object) -> None:
        """Requests are kept as values, not as lines."""

    # --- which answer ------------------------------------------------------------------------------------------------

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.state.requests.append(Received(self.command, self.path, headers))
        parts = urlsplit(self.path)
        self._query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self._body = _Body(self.rfile, self.headers.get("transfer-encoding"), self.headers.get("content-length"))
        try:
            if not self._is_disturbed():
                self._dispatch(routes.match(unquote(parts.path)))
        except (_HungUp, ConnectionError):
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def _is_disturbed(self) -> bool:
        """What can happen to any request."""
        due = self.state.due
        if plan := due(Misdeed.CHALLENGES_FOR_ANOTHER):
            challenge = f'Bearer realm="{plan.target}/token",service="another",scope="repository:other:pull"'
            self._refuse(401, "UNAUTHORIZED", {"WWW-Authenticate": challenge})
        elif "authorization" not in self.headers and due(Misdeed.WANTS_LOGIN):
            self._refuse(401, "UNAUTHORIZED", {"WWW-Authenticate": 'Basic realm="hostile"'})
        elif due(Misdeed.GARBAGE):
            self.wfile.write(b"\x15\x03\x01\x00\x02\x02\x50 hello\r\n\r\n")
            raise _HungUp
        elif due(Misdeed.SERVER_ERRORS):
            self._refuse(500, "INTERNAL")
        elif due(Misdeed.TOO_MANY_REQUESTS):
            self._refuse(429, "TOOMANYREQUESTS", {"Retry-After": "0"})
        elif plan := due(Misdeed.WEB_PAGES):
            self._drain()
            self._send(plan.amount or 502, _PAGE, {"Content-Type": "text/html"})
        else:
            return False
        return True

    def _dispatch(self, route: routes.Route | None) -> None:
        match route:
            case routes.ApiBase():
                self._send(200, b"{}", {"Content-Type": "application/json"})
            case routes.Catalog():
                names = sorted({name for name, _ in self.state.shelf.manifests})
                self._send_json({"repositories": names})
            case routes.TagList(name):
                self._tags(name)
            case routes.ManifestAt(name, reference):
                self._manifest(name, reference)
            case routes.BlobAt(_, digest):
                self._blob(digest)
            case routes.UploadStart(name):
                self._begin(name)
            case routes.UploadAt(name, upload):
                self._upload(name, upload)
            case routes.ReferrersOf(name, digest):
                self._referrers(name, digest)
            case _:
                self._refuse(404, "UNSUPPORTED")

    # --- manifests and lists -----------------------------------------------------------------------------------------

    def _manifest(self, name: str, reference: str) -> None:
        if self.command == "PUT":
            self._put_manifest(name, reference)
            return
        found = self.state.shelf.find_manifest(name, reference)
        if found is None:
            self._refuse(404, "MANIFEST_UNKNOWN")
        elif self.command == "HEAD" and self.state.due(Misdeed.NO_HEAD):
            self._refuse(405, "UNSUPPORTED")
        elif self.command != "HEAD" and self.state.due(Misdeed.HUGE_MANIFEST):
            self._endless(OCI_MANIFEST)
        else:
            self._send_manifest(found)

    def _send_manifest(self, found: StoredManifest) -> None:
        digest, raw, media_type = str(Digest.of(found.raw)), found.raw, found.media_type
        if self.state.due(Misdeed.FALSE_DIGEST_HEADER):
            digest = str(Digest.of(b"something else"))
        if self.state.due(Misdeed.OTHER_MANIFEST):
            raw = raw.replace(b"{", b"{ ", 1)
        if self.state.due(Misdeed.SCHEMA1):
            raw, media_type = b'{"schemaVersion": 1, "name": "x", "tag": "y"}', DOCKER_SCHEMA1
            digest = str(Digest.of(raw))
        silent = self.command == "HEAD" and self.state.due(Misdeed.SILENT_HEAD)
        named = {} if silent else {"Docker-Content-Digest": digest}
        self._send(200, raw, {"Content-Type": media_type, **named})

    def _put_manifest(self, name: str, reference: str) -> None:
        raw = self._taken(None)
        media_type = self.headers.get("content-type") or OCI_MANIFEST
        tags = () if ":" in reference else (reference,)
        digest = self.state.shelf.put_manifest(name, raw, media_type, *tags)
        subject = parse_manifest(raw, media_type).subject
        about = (
            {"OCI-Subject": str(subject.digest)} if subject and not self.state.plans.get(Misdeed.NO_REFERRERS) else {}
        )
        self._stored(digest, about)

    def _tags(self, name: str) -> None:
        due, here = self.state.due, urlsplit(self.path).path
        tags, page = self.state.shelf.tags_of(name), int(self._query.get("page", "0"))
        if due(Misdeed.TAGS_IN_A_CIRCLE):
            self._send_json({"name": name, "tags": tags}, {"Link": f'<{here}?page={1 - page}>; rel="next"'})
        elif due(Misdeed.TAGS_WITHOUT_END):
            more = [f"t{page}-{number}" for number in range(1000)]
            self._send_json({"name": name, "tags": more}, {"Link": f'<{here}?page={page + 1}>; rel="next"'})
        elif due(Misdeed.BARREN_TAGS):
            self._send_json({"name": name, "tags": tags}, {"Link": f'<{here}?page={page + 1}>; rel="next"'})
        elif plan := due(Misdeed.TAGS_ELSEWHERE):
            self._send_json({"name": name, "tags": tags}, {"Link": f'<{plan.target}{here}?page=1>; rel="next"'})
        else:
            self._page_of_tags(name, tags, here)

    def _page_of_tags(self, name: str, tags: list[str], here: str) -> None:
        count, last = int(self._query.get("n", "1000")), self._query.get("last", "")
        rest = [tag for tag in tags if tag > last]
        more = {"Link": next_link(here, count, rest[count - 1])} if 0 < count < len(rest) else {}
        self._send_json({"name": name, "tags": rest[:count] or None}, more)

    def _referrers(self, name: str, subject: str) -> None:
        if self.state.due(Misdeed.NO_REFERRERS):
            self._refuse(404, "UNSUPPORTED")
            return
        wanted = self._query.get("artifactType")
        filters = bool(wanted) and not self.state.due(Misdeed.UNFILTERED_REFERRERS)
        entries = [entry for entry in self._about(name, subject) if not filters or entry.get("artifactType") == wanted]
        applied = {"OCI-Filters-Applied": "artifactType"} if filters else {}
        document = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}
        self._send(200, json.dumps(document).encode(), {"Content-Type": OCI_INDEX, **applied})

    def _about(self, name: str, subject: str) -> list[dict[str, object]]:
        entries: list[dict[str, object]] = []
        for (repository, digest), stored in self.state.shelf.manifests.items():
            manifest = parse_manifest(stored.raw, stored.media_type)
            if repository == name and manifest.subject and str(manifest.subject.digest) == subject:
                kind = manifest.artifact_type
                entry = {"mediaType": stored.media_type, "digest": digest, "size": len(stored.raw)}
                entries.append({**entry, "artifactType": kind} if kind else {**entry})
        return entries

    # --- blobs on their way out --------------------------------------------------------------------------------------

    def _blob(self, digest: str) -> None:
        content = self.state.shelf.blobs.get(digest)
        if content is None:
            self._refuse(404, "BLOB_UNKNOWN")
        elif self.command == "HEAD":
            self._send(200, content, {"Docker-Content-Digest": digest})
        elif self.state.due(Misdeed.REDIRECT_LOOP):
            self._send(307, b"", {"Location": f"{self.path}?again={secrets.token_hex(4)}"})
        elif plan := self.state.due(Misdeed.REDIRECT_ELSEWHERE):
            self._send(307, b"", {"Location": plan.target + self.path})
        elif self.state.due(Misdeed.ENDLESS_BLOB):
            self._endless("application/octet-stream", content)
        else:
            self._send_part(content)

    def _send_part(self, content: bytes) -> None:
        asked = _range_start(self.headers.get("range") or "")
        start = int(asked[1]) if asked and not self.state.due(Misdeed.IGNORES_RANGE) else 0
        if self.state.due(Misdeed.FALSE_RANGE) and start:
            start -= 1
        if self.state.due(Misdeed.OTHER_BYTES):
            content = bytes(byte ^ 1 for byte in content)
        if plan := self.state.due(Misdeed.LONGER_BLOB):
            content += bytes(plan.amount)
        part = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if start else {}
        self._send_slowly_or_not(206 if start else 200, content[start:], part)

    def _send_slowly_or_not(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        if plan := self.state.due(Misdeed.TRUNCATED_BLOB):
            self._head(status, len(content), headers)
            self.wfile.write(content[: plan.amount])
            raise _HungUp
        if self.state.due(Misdeed.SLOW_DRIP):
            self._head(status, len(content), headers)
            self._drip(content)
        else:
            self._send(status, content, headers)

    def _drip(self, content: bytes) -> None:
        for byte in content:
            if self.state.stopping.wait(_DRIP):
                raise _HungUp
            self.wfile.write(bytes([byte]))

    def _endless(self, media_type: str, beginning: bytes = b" ") -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(beginning), beginning))
        piece = b"%x\r\n%s\r\n" % (_PIECE, b" " * _PIECE)
        while not self.state.stopping.is_set():
            self.wfile.write(piece)
        raise _HungUp

    # --- blobs on their way in ---------------------------------------------------------------------------------------

    def _begin(self, name: str) -> None:
        self._drain()
        mounted = self._query.get("mount")
        if mounted and self.state.due(Misdeed.REFUSES_MOUNTS):
            self._refuse(400, "UNSUPPORTED")
        elif mounted in self.state.shelf.blobs:
            self._stored(Digest.parse(mounted))
        else:
            upload = secrets.token_hex(8)
            self.state.shelf.uploads[upload] = bytearray()
            least = self.state.due(Misdeed.LEAST_CHUNK)
            wish = {"OCI-Chunk-Min-Length": str(least.amount)} if least else {}
            self._send(202, b"", {**self._place(name, upload), **wish})

    def _upload(self, name: str, upload: str) -> None:
        received = self.state.shelf.uploads.get(upload)
        if received is None or (self.command == "GET" and self.state.due(Misdeed.FORGETS_UPLOADS)):
            self.state.shelf.uploads.pop(upload, None)
            self._drain()
            self._refuse(404, "BLOB_UPLOAD_UNKNOWN")
        elif self.command == "GET":
            self._send(204, b"", self._progress(name, upload, received))
        elif self.command == "DELETE":
            del self.state.shelf.uploads[upload]
            self._send(204, b"", {})
        elif self._is_too_large() or self._is_misplaced(received):
            self._drain()
            self._refuse(413 if self._is_too_large() else 416, "SIZE_INVALID")
        else:
            self._append(name, upload, received)

    def _is_too_large(self) -> bool:
        plan = self.state.plans.get(Misdeed.LIMITED_BODIES)
        return plan is not None and int(self.headers.get("content-length") or 0) > plan.amount

    def _is_misplaced(self, received: bytearray) -> bool:
        place = self.headers.get("content-range")
        return place is not None and int(place.partition("-")[0]) != len(received)

    def _append(self, name: str, upload: str, received: bytearray) -> None:
        self._taken(received)
        if self.command == "PATCH":
            self._send(202, b"", self._progress(name, upload, received))
            return
        wanted = self._query.get("digest", "")
        if str(Digest.of(bytes(received))) != wanted:
            self._refuse(400, "DIGEST_INVALID")
            return
        del self.state.shelf.uploads[upload]
        stored = self.state.shelf.put_blob(bytes(received))
        if self.state.due(Misdeed.BREAKS_AT_THE_END):
            raise _HungUp
        self._stored(stored)

    def _taken(self, into: bytearray | None) -> bytes:
        """The body, appended to what was received before; or, in the middle of it, nothing more."""
        content = bytearray() if into is None else into
        dropping = self._dropping()
        taken = 0
        for piece in self._body:
            content += piece
            taken += len(piece)
            if dropping is not None and taken >= dropping.amount:
                raise _HungUp
        return bytes(content)

    def _dropping(self) -> Plan | None:
        plan = self.state.plans.get(Misdeed.DROPS_UPLOADS)
        long_enough = plan is not None and (self._body.chunked or self._body.left >= plan.amount > 0)
        return self.state.due(Misdeed.DROPS_UPLOADS) if long_enough else None

    def _drain(self) -> None:
        for _ in self._body:
            pass

    def _place(self, name: str, upload: str) -> dict[str, str]:
        if self.state.due(Misdeed.NO_LOCATION):
            return {}
        plan = self.state.due(Misdeed.LOCATION_ELSEWHERE)
        path = routes.build(routes.UploadAt(name, upload))
        return {"Location": f"{plan.target if plan else ''}{path}?_state={quote('a+b/c=')}"}

    def _progress(self, name: str, upload: str, received: bytearray) -> dict[str, str]:
        plan = self.state.due(Misdeed.MISCOUNTS_UPLOADS)
        count = plan.amount if plan else len(received)
        return {**self._place(name, upload), "Range": f"0-{max(count - 1, 0)}"}

    def _stored(self, digest: Digest, more: dict[str, str] | None = None) -> None:
        named = Digest.of(b"something else") if self.state.due(Misdeed.FALSE_STORED_DIGEST) else digest
        self._send(201, b"", {"Location": "/v2/", "Docker-Content-Digest": str(named), **(more or {})})

    # --- sending -----------------------------------------------------------------------------------------------------

    def _refuse(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
        self._drain()
        body = json.dumps({"errors": [{"code": code, "message": code.lower(), "detail": None}]}).encode()
        self._send(status, body, {"Content-Type": "application/json", **(headers or {})})

    def _send_json(self, document: dict[str, object], headers: dict[str, str] | None = None) -> None:
        self._send(200, json.dumps(document).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self._head(status, len(body), headers)
        if self.command != "HEAD" and body:
            self.wfile.write(body)

    def _head(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(length))
        self.end_headers()


class _Body:
    """The body of a request, piece by piece, in either coding; it is read once, however often one asks."""

    def __init__(self, stream: BufferedIOBase, coding: str | None, length: str | None) -> None:
        self.chunked = (coding or "").lower() == "chunked"
        self.left = 0 if self.chunked else int(length or 0)
        self._stream = stream

    def __iter__(self) -> "_Body":
        return self

    def __next__(self) -> bytes:
        piece = self._chunk() if self.chunked else self._part()
        if not piece:
            raise StopIteration
        return piece

    def _part(self) -> bytes:
        piece = self._stream.read1(min(_PIECE, self.left)) if self.left else b""
        self.left -= len(piece)
        return piece

    def _chunk(self) -> bytes:
        size = int(self._stream.readline(100).partition(b";")[0].strip() or b"0", 16)
        piece = self._stream.read(size)
        self._stream.readline(10)
        self.chunked = size > 0
        return piece
