"""Where a session with a registry begins."""

from typing import TYPE_CHECKING

from wharf.client.session import Session
from wharf.client.settings import ClientSettings

if TYPE_CHECKING:  # start-up time: as in the session
    from wharf.credentials.keychain import Keychain


def open_session(registry: str, settings: ClientSettings, keychain: "Keychain") -> Session:
    """`registry`: as in a reference, docker.io for Docker Hub. No byte is sent before the first request."""
    return Session(registry, settings, keychain)
