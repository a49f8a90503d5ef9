"""A service of a compose project: the image that it runs, and how that image is built, if it is built here.

What a file says of a service is a service too: files, and services that others extend, are laid over each other by
`over`. Whatever is written with `!reset` or `!override` replaces what was there, and is not laid over it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from wharf.formats.compose.place import Place
from wharf.formats.compose.port import Port
from wharf.formats.span import Span
from wharf.formats.text import Text

Part = TypeVar("Part")


def _nothing() -> Mapping[str, Text]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Build:
    """How an image is built. Both places may lead out of the repository, and may be those of another one."""

    span: Span
    context: Place
    dockerfile: Place
    """Where the Dockerfile is, with the context before it."""
    target: Text | None = None
    arguments: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    tags: tuple[Text, ...] = ()
    platforms: tuple[Text, ...] = ()
    inline: Text | None = None
    """The Dockerfile itself, where the compose file has it (`dockerfile_inline`)."""
    says: frozenset[str] = frozenset()
    """Which of its keys are written; the others have their usual values."""

    def over(self, base: "Build") -> "Build":
        return Build(
            self.span,
            self.context if "context" in self.says else base.context,
            self._dockerfile(base),
            self.target or base.target,
            MappingProxyType({**base.arguments, **self.arguments}),
            _united(base.tags, self.tags),
            _united(base.platforms, self.platforms),
            self.inline or base.inline,
            self.says | base.says,
        )

    def _dockerfile(self, base: "Build") -> Place:
        context = self.context if "context" in self.says else base.context
        named = self.dockerfile if "dockerfile" in self.says else base.dockerfile
        return replace(named, within=context)


@dataclass(frozen=True)
class EnvironmentFile:
    """A file whose variables the container gets. It says nothing of the variables of the compose file."""

    place: Place
    span: Span
    is_required: bool = True


@dataclass(frozen=True)
class Named:
    """The name of something else: of a service that this one depends on, of a network, of a volume."""

    name: Text
    span: Span
    is_required: bool = True


@dataclass(frozen=True)
class Service:
    name: str
    span: Span
    """Of its name."""
    image: Text | None = None
    build: Build | None = None
    platform: Text | None = None
    pull_policy: Text | None = None
    container_name: Text | None = None
    scale: Text | None = None
    """How many containers of it are started; `deploy.replicas` is that, too."""
    profiles: tuple[Text, ...] = ()
    ports: tuple[Port, ...] = ()
    environment: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    """Of the container. Variables that are passed through have no value and are not here."""
    environment_files: tuple[EnvironmentFile, ...] = ()
    depends_on: tuple[Named, ...] = ()
    networks: tuple[Named, ...] = ()
    volumes: tuple[Named, ...] = ()
    """Those with a name of their own, not folders."""
    secrets: tuple[Named, ...] = ()
    configs: tuple[Named, ...] = ()
    replaces: frozenset[str] = frozenset()
    """Which of its parts are written with `!reset` or `!override`."""
    has_provider: bool = False
    """Something else than a container stands for it (`provider`)."""
    is_for_swarm: bool = False
    """Its `deploy` says what only a swarm heeds, which publishes one port for all containers of a service."""
    image_span: Span | None = None
    """Where `image` says what it says, wherever its pieces come from."""

    def over(self, base: "Service") -> "Service":
        """What comes of this one laid over that one."""
        return Service(
            self.name,
            self.span,
            self._of("image", base.image, self.image),
            self._build(base),
            self._of("platform", base.platform, self.platform),
            self._of("pull_policy", base.pull_policy, self.pull_policy),
            self._of("container_name", base.container_name, self.container_name),
            self._of("scale", base.scale, self.scale),
            self._all("profiles", base.profiles, self.profiles),
            self._all("ports", base.ports, self.ports),
            MappingProxyType({**base.environment, **self.environment}),
            self._all("env_file", base.environment_files, self.environment_files),
            self._by_name("depends_on", base.depends_on, self.depends_on),
            self._by_name("networks", base.networks, self.networks),
            self._by_name("volumes", base.volumes, self.volumes),
            self._by_name("secrets", base.secrets, self.secrets),
            self._by_name("configs", base.configs, self.configs),
            frozenset(),
            self.has_provider or base.has_provider,
            self.is_for_swarm or base.is_for_swarm,
            self.image_span if self.image is not None or "image" in self.replaces else base.image_span,
        )

    @property
    def asks_a_registry(self) -> bool:
        """Not, if it is built where it is started, or must be there already."""
        policy = self.pull_policy.value if self.pull_policy else None
        return self.image is not None and self.build is None and policy not in {"never", "build"}

    def _build(self, base: "Service") -> Build | None:
        if "build" in self.replaces or base.build is None or self.build is None:
            return self.build if "build" in self.replaces else self.build or base.build
        return self.build.over(base.build)

    def _of(self, part: str, below: Text | None, above: Text | None) -> Text | None:
        return above if part in self.replaces or above is not None else below

    def _all(self, part: str, below: tuple[Part, ...], above: tuple[Part, ...]) -> tuple[Part, ...]:
        return above if part in self.replaces else _united(below, above)

    def _by_name(self, part: str, below: tuple[Named, ...], above: tuple[Named, ...]) -> tuple[Named, ...]:
        named = {each.name: each for each in (() if part in self.replaces else below)}
        return tuple({**named, **{each.name: each for each in above}}.values())


def _united(below: tuple[Part, ...], above: tuple[Part, ...]) -> tuple[Part, ...]:
    """Each thing once."""
    return tuple(dict.fromkeys(below + above))
