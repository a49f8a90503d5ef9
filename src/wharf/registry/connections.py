"""How many connections a worker process holds at once: as many as it may have files open for, within bounds.

Clients keep connections open that they do not use just now; a cluster of a thousand machines does so a thousand times.
Whoever comes when a worker holds as many as it may waits until one of them ends. Each may have a file open besides.
"""

import logging
import resource
from contextlib import suppress
from typing import Final

WAITING: Final = 4096
"""So many that nobody took yet the system keeps waiting; it may be set to keep fewer."""
_MOST: Final = 4096
_LEAST: Final = 64
_FEW: Final = 500
_log = logging.getLogger("wharf.registry")
_FILES_OF_EACH: Final = 2
_OTHER_FILES: Final = 128
_ENOUGH_FILES: Final = _MOST * _FILES_OF_EACH + _OTHER_FILES


def connections_at_once() -> int:
    """Of each worker that is started from here on. Asks the system for as many files as that takes."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH_FILES if most == resource.RLIM_INFINITY else min(most, _ENOUGH_FILES)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        with suppress(OSError, ValueError):  # some systems say that there is no limit, and refuse then
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
            return connections_with(wanted)
    return connections_with(_ENOUGH_FILES if allowed == resource.RLIM_INFINITY else allowed)


def connections_with(files: int) -> int:
    return max(_LEAST, min(_MOST, (files - _OTHER_FILES) // _FILES_OF_EACH))


def warn_of_few(held: int) -> None:
    """Who comes then is kept waiting, and nothing else would say why."""
    if held < _FEW:
        text = "a worker holds at most %d connections, because of the limit of open files: raise it (%s)"
        _log.warning(text, held, "ulimit -n, or LimitNOFILE= of a systemd service")
