"""A site: a part of the address space with its own way to answer, and to refuse."""

from typing import Protocol

from wharf.errors import WharfError
from wharf.registry.http.message import Reply, Request


class Site(Protocol):
    def serves(self, path: str) -> bool: ...

    async def reply(self, request: Request) -> Reply: ...

    def refusal(self, error: WharfError, request: Request) -> Reply:
        """For what goes wrong before the site is asked: a credential that is not good, a query that cannot be read."""
