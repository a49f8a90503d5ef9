"""An image's configuration says how a container is started from it, and of which uncompressed layers it consists.

It is a blob like any other to a registry. Those who run, explain or change images read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from wharf.errors import MalformedConfig, MalformedDigest
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.members import Members
from wharf.oci.platform import Platform
from wharf.oci.strict_json import parse_object


@dataclass(frozen=True, slots=True)
class Runtime:
    """How a container starts, unless who starts it says otherwise."""

    user: str = ""
    working_dir: str = ""
    env: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    exposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    stop_signal: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step of a build; an empty layer changed settings only."""

    created: str = ""
    created_by: str = ""
    author: str = ""
    comment: str = ""
    empty_layer: bool = False


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """A configuration and the bytes it was read from."""

    raw: bytes = field(repr=False)
    platform: Platform = field(compare=False)
    created: str = field(compare=False)
    author: str = field(compare=False)
    runtime: Runtime = field(compare=False)
    diff_ids: tuple[Digest, ...] = field(compare=False)
    history: tuple[HistoryEntry, ...] = field(compare=False)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        document = Members.of(parse_object(raw), "", MalformedConfig)
        return cls(
            raw=raw,
            platform=Platform.from_members(document),
            created=document.text("created"),
            author=document.text("author"),
            runtime=_read_runtime(document.inner("config")),
            diff_ids=_read_diff_ids(document.inner("rootfs")),
            history=tuple(_read_step(step) for step in document.each("history")),
        )

    def digest(self, algorithm: Algorithm = Algorithm.SHA256) -> Digest:
        return Digest.of(self.raw, algorithm)


def _read_runtime(config: Members) -> Runtime:
    return Runtime(
        user=config.text("User"),
        working_dir=config.text("WorkingDir"),
        env=config.texts("Env"),
        entrypoint=config.texts("Entrypoint"),
        cmd=config.texts("Cmd"),
        exposed_ports=tuple(config.inner("ExposedPorts").values),
        volumes=tuple(config.inner("Volumes").values),
        labels=config.text_map("Labels"),
        stop_signal=config.text("StopSignal"),
    )


def _read_diff_ids(rootfs: Members) -> tuple[Digest, ...]:
    diff_ids: list[Digest] = []
    for index, text in enumerate(rootfs.texts("diff_ids")):
        try:
            diff_ids.append(Digest.parse(text))
        except MalformedDigest as problem:
            raise MalformedConfig(problem.text, problem.reason, where=f"rootfs.diff_ids[{index}]") from problem
    return tuple(diff_ids)


def _read_step(step: Members) -> HistoryEntry:
    return HistoryEntry(
        created=step.text("created"),
        created_by=step.text("created_by"),
        author=step.text("author"),
        comment=step.text("comment"),
        empty_layer=step.flag("empty_layer"),
    )
