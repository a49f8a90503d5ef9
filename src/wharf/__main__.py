"""The process of one command: `wharf`, and `python -m wharf`.

A command makes many small things while it starts, keeps nearly all of them, and is soon over. To look through them for
what nobody needs any more, again and again while they are made and once more at the end, takes a sixth of the time of
a short command.
"""

import atexit
import gc
import sys
from typing import Final

_MADE_BETWEEN_TWO_LOOKS: Final = 50_000
"""More than a command makes at its start."""


def begin() -> int:
    """What the process ends with."""
    gc.set_threshold(_MADE_BETWEEN_TWO_LOOKS)
    atexit.register(gc.freeze)  # what the process leaves behind, the system takes away as a whole
    from wharf.cli.main import main  # noqa: PLC0415 - start-up time: what this imports is made by then

    return main()


if __name__ == "__main__":
    sys.exit(begin())
