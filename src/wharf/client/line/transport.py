"""One request and its answer over one connection, in the thread that calls. It blocks.

What comes back is an answer of any status, or the fact that there is none and why: whether to try again is decided
elsewhere.
"""

import io
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from wharf.client.line.connections import Connection, Pool, head_of
from wharf.client.line.dialling import Dialler
from wharf.client.line.framing import Framing, framing_of, stated_length
from wharf.client.line.head import Head
from wharf.client.line.retry import Failure
from wharf.client.line.trouble import failure_of, unreachable
from wharf.client.line.workers import Watch, given_up
from wharf.client.message import Headers, OpenResponse, Response, Upload
from wharf.client.origin import Address
from wharf.client.settings import ClientSettings
from wharf.errors import RemoteMisbehaved, Unreachable

_CHUNK_OF_A_DOCUMENT: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request with everything that goes over the wire. `repeatable`: it may be done twice."""

    registry: str
    method: str
    address: Address
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes | Upload = field(default=b"", repr=False)
    repeatable: bool = False


class NoAnswer(NamedTuple):
    """`error` is what to tell, `failure` what to decide by."""

    error: Unreachable
    failure: Failure


Answer: TypeAlias = Response | OpenResponse


class _Lost(Exception):
    """Never seen outside of this file: the connection failed. `touched`: the peer may have got some of the request."""

    def __init__(self, problem: OSError | EOFError, *, touched: bool) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.touched = touched


class Transport:
    """Used from many threads at once."""

    def __init__(self, settings: ClientSettings) -> None:
        self._settings = settings
        self._dialler = Dialler(settings)
        self._pool = Pool()

    def speaks_tls(self, address: Address, watch: Watch) -> bool:
        """Raises Unreachable if nobody is there."""
        try:
            return self._dialler.speaks_tls(address.origin, watch)
        except OSError as problem:
            raise unreachable(address.origin, problem) from problem

    def exchange(self, outgoing: Outgoing, watch: Watch, limit: int, *, opened: bool) -> Answer | NoAnswer:
        """`limit`: the most bytes of a body that is read here. `opened`: of a success, leave the body to be read."""
        waiting = self._pool.take(outgoing.address.origin, surely_fresh=not outgoing.repeatable)
        if waiting is not None:
            try:
                return self._over(waiting, outgoing, watch, limit, opened=opened)
            except _Lost as lost:
                # A peer that tires of waiting hangs up in the very moment in which it is spoken to.
                if watch.stopped or not outgoing.repeatable:
                    return _no_answer(outgoing, lost)
        return self._over_a_new_one(outgoing, watch, limit, opened=opened)

    def shut(self) -> None:
        """Nobody waits any longer for what is on its way."""
        self._pool.close()

    def close(self) -> None:
        self._pool.drop_all()

    def _over_a_new_one(self, outgoing: Outgoing, watch: Watch, limit: int, *, opened: bool) -> Answer | NoAnswer:
        origin = outgoing.address.origin
        try:
            connection = Connection(origin, self._dialler.dial(origin, watch), self._settings.timeouts)
        except Unreachable as error:
            return NoAnswer(error, Failure(sent=False, is_final=True))
        except OSError as problem:
            return NoAnswer(unreachable(origin, problem), failure_of(problem, sent=False))
        self._pool.adopt(connection)
        try:
            return self._over(connection, outgoing, watch, limit, opened=opened)
        except _Lost as lost:
            return _no_answer(outgoing, lost)

    def _over(self, connection: Connection, outgoing: Outgoing, watch: Watch, limit: int, *, opened: bool) -> Answer:
        """Whatever goes wrong, the connection is closed; what goes well keeps it."""
        try:
            watch.guard(connection.socket)
            answer = self._spoken(connection, outgoing, watch, limit, opened=opened)
            watch.release()
        except BaseException:
            self._pool.drop(connection)
            raise
        if watch.stopped:
            _put_away(answer)
            raise given_up()
        return answer

    def _spoken(self, connection: Connection, outgoing: Outgoing, watch: Watch, limit: int, *, opened: bool) -> Answer:
        whole = self._send(connection, outgoing)
        head = self._read_head(connection, outgoing, whole=whole)
        framing = framing_of(connection.reader, outgoing.registry, outgoing.method, head.status, head.headers)
        body = Body(self._pool, connection, framing, watch, keep=head.keeps_connection and whole)
        if opened and 200 <= head.status < 300:
            return OpenResponse(head.status, head.headers, body, str(outgoing.address))
        try:
            content = _whole_body(body, outgoing, head.headers, limit)
            return Response(head.status, head.headers, content, str(outgoing.address))
        except (OSError, EOFError) as problem:
            raise _Lost(problem, touched=True) from problem

    def _send(self, connection: Connection, outgoing: Outgoing) -> bool:
        head = head_of(outgoing.method, self._target(outgoing.address), self._fields(outgoing))
        return connection.send(head, outgoing.body)

    def _read_head(self, connection: Connection, outgoing: Outgoing, *, whole: bool) -> Head:
        after_upload = whole and isinstance(outgoing.body, Upload)
        try:
            return connection.read_head(outgoing.registry, after_upload=after_upload)
        except ssl.SSLError as problem:
            if "ALERT" in (problem.reason or ""):
                from wharf.client.line.tls_refusal import client_side_refusal  # noqa: PLC0415 - start-up time

                papers = self._dialler.papers_for(connection.origin)
                raise client_side_refusal(connection.origin, problem, papers) from problem
            raise _Lost(problem, touched=True) from problem
        except (OSError, EOFError) as problem:
            raise _Lost(problem, touched=True) from problem

    def _target(self, address: Address) -> str:
        """A proxy is given whole addresses where it forwards single requests, that is, without TLS."""
        is_forwarded = not address.origin.is_secure and self._dialler.proxy_for(address.origin) is not None
        return str(address) if is_forwarded else address.target

    def _fields(self, outgoing: Outgoing) -> Iterable[tuple[str, str]]:
        yield "Host", outgoing.address.origin.authority
        origin = outgoing.address.origin
        proxy = None if origin.is_secure else self._dialler.proxy_for(origin)
        if proxy is not None and proxy.authorization:
            yield "Proxy-Authorization", proxy.authorization
        yield from outgoing.fields
        if isinstance(outgoing.body, Upload) and outgoing.body.size is None:
            yield "Transfer-Encoding", "chunked"
        elif isinstance(outgoing.body, Upload):
            yield "Content-Length", str(outgoing.body.size)
        elif outgoing.body or outgoing.method in {"POST", "PUT", "PATCH"}:
            yield "Content-Length", str(len(outgoing.body))


class Body:
    """The body of an answer, still to be read. At its end the connection is free for the next request."""

    def __init__(self, pool: Pool, connection: Connection, framing: Framing, watch: Watch, *, keep: bool) -> None:
        self._pool = pool
        self._connection: Connection | None = connection
        self._framing = framing
        self._watch = watch
        self._keep = keep
        self._origin = connection.origin
        self._leave_at_the_end()

    def readinto(self, buffer: memoryview, /) -> int:
        try:
            return self.read(buffer)
        except (OSError, EOFError) as problem:
            self.close()
            raise unreachable(self._origin, problem, "while its answer was read") from problem
        except RemoteMisbehaved:
            self.close()
            raise

    def read(self, buffer: memoryview) -> int:
        """As `readinto`, with the errors as they come."""
        if self._connection is None:
            return 0
        count = self._framing.readinto(buffer)
        self._leave_at_the_end()
        return count

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._pool.drop(connection)

    def _leave_at_the_end(self) -> None:
        if self._framing.is_done and self._connection is not None:
            connection, self._connection = self._connection, None
            self._watch.release()  # who takes the connection next is not stopped by who had it before
            (self._pool.give_back if self._keep else self._pool.drop)(connection)


def _whole_body(body: Body, outgoing: Outgoing, headers: Headers, limit: int) -> bytes:
    if outgoing.method != "HEAD" and (stated_length(headers, outgoing.registry) or 0) > limit:
        raise _too_large(outgoing.registry, limit)
    whole = io.BytesIO()
    piece = memoryview(bytearray(min(_CHUNK_OF_A_DOCUMENT, limit + 1)))
    while count := body.read(piece):
        if whole.tell() + count > limit:
            raise _too_large(outgoing.registry, limit)
        whole.write(piece[:count])
    return whole.getvalue()


def _too_large(registry: str, limit: int) -> RemoteMisbehaved:
    return RemoteMisbehaved(registry, f"its answer is larger than {limit} bytes")


def _no_answer(outgoing: Outgoing, lost: _Lost) -> NoAnswer:
    doing = "before it answered" if isinstance(lost.problem, EOFError | ConnectionError) else ""
    return NoAnswer(unreachable(outgoing.address.origin, lost.problem, doing), Failure(sent=lost.touched))


def _put_away(answer: Answer) -> None:
    if isinstance(answer, OpenResponse):
        answer.reader.close()
