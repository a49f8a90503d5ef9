"""What the operating system says when nobody answers, in words, and whether the next try may end otherwise."""

import socket
import ssl

from wharf.client.line.retry import Failure
from wharf.client.origin import Origin
from wharf.errors import Unreachable, shown

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


def is_nobody_there(problem: OSError) -> bool:
    """A definite answer: the name is not known, or nothing listens."""
    unknown = isinstance(problem, socket.gaierror) and problem.errno in _NO_SUCH_NAME
    return unknown or isinstance(problem, ConnectionRefusedError)


def failure_of(problem: OSError, *, sent: bool) -> Failure:
    return Failure(sent, is_final=is_nobody_there(problem))


def unreachable(origin: Origin, problem: OSError | EOFError, doing: str = "") -> Unreachable:
    """`doing`: what was going on, "while the answer was read"."""
    return Unreachable(origin.authority, f"{_in_words(problem)}{f' {doing}' if doing else ''}")


def _in_words(problem: OSError | EOFError) -> str:
    match problem:
        case socket.gaierror():
            return "its name is not known" if is_nobody_there(problem) else "its name could not be looked up just now"
        case ConnectionRefusedError():
            return "nobody listens there"
        case TimeoutError():
            return "no answer in time"
        case EOFError() | ConnectionResetError() | BrokenPipeError() | ConnectionAbortedError():
            return "it hung up"
        case ssl.SSLError():
            return f"the TLS connection broke: {shown((problem.reason or 'without a word').lower().replace('_', ' '))}"
    return (problem.strerror or "the connection broke").lower()
