"""One request and its response, as values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from wharf.images.reading import BlobReader
from wharf.protocol.shown_address import shown_address

FORM: Final = "application/x-www-form-urlencoded"


class Headers:
    """Header fields of a response: names in any case, a name as often as it was sent."""

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self._fields = tuple((name.lower(), value) for name, value in fields)

    def first(self, name: str) -> str | None:
        return next((value for known, value in self._fields if known == name.lower()), None)

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for known, value in self._fields if known == name.lower())

    def items(self) -> tuple[tuple[str, str], ...]:
        return self._fields


@dataclass(frozen=True, slots=True)
class Upload:
    """A request body that is read while it is sent, once: such a request is never repeated by itself.

    Without a size it goes in chunked transfer coding.
    """

    reader: BlobReader
    size: int | None = None
    moved: Callable[[int], None] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Request:
    """`url` is absolute, or begins with a slash and is meant for the session's registry.

    Headers and body are not shown: there may be a password in them.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False, repr=False)
    body: bytes | Upload = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """`url` is where it came from in the end, after redirects: what a relative Location is relative to."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)
    url: str

    @property
    def shown_url(self) -> str:
        """For messages: after redirects it may hold a signature."""
        return shown_address(self.url)


@dataclass(frozen=True, slots=True)
class OpenResponse:
    """A response whose body is still to be read. Whoever has it closes it."""

    status: int
    headers: Headers
    reader: BlobReader
    url: str
