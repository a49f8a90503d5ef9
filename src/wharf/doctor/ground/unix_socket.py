"""A socket in a folder: whether somebody listens at it."""

import socket
from pathlib import Path


def listens(place: Path, patience: float) -> bool:
    """It is connected to, and closed without a word."""
    if not hasattr(socket, "AF_UNIX"):
        return False
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(patience)
    try:
        connection.connect(str(place))
    except (OSError, ValueError):
        return False
    finally:
        connection.close()
    return True
