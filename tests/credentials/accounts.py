"""A registry with one account, which asks for its password as plainly as there is: Basic, over HTTP on this machine."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USERNAME, WORD = "ada", "open-sesame:7301"
_CONFIG = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}).encode()
_MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG_PART = {
    "mediaType": "application/vnd.docker.container.image.v1+json",
    "digest": f"sha256:{hashlib.sha256(_CONFIG).hexdigest()}",
    "size": len(_CONFIG),
}
_MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": _MEDIA_TYPE, "config": _CONFIG_PART, "layers": []}).encode()
_TAGS = json.dumps({"name": "app", "tags": ["v1"]}).encode()
_WHO = json.dumps({"errors": [{"code": "UNAUTHORIZED", "message": "who is it?"}]}).encode()


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # who greets with TLS is answered in HTTP, and knows then what is spoken here

    def do_GET(self) -> None:
        proof = base64.b64encode(f"{USERNAME}:{WORD}".encode()).decode()
        if self.headers.get("Authorization") == f"Basic {proof}":
            self._answer(200, *self._content())
        else:
            self._answer(401, _WHO, "application/json")

    def _content(self) -> tuple[bytes, str]:
        if "/manifests/" in self.path:
            return _MANIFEST, _MEDIA_TYPE
        return (_CONFIG, "application/octet-stream") if "/blobs/" in self.path else (_TAGS, "application/json")

    def _answer(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="here"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name above
        """Nothing."""


@contextmanager
def registry_with_an_account() -> Iterator[str]:
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
