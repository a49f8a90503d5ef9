"""Finding a program by its name, and running it so that it can neither hang, flood nor outlive its time."""

import contextlib
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from wharf.credentials.places import WINDOWS

_MOST_OUTPUT = 1 << 20
_MOST_COMPLAINT = 1 << 16
_PIECE = 1 << 16
_LAST_WORDS_SECONDS = 0.5
_WINDOWS_ENDINGS = ".COM;.EXE;.BAT;.CMD"


@dataclass(frozen=True, slots=True)
class Found:
    """A program; or, without a path, what stands in its place."""

    path: Path | None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended, and what it wrote, which may be secret."""

    code: int | None
    """None for one that was ended from here."""
    out: bytes = field(default=b"", repr=False)
    err: bytes = field(default=b"", repr=False)
    flooded: bool = False


def find_program(name: str, environ: Mapping[str, str], platform: str) -> Found:
    """Along PATH, never in the current folder: a folder that was cloned must not bring its own helper."""
    near_misses: list[str] = []
    for folder in environ.get("PATH", os.defpath).split(";" if platform == WINDOWS else os.pathsep):
        for path in _candidates(Path(folder), name, environ, platform):
            if _is_program(path):
                return Found(path)
            near_misses += [f"{path} is not executable"] if path.is_file() else []
    return Found(None, near_misses[0] if near_misses else "")


def _candidates(folder: Path, name: str, environ: Mapping[str, str], platform: str) -> Iterator[Path]:
    if not folder.is_absolute():
        return
    if platform == WINDOWS:
        endings = [ending.lower() for ending in (environ.get("PATHEXT") or _WINDOWS_ENDINGS).split(";") if ending]
        has_one = name.lower().endswith(tuple(endings))
        yield from (folder / (name + ending) for ending in (["", *endings] if has_one else endings))
    else:
        yield folder / name


def _is_program(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode) and os.access(path, os.X_OK)
    except (OSError, ValueError):
        return False


def run_program(
    path: Path, arguments: str | Sequence[str], given: bytes, environ: Mapping[str, str], patience_seconds: float
) -> Outcome:
    """Give it something to read and read what it writes. An OSError means that it could not be started.

    It is a process group of its own, which is ended as a whole. What it leaves running after a good end, as gpg does
    with its agent, may hold its outputs open: they are waited for only a moment.
    """
    import subprocess  # noqa: PLC0415 - start-up time

    process = subprocess.Popen(  # noqa: S603 - a program that the person's own files name
        [path, *([arguments] if isinstance(arguments, str) else arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environ),
        bufsize=0,
        process_group=None if sys.platform == "win32" else 0,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    watch = _Watch(process.wait, process.pid)
    try:
        _in_background(_feed, process.stdin, given)
        out = _Ear(process.stdout, _MOST_OUTPUT, watch)
        err = _Ear(process.stderr, _MOST_COMPLAINT, None)
        in_time = watch.waited(patience_seconds) and not out.flooded
    finally:
        watch.end()
    return Outcome(process.returncode if in_time else None, out.heard(), err.heard(), out.flooded)


class _Watch:
    """Waits for the end of a process without asking again and again, and brings it about."""

    def __init__(self, wait: Callable[[], int], pid: int) -> None:
        self._pid = pid
        self._thread = _in_background(wait)

    def waited(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def end(self) -> None:
        if not self.waited(0):
            _end_group(self._pid)
            self._thread.join(_LAST_WORDS_SECONDS)


class _Ear:
    """Takes in what a program writes, up to a limit. The thread owns the pipe and closes it."""

    def __init__(self, pipe: IO[bytes], most: int, watch: _Watch | None) -> None:
        self._taken = bytearray()
        self._pipe = pipe
        self._most = most
        self._watch = watch
        self._thread = _in_background(self._listen, pipe)

    @property
    def flooded(self) -> bool:
        return len(self._taken) > self._most

    def heard(self) -> bytes:
        """Once the program has ended: what it wrote and nobody has taken yet, on a busy machine, is waited for."""
        self._thread.join(_LAST_WORDS_SECONDS)
        while self._thread.is_alive() and _holds_more(self._pipe):
            self._thread.join(_LAST_WORDS_SECONDS)
        return bytes(self._taken[: self._most])

    def _listen(self, pipe: IO[bytes]) -> None:
        with pipe:
            while not self.flooded and (piece := pipe.read(_PIECE)):
                self._taken += piece
        if self.flooded and self._watch:
            self._watch.end()


def _holds_more(pipe: IO[bytes]) -> bool:
    """Whether something lies in it that nobody has read. Windows does not say."""
    if sys.platform == "win32":
        return False
    import fcntl  # noqa: PLC0415 - not on every system
    import termios  # noqa: PLC0415 - not on every system

    try:
        return any(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))
    except (OSError, ValueError):  # it was closed meanwhile: all of it was read
        return False


def _feed(pipe: IO[bytes], given: bytes) -> None:
    """A program may end without having read it all."""
    with contextlib.suppress(OSError), pipe:
        view = memoryview(given)
        while view:
            view = view[pipe.write(view) :]


def _in_background(target: Callable[..., object], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


def _end_group(pid: int) -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            import subprocess  # noqa: PLC0415 - start-up time

            command = ["taskkill", "/F", "/T", "/PID", str(pid)]
            subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - nothing of it is from outside
        else:
            os.killpg(pid, signal.SIGKILL)
