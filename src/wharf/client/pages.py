"""Long lists come in pages: tags, repositories, referrers. A list that never ends, or goes in a circle, is given up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final, NamedTuple, TypeVar

from wharf.client.exchange import Exchange
from wharf.client.location import next_page
from wharf.client.message import Request, Response
from wharf.errors import Malformed, RemoteMisbehaved
from wharf.oci.members import Members
from wharf.oci.strict_json import parse_object
from wharf.protocol.scope import Scope

PAGE_SIZE: Final = 1000
MOST_ENTRIES: Final = 500_000
MOST_PAGES: Final = 10_000
LARGEST_PAGE: Final = 32 * 1024 * 1024
"""Registries that know no pages send everything at once."""

_MOST_BARREN_PAGES = 10

Entry = TypeVar("Entry")


class Asking(NamedTuple):
    """A list: where it begins, the rights to read it, and how much of it is wanted."""

    url: str
    scopes: Sequence[Scope]
    what: str
    most_pages: int | None = None
    """So many are enough for whoever asks; without it the list is read to its end."""


class _Walk:
    """What was seen on the way through one list, so that it cannot go on for ever."""

    def __init__(self, registry: str, what: str) -> None:
        self._registry = registry
        self._what = what
        self._visited: set[str] = set()
        self._barren = 0

    def step_to(self, address: str) -> None:
        if address in self._visited:
            raise self._endless("a page leads back to one before it", address)
        if len(self._visited) >= MOST_PAGES:
            raise self._endless(f"it has more than {MOST_PAGES} pages", address)
        self._visited.add(address)

    def took(self, new: int, known: int, address: str) -> None:
        self._barren = 0 if new else self._barren + 1
        if self._barren > _MOST_BARREN_PAGES:
            raise self._endless("page after page brings nothing new", address)
        if known > MOST_ENTRIES:
            raise self._endless(f"it has more than {MOST_ENTRIES} entries", address)

    def _endless(self, reason: str, address: str) -> RemoteMisbehaved:
        return RemoteMisbehaved(self._registry, f"the {self._what} do not end: {reason}", [f"page: {address}"])


Judge = Callable[[Response], None]
"""Raises for an answer that is no page of the list."""


async def entries_of(
    exchange: Exchange, asking: Asking, judge: Judge, read: Callable[[Response], Iterator[Entry]]
) -> tuple[Entry, ...]:
    """Each entry once, in the order of the registry."""
    walk = _Walk(exchange.registry, asking.what)
    found: dict[Entry, None] = {}
    address: str | None = asking.url
    pages = 0
    while address is not None and (asking.most_pages is None or pages < asking.most_pages):
        walk.step_to(address)
        response = await exchange.ask(Request("GET", address), asking.scopes, LARGEST_PAGE)
        judge(response)
        before = len(found)
        found.update(dict.fromkeys(_believed(exchange.registry, asking.what, read, response)))
        walk.took(len(found) - before, len(found), response.url)
        address, pages = next_page(exchange.registry, response), pages + 1
    return tuple(found)


def names_in(response: Response, member: str) -> Iterator[str]:
    """The texts of one member: null, as some registries say for an empty list, holds none."""
    yield from Members.of(parse_object(response.body), "", Malformed).texts(member)


def readable(read: Callable[[str], Entry], names: Iterable[str]) -> Iterator[Entry]:
    """Some registries list names that nobody could ask for; they are left out, and the list still serves."""
    for name in names:
        with suppress(Malformed):
            yield read(name)


def _believed(
    registry: str, what: str, read: Callable[[Response], Iterator[Entry]], response: Response
) -> tuple[Entry, ...]:
    try:
        return tuple(read(response))
    except Malformed as problem:
        lines = [str(problem), f"from: {response.shown_url}"]
        raise RemoteMisbehaved(registry, f"the {what} cannot be read", lines) from problem
