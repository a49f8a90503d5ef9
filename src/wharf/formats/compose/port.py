"""A port of a container, and the one of the host that leads to it."""

import re
from dataclasses import dataclass

from wharf.formats.span import Span
from wharf.formats.text import Text

_short = re.compile(
    r"(?:(?P<address>\[[^\]]*\]|[0-9]+(?:\.[0-9]+){3}):)?(?:(?P<published>[0-9]*(?:-[0-9]+)?):)?(?P<target>[0-9]+(?:-[0-9]+)?)"
    r"(?:/(?P<protocol>[a-z]+))?"
).fullmatch


@dataclass(frozen=True)
class Port:
    target: str
    published: str
    """Of the host: a number, or a range; empty where the host may choose."""
    span: Span
    address: str = ""
    """Of the host that it is bound to; all of them, if empty."""
    protocol: str = "tcp"

    @property
    def is_fixed(self) -> bool:
        return self.published.isascii() and self.published.isdigit()

    def clashes_with(self, other: "Port") -> bool:
        """Whether only one of both can be bound."""
        everywhere = {"", "0.0.0.0", "[::]", "::"}  # noqa: S104 - nothing is bound here
        same_address = self.address == other.address or bool({self.address, other.address} & everywhere)
        same_port = self.is_fixed and other.is_fixed and int(self.published) == int(other.published)
        return same_address and same_port and self.protocol == other.protocol


def read_port(text: Text, span: Span) -> Port | None:
    """From its short form, `127.0.0.1:8080:80/tcp`. None, if that is not known."""
    found = _short(text.value or "")
    if not found:
        return None
    return Port(found["target"], found["published"] or "", span, found["address"] or "", found["protocol"] or "tcp")
