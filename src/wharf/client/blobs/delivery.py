"""The delivery of one blob as a conversation: what is asked next, given what was answered.

    HEAD   is it there?                                        200: nothing is to be done
    POST   begin an upload, mounting it if somebody has it     201: it was mounted
    PATCH  all of it, or what is missing of it, or a chunk     202
    PUT    finish it under its digest                          201

Where a connection breaks, the registry is asked how much it has, and the delivery goes on from there; an upload that
the registry has forgotten, or cannot continue, is begun anew. Small blobs travel in the PUT alone. After the first
break a blob goes in chunks, because something on the way may not stand long requests.
"""

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from wharf.client.blobs.patience import PAUSES, Patience
from wharf.client.documents import announced_digest, confirm_digest, size_in
from wharf.client.line.retry import seconds_to_wait
from wharf.client.location import location_of, with_query
from wharf.client.message import Request, Response
from wharf.client.refusals import refusal, told
from wharf.errors import (
    MalformedHeader,
    RateLimited,
    RemoteDenied,
    RemoteMisbehaved,
    RemoteProblem,
    RemoteUnauthenticated,
    Unreachable,
)
from wharf.images.sink import Arrival
from wharf.oci.descriptor import Descriptor
from wharf.oci.reference import RepositoryName
from wharf.protocol import paths
from wharf.protocol.ranges import parse_content_range

SMALL: Final = 1024 * 1024
CHUNK_AFTER_A_BREAK: Final = 16 * 1024 * 1024
SMALLEST_CHUNK: Final = 1024 * 1024
OCTETS: Final = "application/octet-stream"
# 401: the token ran out while the body was on its way; the questions after it renew it, or fail in their turn.
_TO_BE_TRIED_AGAIN = frozenset({401, 408, 425, 429, 500, 502, 503, 504, 522})
_LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Ask:
    """A request without a body; after a pause in seconds. `mounts`: it also needs the right to read the source."""

    request: Request
    pause: float = 0.0
    mounts: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """A part of the blob as the body of a request."""

    method: str
    url: str
    start: int
    stop: int
    headers: tuple[tuple[str, str], ...] = ()


Step: TypeAlias = Ask | Send
Steps: TypeAlias = Generator[Step, Response, None]


@dataclass(slots=True)
class Session:
    """An upload at the registry: where it is, and how many bytes it has."""

    location: str
    received: int = 0
    least_chunk: int = 0
    was_resumed: bool = False


class _Broken(Exception):
    """An attempt that may be repeated; `problem` is told when there have been too many."""

    def __init__(self, problem: RemoteProblem, *, too_long: bool = False, pause: float = 0.0) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.too_long = too_long
        self.pause = pause


