"""A page is a part of a long list: at most `n` entries, beginning after `last`; `Link` leads to the next one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from wharf.errors import MalformedQuery

LONGEST_LAST = 512
_is_count = re.compile(r"0*([0-9]{1,9})").fullmatch
_is_number = re.compile(r"[0-9]+").fullmatch
_EXCERPT = 200


@dataclass(frozen=True, slots=True)
class PageRequest:
    """At most `n` entries that sort after `last`."""

    n: int
    last: str | None = None


def parse_page(n: str | None, last: str | None, default: int, limit: int) -> PageRequest:
    """More than the limit is answered with the limit: the client pages on, as it must anyhow."""
    return PageRequest(default if n is None else min(_parse_count(n), limit), _parse_last(last))


def next_link(path: str, n: int, last: str, extra: Iterable[tuple[str, str]] = ()) -> str:
    """The `Link` header of a page that is not the final one. `path` is encoded already."""
    query = urlencode([("n", str(n)), ("last", last), *extra], quote_via=quote)  # a plus is no space here
    return f'<{path}?{query}>; rel="next"'


def _parse_count(text: str) -> int:
    count = _is_count(text)
    if count:
        return int(count[1])
    if _is_number(text):
        return _BEYOND_ANY_LIMIT
    raise MalformedQuery(
        text[:_EXCERPT], "n is a number of entries, 0 or more", where="n", next_step="ask with, for example, n=100"
    )


_BEYOND_ANY_LIMIT = 10**9


def _parse_last(text: str | None) -> str | None:
    """Names, tags and digests are printable ASCII; nothing else can have stood at the end of a page."""
    if not text:
        return None
    if len(text) > LONGEST_LAST or not text.isascii() or not text.isprintable():
        raise MalformedQuery(
            text[:_EXCERPT],
            "last is an entry of the page before",
            where="last",
            next_step="follow the Link header of the page before",
        )
    return text
