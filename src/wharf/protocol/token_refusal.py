"""The words with which a token service says no. They differ from service to service:

{"errors": [{"code": "UNAUTHORIZED", "message": "…"}]}          registries
{"error": "invalid_grant", "error_description": "…"}            OAuth 2
{"details": "incorrect username or password"}                   Docker Hub
{"message": "…"}
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from wharf.errors import MalformedJson, shown
from wharf.oci.strict_json import JsonValue, parse_object

_MOST_LINES: Final = 5
_SHORTEST_TO_CUT_OUT: Final = 4
_GRANT_WORDS: Final = frozenset({"unsupported_grant_type", "unsupported_response_type", "unsupported", "UNSUPPORTED"})


def said_in(body: bytes, secrets: Sequence[str]) -> tuple[str, ...]:
    """The words of the answer, without the secrets that it may repeat."""
    return tuple(shown(_blanked(line, secrets)) for line in list(_lines(_read(body)))[:_MOST_LINES])


def is_about_the_grant(body: bytes) -> bool:
    """Whether the service does not know this kind of request, rather than this caller."""
    answer = _read(body)
    codes = [answer.get("error"), *(entry.get("code") for entry in _errors(answer))]
    return any(code in _GRANT_WORDS for code in codes if isinstance(code, str))


def _read(body: bytes) -> Mapping[str, JsonValue]:
    try:
        return parse_object(body)
    except MalformedJson:
        return {}


def _lines(answer: Mapping[str, JsonValue]) -> Iterator[str]:
    for entry in _errors(answer):
        yield _pair(entry.get("code"), entry.get("message"))
    if "error" in answer or "error_description" in answer:
        yield _pair(answer.get("error"), answer.get("error_description"))
    for name in ("details", "detail", "message"):
        if isinstance(line := answer.get(name), str):
            yield line


def _errors(answer: Mapping[str, JsonValue]) -> Iterator[Mapping[str, JsonValue]]:
    entries = answer.get("errors")
    return (entry for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else iter(())


def _pair(code: JsonValue, message: JsonValue) -> str:
    return ": ".join(part for part in (code, message) if isinstance(part, str) and part)


def _blanked(line: str, secrets: Sequence[str]) -> str:
    for secret in filter(None, secrets):
        if secret in line:
            line = line.replace(secret, "…") if len(secret) >= _SHORTEST_TO_CUT_OUT else "…"
    return line
