"""A flow, which says what is to be asked, brought together with somebody who really asks."""

from collections.abc import Generator
from typing import Protocol, TypeVar

from wharf.client.message import Request, Response

T = TypeVar("T")


class Sender(Protocol):
    async def send(self, request: Request) -> Response:
        """The answer as it came, whatever its status: nothing is added to the request, nothing repeated for it."""


async def answered(flow: Generator[Request, Response, T], sender: Sender) -> T:
    try:
        request = next(flow)
        while True:
            request = flow.send(await sender.send(request))
    except StopIteration as ended:
        value: T = ended.value
        return value
