"""An address as it may be shown: without the user in it, and without its query, where signatures and tokens stand."""

from wharf.errors import shown

_LONGEST = 4096


def shown_address(url: str) -> str:
    """Of any text at all: what is to be told is mostly that it is no good address."""
    bare = url[:_LONGEST].partition("#")[0].partition("?")[0]
    scheme, slashes, rest = bare.partition("//")
    host, slash, path = rest.partition("/")
    return shown(f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}")
