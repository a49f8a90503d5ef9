"""A refusal is an answer that is not what was asked for: read into an error that repeats the registry's own words."""

import re
from dataclasses import dataclass

from wharf.client.message import Response
from wharf.errors import MalformedJson, RateLimited, RemoteAnswered, RemoteDenied, RemoteUnauthenticated, shown
from wharf.oci.strict_json import JsonValue, parse_object

MOST_LINES = 6
_MOST_READ = 64 * 1024
_LONGEST_LINE = 400

_KINDS: dict[int, type[RemoteAnswered]] = {401: RemoteUnauthenticated, 403: RemoteDenied, 429: RateLimited}
_is_page = re.compile(rb"\s*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE).match
_title = re.compile(rb"<title[^>]{0,200}>([^<]{0,400})", re.IGNORECASE).search
_heading = re.compile(rb"<h[1-3][^>]{0,200}>([^<]{0,400})", re.IGNORECASE).search
_ALLOW_DELETING = (
    "docker's own registry deletes nothing until its operator allows it: REGISTRY_STORAGE_DELETE_ENABLED=true, or "
    "storage.delete.enabled in its configuration; others have a web page for it"
)
_PAGE = "it answered with a web page, not as a registry does"


@dataclass(frozen=True, slots=True)
class Told:
    """What the body of an answer says."""

    codes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    next_step: str = ""
    digests: tuple[str, ...] = ()
    """Those that the errors' details name: the parts that a manifest lacks."""

    is_page: bool = False


def refusal(registry: str, did: str, response: Response, next_step: str = "") -> RemoteAnswered:
    """`did`: what was asked, as it continues "refused to …"."""
    said = told(response)
    kind = _KINDS.get(response.status, RemoteAnswered)
    advice = said.next_step or next_step or _advice(response.status, said, did)
    return kind(registry, did, response.status, (*said.lines, *_wait(response)), codes=said.codes, next_step=advice)


def told(response: Response) -> Told:
    """The words of an answer, bounded; an empty body says nothing."""
    body = response.body[:_MOST_READ]
    if _is_page(body):
        return Told(lines=_page_lines(body), is_page=True)
    try:
        document = parse_object(response.body)
    except MalformedJson:
        return Told(lines=_plain_lines(body))
    errors = document.get("errors")
    entries = [entry for entry in errors if isinstance(entry, dict)] if isinstance(errors, list) else []
    return _from_entries(entries) if entries else Told(lines=_loose_lines(document))


def _from_entries(entries: list[dict[str, JsonValue]]) -> Told:
    details = [entry.get("detail") for entry in entries]
    return Told(
        codes=tuple(_text(entry.get("code")) for entry in entries[:MOST_LINES]),
        lines=tuple(_bounded(_line(entry)) for entry in entries[:MOST_LINES]),
        next_step=next((step for detail in details if (step := _own_next_step(detail))), ""),
        digests=tuple(digest for detail in details if (digest := _digest_in(detail))),
    )


def _digest_in(detail: JsonValue) -> str:
    """Registries write it in three ways."""
    if isinstance(detail, dict):
        detail = detail.get("digest") or detail.get("Digest")
    text = _text(detail)
    return text if text.startswith(("sha256:", "sha512:")) else ""


def _line(entry: dict[str, JsonValue]) -> str:
    message, detail = _text(entry.get("message")), entry.get("detail")
    line = ": ".join(part for part in (_text(entry.get("code")), message) if part)
    more = _text(detail.get("cause")) if isinstance(detail, dict) else _text(detail)
    return f"{line} ({more})" if more and more not in message else line


def _own_next_step(detail: JsonValue) -> str:
    """A wharf registry says what to do; it stays recognisable as the registry's advice."""
    step = _text(detail.get("nextStep")) if isinstance(detail, dict) and "wharfCode" in detail else ""
    return f"the registry advises: {shown(step)}" if step else ""


def _loose_lines(document: dict[str, JsonValue]) -> tuple[str, ...]:
    """Gateways and token services have forms of their own."""
    names = ("message", "error", "error_description", "details", "detail", "title")
    return tuple(_bounded(text) for name in names if (text := _text(document.get(name))))[:MOST_LINES]


def _page_lines(body: bytes) -> tuple[str, ...]:
    found = _title(body) or _heading(body)
    text = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    return (_PAGE, _bounded(f"its title: {text}")) if text else (_PAGE,)


def _plain_lines(body: bytes) -> tuple[str, ...]:
    text = " ".join(body[: 4 * _LONGEST_LINE].decode("utf-8", "replace").split())
    return (_bounded(text),) if text else ()


def _wait(response: Response) -> tuple[str, ...]:
    after = response.headers.first("retry-after")
    return (f"it asks to wait: {_bounded(after)}",) if after else ()


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else text[:_LONGEST_LINE] + "…"


def _advice(status: int, said: Told, did: str) -> str:
    if status == 413:
        return "a proxy or the registry limits the size of requests: raise its limit (client_max_body_size in nginx)"
    if status == 412:
        return "a policy of the registry stands before it: sign or scan the image, or ask the project's owner"
    if status == 405 and did.startswith("delete "):
        return _ALLOW_DELETING
    if status == 405 or "UNSUPPORTED" in said.codes:
        return "this registry does not do it in this way; look at its own web page or interface"
    if status == 507 or status in {500, 502, 503, 504}:
        return "try again in a moment; if it stays so, ask the registry's operator, with its answer above"
    if "NAME_UNKNOWN" in said.codes:
        return "look at the repository's name; some registries want a repository created before the first push"
    if said.is_page:
        return "look whether the address is a registry's, and what the proxy in front of it does"
    return ""
