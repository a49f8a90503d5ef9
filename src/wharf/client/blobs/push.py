"""Blobs on their way into a registry: the conversation of `delivery`, held over a real exchange with real bytes."""

import asyncio
import io
from collections.abc import Generator
from contextlib import suppress
from typing import Final

from wharf.client import rights
from wharf.client.blobs.delivery import OCTETS, SMALL, Ask, Delivery, Send, Step
from wharf.client.blobs.outgoing import Measured, Outgoing, Tally
from wharf.client.documents import confirm_digest
from wharf.client.exchange import Exchange
from wharf.client.location import location_of, with_query
from wharf.client.message import Request, Response, Upload
from wharf.client.refusals import refusal
from wharf.errors import RateLimited, RemoteDenied, RemoteProblem, RemoteUnauthenticated, Unreachable, WharfError
from wharf.images.reading import BlobReader
from wharf.images.sink import Arrival, Cargo, Moved
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.protocol import paths
from wharf.protocol.scope import Scope

LONGEST_FAREWELL: Final = 5.0
"""Seconds for giving up an upload; whoever is leaving does not wait longer."""

Steps = Generator[Step, Response, Arrival]


class Shipper:
    """Brings blobs into one repository."""

    def __init__(self, exchange: Exchange, repository: RepositoryName) -> None:
        self._exchange = exchange
        self._repository = repository

    async def deliver(self, cargo: Cargo, delivery: Delivery, moved: Moved) -> Arrival:
        """What is untrue, or cancelled, leaves nothing behind at the registry."""
        source = delivery.mount_from
        scopes, to_mount = (rights.to_push(self._repository),), () if source is None else (rights.to_pull(source),)
        voyage = _Voyage(self._exchange, cargo, Tally(cargo.descriptor, moved), scopes, to_mount)
        try:
            return await voyage.made(delivery.steps())
        except BaseException as problem:
            if delivery.session is not None and not isinstance(problem, Unreachable):
                await self._give_up(delivery.session.location)
            raise

    async def deliver_stream(self, reader: BlobReader, moved: Moved) -> tuple[Digest, int]:
        """A blob whose digest is known at its end. What is small is held in memory until then."""
        try:
            first = await asyncio.to_thread(_read_up_to, reader, SMALL)
        except BaseException:
            reader.close()
            raise
        if len(first) == SMALL:
            return await self._streamed(Measured(first, reader, moved))
        reader.close()
        digest = Digest.of(first)
        cargo = _in_memory(first, digest)
        await self.deliver(cargo, Delivery(self._exchange.registry, self._repository, cargo.descriptor), moved)
        return digest, len(first)

    # --- a stream ----------------------------------------------------------------------------------------------------

    async def _streamed(self, outgoing: Measured) -> tuple[Digest, int]:
        location = ""
        try:
            location = await self._begun()
            location = await self._poured(outgoing, location)
            digest, size = outgoing.measured()
            await self._finished(location, digest)
        except BaseException as problem:
            outgoing.halt()
            if location and not isinstance(problem, Unreachable):
                await self._give_up(location)
            raise
        finally:
            await asyncio.to_thread(outgoing.close)
        return digest, size

    async def _begun(self) -> str:
        path = paths.upload_start(self._repository)
        response = await self._ask(Request("POST", path))
        self._expect(response, 202)
        return location_of(self._exchange.registry, response)

    async def _poured(self, outgoing: Measured, location: str) -> str:
        body = Upload(outgoing, None, outgoing.moved)
        try:
            response = await self._ask(Request("PATCH", location, {"Content-Type": OCTETS}, body))
        except Exception:
            if outgoing.failure is not None:
                raise outgoing.failure from None
            raise
        self._expect(response, 200, 201, 202, 204)
        return location_of(self._exchange.registry, response) if response.headers.first("location") else location

    async def _finished(self, location: str, digest: Digest) -> None:
        address = with_query(location, digest=str(digest))
        response = await self._ask(Request("PUT", address))
        self._expect(response, 200, 201, 204)
        confirm_digest(self._exchange.registry, digest, response.headers)

    # --- within ------------------------------------------------------------------------------------------------------

    async def _ask(self, request: Request) -> Response:
        return await self._exchange.ask(request, (rights.to_push(self._repository),))

    def _expect(self, response: Response, *statuses: int) -> None:
        if response.status not in statuses:
            raise refusal(self._exchange.registry, f"take a blob into {self._repository}", response)

    async def _give_up(self, location: str) -> None:
        """The registry forgets it in any case after a while; so nothing that fails here is worth telling."""
        with suppress(WharfError, OSError, TimeoutError):
            async with asyncio.timeout(LONGEST_FAREWELL):
                await self._ask(Request("DELETE", location))


