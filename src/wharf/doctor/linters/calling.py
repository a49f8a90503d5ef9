"""A checker that has been called and works beside us; what it prints is waited for only when it is wanted."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

_MOST_PRINTED: Final = 16 << 20


class Called:
    """`deadline`: how many seconds it has, from when it is called."""

    def __init__(self, command: Sequence[str], folder: Path, deadline: float) -> None:
        self._printed: IO[bytes] = TemporaryFile()  # noqa: SIM115 - it is closed when all of it was read
        self._deadline = deadline
        self._began = time.monotonic()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a checker that the person has installed, with words of our own
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=self._printed, stderr=subprocess.DEVNULL
            )
        except BaseException:
            self._printed.close()
            raise

    def printed(self) -> str | None:
        """None, if it took too long: then it is ended."""
        left = max(0.0, self._began + self._deadline - time.monotonic())
        with self._printed:
            try:
                self._process.wait(left)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                return None
            self._printed.seek(0)
            return self._printed.read(_MOST_PRINTED).decode("utf-8", "replace")
