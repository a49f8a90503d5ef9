"""Where a response sends its reader next: the place of an upload, the next page of a list.

Such an address may be relative or whole. It may lead to another host, where credentials do not follow; it may not
lead out of TLS.
"""

import re
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from wharf.client.message import Response
from wharf.errors import RemoteMisbehaved
from wharf.protocol.shown_address import shown_address

LONGEST_ADDRESS = 16 * 1024
_is_next_link = re.compile(r'\s*<([^<>]*)>\s*((?:;[^;]*)*);\s*rel\s*=\s*"?next"?\s*(?:;.*)?', re.IGNORECASE).fullmatch


def location_of(registry: str, response: Response) -> str:
    """The whole address in `Location`, its query kept."""
    given = response.headers.first("location")
    if not given:
        raise RemoteMisbehaved(
            registry, f"an answer {response.status} without Location", [f"from: {response.shown_url}"]
        )
    address = _joined(registry, response.url, given)
    if urlsplit(response.url).scheme == "https" and urlsplit(address).scheme == "http":
        raise _out_of_tls(registry, given)
    return address


def next_page(registry: str, response: Response) -> str | None:
    """The address in the `Link` to the next page. A list is continued by its own host and by no other.

    Behind a proxy registries write addresses with the wrong scheme; of the same host only path and query count.
    """
    for header in response.headers.all("link"):
        for link in _links(header):
            return _on_the_same_host(registry, response.url, link)
    return None


def with_query(address: str, **parameters: str) -> str:
    """The address with these added to its query; what stands there already is left as it was written."""
    scheme, host, path, query, _ = urlsplit(address)
    added = urlencode(parameters, quote_via=quote, safe="")
    return urlunsplit((scheme, host, path, f"{query}&{added}" if query else added, ""))


def _links(header: str) -> list[str]:
    """Commas may stand inside the angle brackets, so links are parted where one closes and the next opens."""
    parts = re.split(r",\s*(?=<)", header[:LONGEST_ADDRESS])
    return [found[1] for part in parts if (found := _is_next_link(part))]


def _on_the_same_host(registry: str, base: str, link: str) -> str:
    here, there = urlsplit(base), urlsplit(_joined(registry, base, link))
    if there.hostname != here.hostname:
        raise RemoteMisbehaved(registry, "a list goes on at another host", [f"link: {shown_address(link)}"])
    return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))


def _joined(registry: str, base: str, given: str) -> str:
    if len(given) > LONGEST_ADDRESS or not given.isascii() or not given.isprintable():
        raise RemoteMisbehaved(registry, "an address that cannot be one", [shown_address(given)])
    try:
        address = urljoin(base, given)
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or " " in address:
        raise RemoteMisbehaved(registry, "an address that leads nowhere", [shown_address(given)])
    return address.partition("#")[0]


def _out_of_tls(registry: str, given: str) -> RemoteMisbehaved:
    cause = "it behind a proxy, it is not told of the TLS in front of it (X-Forwarded-Proto)"
    return RemoteMisbehaved(
        registry,
        "an upload is sent out of TLS, to plain HTTP",
        [f"location: {shown_address(given)}", f"if there is {cause}"],
    )
