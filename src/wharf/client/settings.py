"""How this machine talks to registries: whom it trusts, which way it goes, how long it waits, who hears of it."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from wharf import __version__
from wharf.client.proxy import Proxies

USER_AGENT: Final = f"wharf/{__version__}"


class Timeouts(NamedTuple):
    """In seconds. Nothing here limits how long a large blob may take, as long as it moves."""

    connect: float = 10.0
    silence: float = 60.0
    """No byte comes, or none can be sent; also for the whole head of a response once it has begun."""
    verdict: float = 300.0
    """Until a response begins after a body was sent: the registry may have to hash all of it first."""


class Retries(NamedTuple):
    """How often and after how long a request is repeated that may be repeated. Waits double, and vary by a half."""

    times: int = 3
    first_wait: float = 0.5
    longest_wait: float = 60.0
    """A registry that asks for a longer one (Retry-After) is told to the caller instead."""


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """`insecure`: HOST or HOST:PORT whose certificates are not checked, and that may speak plain HTTP.

    `certs_folders`: each holds a folder per registry, as Docker and containers keep them; the later one adds.
    """

    insecure: frozenset[str] = frozenset()
    ca_files: tuple[Path, ...] = ()
    certs_folders: tuple[Path, ...] = ()
    proxies: Proxies = field(default_factory=Proxies)
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False, hash=False)
    user_agent: str = USER_AGENT
    timeouts: Timeouts = field(default_factory=Timeouts)
    retries: Retries = field(default_factory=Retries)
    notice: Callable[[str], None] = field(default=lambda _: None, compare=False)
    """Told what registries say beside their answers: warnings, limits. From the thread of the event loop."""
    environ: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False, hash=False)
    platform: str = sys.platform

    @classmethod
    def of_machine(
        cls,
        environ: Mapping[str, str] = os.environ,
        home: Path | None = None,
        platform: str = sys.platform,
        *,
        insecure: frozenset[str] = frozenset(),
        ca_files: tuple[Path, ...] = (),
        notice: Callable[[str], None] = lambda _: None,
    ) -> "ClientSettings":
        """As the environment and the usual folders say."""
        return cls(
            insecure=insecure,
            ca_files=ca_files,
            certs_folders=usual_certs_folders(environ, home or Path.home(), platform),
            proxies=Proxies.from_environ(environ),
            notice=notice,
            environ=environ,
            platform=platform,
        )


def usual_certs_folders(environ: Mapping[str, str], home: Path, platform: str) -> tuple[Path, ...]:
    """Docker's, rootless Docker's and containers' folders of certificates, whether they exist or not."""
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    if platform == "win32":
        program_data = Path(environ.get("PROGRAMDATA") or "C:/ProgramData")
        return (program_data / "docker" / "certs.d", home / ".docker" / "certs.d")
    return (
        Path("/etc/docker/certs.d"),
        Path("/etc/containers/certs.d"),
        home / ".docker" / "certs.d",
        config / "docker" / "certs.d",
        config / "containers" / "certs.d",
    )
