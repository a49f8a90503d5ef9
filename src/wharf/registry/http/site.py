"""A site: a part of the address space with its own way to answer, and to refuse."""

from typing import Protocol

from wharf.errors import WharfError
from wharf.registry.http.message import Reply, Request


class Site(Protocol):
    def serves(self, path: str) -> bool: ...

    async def reply(self, request: Request) -> Reply:
        """HEAD is answered as GET: that nothing follows the headers is seen to where they are sent."""

    def refusal(self, error: WharfError, request: Request) -> Reply:
        """What went wrong in its reply, or before: a credential that is not good, a query that cannot be read."""


async def replied(site: Site, request: Request) -> Reply:
    """What the site replies, or how it refuses."""
    try:
        return await site.reply(request)
    except WharfError as error:
        return site.refusal(error, request)
