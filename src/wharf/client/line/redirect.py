"""What follows from an answer that sends its reader elsewhere. Registries do so for blobs: the bytes lie in a store.

Credentials stay at home: they go along only to the very same origin. Out of TLS nobody is followed.
"""

from typing import Final, NamedTuple
from urllib.parse import urljoin

from wharf.client.origin import Address
from wharf.errors import RemoteMisbehaved

MOST_REDIRECTS: Final = 10
_LONGEST_LOCATION: Final = 16 * 1024
_METHODS: Final = frozenset({"GET", "HEAD"})
_STATUSES: Final = frozenset({301, 302, 303, 307, 308})


class Hop(NamedTuple):
    """The next address, and whether who sent us may still know who we are there."""

    address: Address
    keeps_credentials: bool


def is_redirect(method: str, status: int, location: str | None) -> bool:
    """Requests that change something are not sent on: what their redirect means is their caller's to say."""
    return method in _METHODS and status in _STATUSES and bool(location)


def next_hop(registry: str, path: tuple[Address, ...], location: str) -> Hop:
    """`path`: all addresses so far, the last of them the one that answered."""
    here = path[-1]
    if len(path) > MOST_REDIRECTS:
        raise _refused(registry, f"more than {MOST_REDIRECTS} redirects", path)
    if len(location) > _LONGEST_LOCATION:
        raise _refused(registry, "a redirect to an address without an end", path)
    address = Address.parse(_joined(here, location), registry)
    if address in path:
        raise _refused(registry, "redirects in a circle", (*path, address))
    if here.origin.is_secure and not address.origin.is_secure:
        raise _refused(registry, "a redirect out of TLS, to plain HTTP", (*path, address))
    return Hop(address, keeps_credentials=address.origin == here.origin)


def _joined(here: Address, location: str) -> str:
    """Servers forget to escape; a space and what is beyond ASCII is escaped here as a browser would."""
    try:
        return urljoin(str(here), location.strip()).replace(" ", "%20")
    except ValueError:
        return location


def _refused(registry: str, reason: str, path: tuple[Address, ...]) -> RemoteMisbehaved:
    return RemoteMisbehaved(registry, reason, [f"by way of: {address.without_query}" for address in path[-3:]])
