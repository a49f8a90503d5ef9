"""What registries hold of the repositories that were asked for, and what could not be found out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from wharf.errors import WharfError
from wharf.oci.platform import Platform


@dataclass(frozen=True)
class HeldTag:
    """One tag as it stands in a registry. `platforms` are without attestations."""

    tag: str
    digest: str
    platforms: tuple[Platform, ...] = ()
    revision: str = ""
    """`org.opencontainers.image.revision`."""
    created: datetime | None = None


@dataclass(frozen=True)
class HeldRepository:
    """`problem`: why it could not be read; then nothing is known of its tags."""

    name: str
    """With its registry: `ghcr.io/acme/app`."""
    tags: tuple[str, ...] = ()
    looked_at: Mapping[str, HeldTag] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """By tag: those that were looked at closely."""
    problem: WharfError | None = None


@dataclass(frozen=True)
class Holdings:
    repositories: Mapping[str, HeldRepository] = field(default_factory=lambda: MappingProxyType({}), hash=False)
