"""A client without manners: it sends what no library would, and looks at the form of every answer."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from wharf.oci.strict_json import parse_object
from wharf.protocol.error_codes import TABLE
from wharf.testing.registry import Answer, InProcessRegistry, Wire

HeaderLines = Sequence[tuple[bytes, bytes]]

_CODES = frozenset(row.code for row in TABLE)
_is_speakable = re.compile(r"[\t -~\x80-\xff]*").fullmatch
_is_id = re.compile(r"[A-Za-z0-9._-]{1,64}").fullmatch


@dataclass(frozen=True, slots=True)
class Shot:
    """One request, byte for byte as far as a server lets it through."""

    method: str
    target: bytes
    headers: HeaderLines = ()
    pieces: Sequence[bytes] = (b"",)
    hangs_up: bool = False

    @property
    def path(self) -> str:
        """As the server hands it over: the percent-encoding taken off once, bytes that are no text replaced."""
        return unquote_to_bytes(self.target.partition(b"?")[0]).decode("utf-8", "replace")

    def scope(self) -> dict[str, Any]:
        return {
            "type": "http",
            "http_version": "1.1",
            "method": self.method,
            "path": self.path,
            "query_string": self.target.partition(b"?")[2],
            "headers": list(self.headers),
            "client": ("127.0.0.1", 40000),
        }


def fire(registry: InProcessRegistry, shot: Shot) -> Answer:
    answer = registry.call(shot.scope(), Wire(shot.pieces, shot.hangs_up))
    check_form(shot, answer)
    return answer


def ask(registry: InProcessRegistry, method: str, target: str, *headers: tuple[bytes, bytes]) -> Answer:
    return fire(registry, Shot(method, target.encode(), headers))


def check_form(shot: Shot, answer: Answer) -> None:
    """What holds of every answer, whatever was asked."""
    told = f"{shot} -> {answer.status} {answer.body[:500]!r}"
    assert 200 <= answer.status < 500, told
    assert _is_id(answer.headers["x-request-id"]), told
    assert all(_is_speakable(value) for value in answer.headers.values()), told
    if answer.status in {204, 304}:
        assert answer.body == b"", told
        assert "content-length" not in answer.headers, told
        return
    if shot.method != "HEAD":
        assert str(len(answer.body)) == answer.headers["content-length"], told
    if answer.status < 400 or shot.method == "HEAD":
        return
    if not shot.path.startswith("/v2/") and answer.headers["content-type"].endswith("charset=utf-8"):
        check_refusal(answer)
    else:
        check_error(answer)


def check_refusal(answer: Answer) -> None:
    """GitHub's form, in which the API refuses."""
    told = parse_object(answer.body)
    assert {"message", "documentation_url", "status"} <= told.keys()
    assert str(answer.status) == told["status"]
    assert "allow" in answer.headers or answer.status != 405
    assert len(answer.body) < 64 << 10


def check_error(answer: Answer) -> None:
    """The form that the specification gives to errors, read by the strictest parser in the house."""
    assert answer.headers["content-type"] == "application/json"
    rows = parse_object(answer.body)["errors"]
    assert isinstance(rows, list)
    assert rows
    for row in rows:
        assert isinstance(row, dict)
        assert row.keys() == {"code", "message", "detail"}
        assert row["code"] in _CODES
        assert isinstance(row["message"], str)
        assert row["message"].isprintable()
    assert len(answer.body) < 4 << 20
    assert "allow" in answer.headers or answer.status != 405 or json.loads(answer.body)["errors"][0]["code"] == "DENIED"
