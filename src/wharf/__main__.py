"""The process of one command: `wharf`, and `python -m wharf`.

A command makes many small things while it starts, keeps nearly all of them, and is soon over. To look through them for
what nobody needs any more, and at the end to take each of them apart, takes a third of the time of a short command.
"""

import gc
import os
import sys
from typing import Final, NoReturn, TextIO

_MADE_BETWEEN_TWO_LOOKS: Final = 50_000
"""More than a command makes at its start."""
_UNSAID: Final = 1
"""The exit code of a command whose last words could not be written."""


def begin() -> NoReturn:
    gc.set_threshold(_MADE_BETWEEN_TWO_LOOKS)
    from wharf.cli.main import main  # noqa: PLC0415 - start-up time: what this imports is made by then

    end(main())


def end(code: int) -> NoReturn:
    """Say what is left to be said, and leave the rest to the system, which takes a process away as a whole."""
    said = [has_said_all(stream) for stream in (sys.stdout, sys.stderr)]
    os._exit(code if all(said) else code or _UNSAID)


def has_said_all(stream: TextIO) -> bool:
    try:
        stream.flush()
    except (OSError, ValueError):  # nobody listens any more, the disk is full, or the stream was closed
        return False
    return True


if __name__ == "__main__":
    begin()
