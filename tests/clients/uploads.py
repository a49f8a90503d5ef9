"""An upload by hand, for the moments that no client can be told to stop in."""

import http.client
import time
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

OCTETS = {"Content-Type": "application/octet-stream"}
PATIENCE = 240.0


class Upload:
    """One upload session of one registry; it follows the addresses that the registry gives."""

    def __init__(self, url: str, repository: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=PATIENCE)
        self._place = f"{url}/v2/{repository}/blobs/uploads/"
        self._follow(self._http.post(self._place), 202)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def send(self, piece: bytes, start: int) -> None:
        """Send a piece that the registry acknowledges."""
        self._follow(self.try_to_send(piece, start), 202)

    def try_to_send(self, piece: bytes, start: int) -> httpx.Response:
        headers = {**OCTETS, "Content-Range": f"{start}-{start + len(piece) - 1}"}
        return self._http.patch(self._place, content=piece, headers=headers)

    def begin_to_send(self, piece: bytes, announced: int) -> http.client.HTTPConnection:
        """Announce so many bytes and send only these; the caller holds the line, and lets it go."""
        place = urlsplit(self._place)
        line = http.client.HTTPConnection(place.netloc, timeout=PATIENCE)
        line.putrequest("PATCH", f"{place.path}?{place.query}" if place.query else place.path)
        line.putheader("Content-Type", OCTETS["Content-Type"])
        line.putheader("Content-Length", str(announced))
        line.endheaders()
        line.send(piece)
        return line

    def received(self) -> int:
        """How many bytes the registry says it has."""
        answer = self._http.get(self._place)
        self._follow(answer, 204)
        return int(answer.headers["Range"].removeprefix("bytes=").partition("-")[2]) + 1

    def go_on(self, content: bytes) -> int:
        """Send the rest of it from where the registry is, which may not know yet that the line broke."""
        deadline = time.monotonic() + PATIENCE
        while True:
            received = self.received()
            answer = self.try_to_send(content[received:], received)
            if received and answer.status_code == 202:
                self._follow(answer, 202)
                return received
            assert answer.status_code in {416, 429}, f"{answer.status_code}: {answer.text}"
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def finish(self, digest: str, rest: bytes = b"") -> None:
        answer = self._http.put(self._place, params=self._query(digest), content=rest, headers=OCTETS)
        assert answer.status_code == 201, f"{answer.status_code}: {answer.text}"

    def _query(self, digest: str) -> httpx.QueryParams:
        return httpx.QueryParams(urlsplit(self._place).query).set("digest", digest)

    def _follow(self, answer: httpx.Response, expected: int) -> None:
        assert answer.status_code == expected, f"{answer.status_code}: {answer.text}"
        self._place = urljoin(self._place, answer.headers["Location"])
