"""The address under which clients know this registry: what `public-url` says, or else the one that they asked."""

from wharf.registry.http.message import Request

_STRANGE = frozenset(' "\\<>@/?#\t\r\n')


class Origin:
    def __init__(self, public_url: str | None) -> None:
        self._public_url = public_url

    def url(self, request: Request) -> str:
        """Without a slash at its end."""
        return self._public_url or f"{request.scheme}://{self.host(request)}"

    @property
    def name(self) -> str | None:
        """The host that this registry was told it has; None where it answers to any."""
        return self._public_url.partition("://")[2] if self._public_url else None

    def host(self, request: Request) -> str:
        """With the port, as clients write it before the name of a repository."""
        if self.name is not None:
            return self.name
        given = request.header(b"host") or request.header(b":authority") or ""
        return given if given and not _STRANGE & set(given) and given.isprintable() else "localhost"