class _Voyage:
    """One cargo and the conversation about it."""

    def __init__(
        self, exchange: Exchange, cargo: Cargo, tally: Tally, scopes: tuple[Scope, ...], to_mount: tuple[Scope, ...]
    ) -> None:
        self._exchange = exchange
        self._cargo = cargo
        self._tally = tally
        self._scopes = scopes
        self._to_mount = to_mount
        self._failure: Exception | None = None
        """What went wrong on this side, with the cargo itself: it is not the registry's, and not tried again."""
        self._at_hand: tuple[int, BlobReader] | None = None
        """A reader that is still open, and where it stands: chunks that follow one another are read from one."""

    async def made(self, steps: Steps) -> Arrival:
        try:
            step = next(steps)
            while True:
                outcome = await self._outcome(step)
                step = steps.send(outcome) if isinstance(outcome, Response) else steps.throw(outcome)
        except StopIteration as end:
            arrival: Arrival = end.value
            return arrival
        finally:
            steps.close()
            await self._put_away()

    async def _outcome(self, step: Step) -> Response | RemoteProblem:
        """An answer, or the lack of one: what to do about it is for the conversation to say."""
        try:
            return await (self._sent(step) if isinstance(step, Send) else self._asked(step))
        except (Unreachable, RateLimited, RemoteDenied, RemoteUnauthenticated) as problem:
            if problem is self._failure:
                raise
            return problem

    async def _asked(self, step: Ask) -> Response:
        if step.pause:
            await asyncio.sleep(step.pause)
        return await self._exchange.ask(step.request, (*self._scopes, *self._to_mount) if step.mounts else self._scopes)

    async def _sent(self, step: Send) -> Response:
        outgoing = Outgoing(await self._opened(step.start), self._tally, step.start, step.stop)
        try:
            body = await self._body(outgoing, step.stop - step.start)
            request = Request(step.method, step.url, dict(step.headers), body)
            response = await self._exchange.ask(request, self._scopes)
        except Exception:
            if outgoing.failure is not None:
                self._failure = outgoing.failure
                raise outgoing.failure from None
            raise
        finally:
            if not outgoing.is_done:
                outgoing.halt()
            reader = await asyncio.to_thread(outgoing.put_down)
            self._at_hand = None if reader is None else (step.stop, reader)
        if isinstance(body, bytes):
            self._tally.arrived_at(step.stop)
        return response

    async def _opened(self, start: int) -> BlobReader:
        if self._at_hand is not None and self._at_hand[0] == start:
            (_, reader), self._at_hand = self._at_hand, None
            return reader
        await self._put_away()
        try:
            return await self._cargo.open(start)
        except Exception as problem:
            self._failure = problem
            raise

    async def _put_away(self) -> None:
        if self._at_hand is not None:
            (_, reader), self._at_hand = self._at_hand, None
            await asyncio.to_thread(reader.close)

    async def _body(self, outgoing: Outgoing, size: int) -> bytes | Upload:
        """What is small goes as bytes, which the exchange may send again by itself."""
        if size > SMALL:
            return Upload(outgoing, size, outgoing.moved)
        return await asyncio.to_thread(_read_up_to, outgoing, size)


def _in_memory(content: bytes, digest: Digest) -> Cargo:
    async def opened(offset: int) -> BlobReader:
        reader = io.BytesIO(content)
        reader.seek(offset)
        return reader

    return Cargo(Descriptor(OCTETS, digest, len(content)), opened)


def _read_up_to(reader: BlobReader, limit: int) -> bytes:
    buffer = bytearray(limit)
    room, filled = memoryview(buffer), 0
    while count := reader.readinto(room[filled:]) or 0:
        filled += count
    return bytes(room[:filled])
