"""Where something failed, as far as a probe may look at it: this machine, this account, and what the failure was about.

A scene is a value. Tests hand over one with a home of its own; nothing in it is read before a probe looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from wharf.client.settings import ClientSettings
from wharf.credentials.chain import DockerKeychain
from wharf.oci.reference import Reference, RepositoryName

PATIENCE_SECONDS: Final = 4.0
"""For one thing that a probe waits for: a name, a connection, an answer, a program."""

ALL_SECONDS: Final = 8.0
"""For all probes of one failure together."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What the failure was about, as far as it is known; what is not known is None.

    `registry` is written as in a reference: docker.io for Docker Hub. `address` is the host and port that a text named
    beside it: of a token service, of a proxy, of an engine.
    """

    registry: str | None = None
    repository: RepositoryName | None = None
    reference: Reference | None = None
    helper: str | None = None
    path: str | None = None
    address: str | None = None
    platform: str | None = None
    variable: str | None = None
    name: str | None = None
    number: int | None = None
    """Of what kind, the text tells: a port, a process's exit code, a status."""
    log: str = field(default="", repr=False)
    """The lines around the failure, without colours."""


@dataclass(frozen=True, slots=True)
class Scene:
    """`root` is where the system's own files begin, `folder` where the command was called."""

    environ: Mapping[str, str] = field(repr=False)
    home: Path
    platform: str
    folder: Path
    settings: ClientSettings = field(repr=False)
    keychain: DockerKeychain = field(repr=False)
    aim: Aim = field(default_factory=Aim)
    root: Path = Path("/")
    patience: float = PATIENCE_SECONDS
    patience_with_all: float = ALL_SECONDS
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)
