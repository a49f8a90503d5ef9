"""Input as nobody means it: enormous, and nearly right. And a stopwatch that other programs do not disturb."""

import time
from collections.abc import Callable
from typing import TypeVar

from hypothesis import settings

from wharf.errors import WharfError

Given = TypeVar("Given", str, bytes)
Value = TypeVar("Value")

MEGABYTE = 1_000_000

ENORMOUS_TEXTS = {
    "letters": "a" * MEGABYTE,
    "capitals": "A" * MEGABYTE,
    "letters and dashes": "a-" * (MEGABYTE // 2),
    "underscores": "a" + "_" * MEGABYTE + "!",
    "slashes": "/" * MEGABYTE,
    "segments": "a/" * (MEGABYTE // 2),
    "digits": "9" * MEGABYTE,
    "control characters": "\x00" * MEGABYTE,
    "wide characters": "\U0001f6a2" * MEGABYTE,
    "half characters": "\ud800" * MEGABYTE,
    "a digest without end": "sha256:" + "a" * MEGABYTE,
    "colons": ":" * MEGABYTE,
    "quotes": '"\\' * (MEGABYTE // 2),
    "commas": "," * MEGABYTE,
    "a range": "bytes=" + "1" * MEGABYTE + "-",
    "parameters": 'Bearer a="b",' * (MEGABYTE // 13),
}

steady = settings(deadline=None)
"""For property tests: the machine may be busy, and a slow example is no wrong one."""


def read_or_refused(parse: Callable[[Given], Value], given: Given) -> Value | WharfError:
    """What a parser makes of it; an error that is none of ours goes through and fails the test."""
    try:
        return parse(given)
    except WharfError as refusal:
        return refusal


def cpu_seconds(parse: Callable[[Given], object], given: Given, attempts: int = 3) -> float:
    """The best of some attempts to read or refuse it."""
    return min(_once(parse, given) for _ in range(attempts))


def _once(parse: Callable[[Given], object], given: Given) -> float:
    begun = time.thread_time()
    read_or_refused(parse, given)
    return time.thread_time() - begun