class Delivery:
    """One blob for one repository. `session` is the upload that is open, if there is one."""

    def __init__(
        self,
        registry: str,
        repository: RepositoryName,
        descriptor: Descriptor,
        mount_from: RepositoryName | None = None,
        *,
        may_mount: bool = True,
        pauses: Sequence[float] = PAUSES,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`now`: seconds of UTC, for registries that say until when to wait."""
        self.session: Session | None = None
        self.mount_refused = False
        self._registry = registry
        self._repository = repository
        self._descriptor = descriptor
        self.mount_from = mount_from
        self._may_mount = may_mount
        self._did = f"take the blob {descriptor.digest} into {repository}"
        self._chunk: int | None = None
        self._patience = Patience(pauses)
        self._now = now
        self._best = 0

    def steps(self) -> Generator[Step, Response, Arrival]:
        if (yield from self._is_there()):
            return Arrival.PRESENT
        while True:
            try:
                if self.session is None and (yield from self._mounted_or_begun()):
                    return Arrival.MOUNTED
                yield from self._sent()
            except _Broken as broken:
                if (yield from self._is_there_after(broken)):
                    return Arrival.SENT
            else:
                return Arrival.SENT

    # --- is it there, and the beginning ------------------------------------------------------------------------------

    def _is_there(self, pause: float = 0.0) -> Generator[Step, Response, bool]:
        response = yield Ask(Request("HEAD", self._blob_path), pause)
        if response.status in {401, 403, 429}:
            raise refusal(self._registry, self._did, response)
        return response.status == 200 and self._is_true(response)

    def _is_true(self, response: Response) -> bool:
        """What is there under this digest and has another size, or calls itself otherwise, is not what is meant."""
        wanted, size = self._descriptor, size_in(response.headers)
        called = announced_digest(self._registry, response.headers)
        same = called is None or called.algorithm is not wanted.digest.algorithm or called == wanted.digest
        return same and (size is None or size == wanted.size)

    def _mounted_or_begun(self) -> Generator[Step, Response, bool]:
        """Whether it was mounted. An answer that does not mount begins the upload instead: the wish costs nothing."""
        if not self._may_mount:
            yield from self._begun()
            return False
        self._may_mount = False
        wish = Request("POST", with_query(self._start_path, **self._wish))
        try:
            response = yield from self._answered(Ask(wish, mounts=True))
        except (RemoteDenied, RemoteUnauthenticated):  # the source may be out of reach, and the target is not
            yield from self._begun()
            return False
        if response.status == 201:
            confirm_digest(self._registry, self._descriptor.digest, response.headers)
            return True
        if response.status == 202:
            self._open(response)
            return False
        self.mount_refused = True  # some registries refuse what they do not know
        yield from self._begun()
        return False

    @property
    def _wish(self) -> dict[str, str]:
        source = {} if self.mount_from is None else {"from": str(self.mount_from)}
        return {"mount": str(self._descriptor.digest), **source}

    def _begun(self) -> Steps:
        response = yield from self._answered(Ask(Request("POST", self._start_path)))
        if response.status != 202:
            raise refusal(self._registry, self._did, response)
        self._open(response)

    def _open(self, response: Response) -> None:
        least = response.headers.first("oci-chunk-min-length") or ""
        length = int(least) if least.isdecimal() and len(least) < 12 else 0
        self.session = Session(location_of(self._registry, response), least_chunk=length)

    # --- the bytes ---------------------------------------------------------------------------------------------------

    def _sent(self) -> Steps:
        session, size = self._open_session, self._descriptor.size
        if size <= SMALL and session.received == 0 and self._chunk is None:
            yield from self._finished(Send("PUT", self._final_address(session), 0, size, _typed()))
            return
        while session.received < size:
            yield from self._patched(session)
        yield from self._finished(Ask(Request("PUT", self._final_address(session))))

    def _patched(self, session: Session) -> Steps:
        start, stop = session.received, self._stop_after(session)
        is_whole = (start, stop) == (0, self._descriptor.size) and self._chunk is None
        place = () if is_whole else (("Content-Range", f"{start}-{stop - 1}"),)
        response = yield from self._answered(Send("PATCH", session.location, start, stop, (*_typed(), *place)))
        if response.status not in {200, 201, 202, 204}:
            raise self._lost(response)
        if response.headers.first("location"):
            session.location = location_of(self._registry, response)
        received = _received(response, stop)
        if received > stop:
            self.session = None
        else:
            session.received = max(received, start)
        if received != stop:
            raise _Broken(self._contradiction(f"after bytes {start} to {stop - 1} it has {received}"))

    def _stop_after(self, session: Session) -> int:
        size = self._descriptor.size
        return size if self._chunk is None else min(size, session.received + max(self._chunk, session.least_chunk))

    def _finished(self, step: Step) -> Steps:
        response = yield from self._answered(step)
        if response.status not in {200, 201, 204}:
            raise self._lost(response)
        self.session = None
        confirm_digest(self._registry, self._descriptor.digest, response.headers)

    def _answered(self, step: Step) -> Generator[Step, Response, Response]:
        """An answer that means something; what may be tried again is raised as broken."""
        try:
            response = yield step
        except (Unreachable, RateLimited) as problem:
            raise _Broken(problem) from problem
        if response.status in _TO_BE_TRIED_AGAIN:
            raise _Broken(refusal(self._registry, self._did, response), pause=self._asked_pause(response))
        return response

    def _asked_pause(self, response: Response) -> float:
        asked = seconds_to_wait(response.headers.first("retry-after"), self._now())
        return min(asked or 0.0, _LONGEST_PAUSE)

    def _lost(self, response: Response) -> Exception:
        """The upload is gone or the registry disagrees about it: begun anew; a clear no is final."""
        problem = refusal(self._registry, self._did, response)
        if response.status == 413:
            return _Broken(problem, too_long=True)
        is_gone = response.status in {404, 416} or "BLOB_UPLOAD_UNKNOWN" in told(response).codes
        if is_gone or (response.status == 400 and self._open_session.was_resumed):
            self.session = None
            return _Broken(problem)
        return problem

    # --- after a break -----------------------------------------------------------------------------------------------

    def _is_there_after(self, broken: _Broken) -> Generator[Step, Response, bool]:
        """Whether the answer alone was lost. If not, the session says where to go on, or is none."""
        pause = max(broken.pause, self._pause_after(broken))
        try:
            if (yield from self._is_there(pause)):
                self.session = None
                return True
            if self.session is not None:
                yield from self._asked_how_much(self.session)
        except Unreachable as problem:
            return (yield from self._is_there_after(_Broken(problem)))
        return False

    def _pause_after(self, broken: _Broken) -> float:
        received = 0 if self.session is None else self.session.received
        self._patience.gain(max(0, received - self._best))
        self._best = max(self._best, received)
        pause = self._patience.pause()
        smaller = CHUNK_AFTER_A_BREAK if self._chunk is None else self._chunk // 4
        if pause is None or (broken.too_long and smaller < SMALLEST_CHUNK):
            raise broken.problem
        if self._chunk is None or broken.too_long:
            self._chunk = smaller
        return pause

    def _asked_how_much(self, session: Session) -> Steps:
        response = yield Ask(Request("GET", session.location))
        if response.status not in {200, 202, 204}:
            self.session = None
            return
        received = _received(response, 1)
        if received > self._descriptor.size:
            self.session = None
            return
        if response.headers.first("location"):
            session.location = location_of(self._registry, response)
        # "0-0" is said of no byte and of one. It nearly always means none; if not, the next chunk is out of order.
        session.received, session.was_resumed = received if received > 1 else 0, True

    # --- words and addresses -----------------------------------------------------------------------------------------

    @property
    def _open_session(self) -> Session:
        assert self.session is not None
        return self.session

    @property
    def _blob_path(self) -> str:
        return paths.blob(self._repository, self._descriptor.digest)

    @property
    def _start_path(self) -> str:
        return paths.upload_start(self._repository)

    def _final_address(self, session: Session) -> str:
        return with_query(session.location, digest=str(self._descriptor.digest))

    def _contradiction(self, reason: str) -> RemoteMisbehaved:
        return RemoteMisbehaved(self._registry, f"it miscounts an upload: {reason}", [self._did])


def _typed() -> tuple[tuple[str, str], ...]:
    return (("Content-Type", OCTETS),)


def _received(response: Response, otherwise: int) -> int:
    """How many bytes it has by its own word."""
    given = response.headers.first("range")
    try:
        return parse_content_range(given).stop if given else otherwise
    except MalformedHeader:
        return otherwise
