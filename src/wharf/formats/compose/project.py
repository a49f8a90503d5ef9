"""A compose project: its services, as all of its files together say, and what of that is wrong or not known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from wharf.formats.compose.service import Service
from wharf.formats.shell.ran import Given
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Scalar


@dataclass(frozen=True)
class Surroundings:
    """The environment that Compose is started in. What `.env` says counts only where this says nothing."""

    variables: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    others: Given = Given.UNKNOWN
    """What of variables that are not named: UNSET where the environment is known whole."""


@dataclass(frozen=True)
class Use:
    """One `${NAME}` as it was met in a value."""

    name: str
    operator: str
    """`:-`, `-`, `:?`, `?`, `:+`, `+`; empty where there is none."""
    default: Text
    """What stands behind the operator, with its variables put in."""
    given: Given
    span: Span


class Wrong(Enum):
    """What is wrong with a project. `subject` of a problem is what is named in angle brackets here."""

    TEMPLATE = "template"
    """<text> has a `${` that is no variable as Compose knows them."""
    REQUIRED = "required"
    """The variable <name> is not set, and the file asks for it with `?`."""
    EXTENDS_IN_A_CIRCLE = "extends in a circle"
    """<service> extends itself, if perhaps through others."""
    EXTENDED_SERVICE_NOT_THERE = "extended service not there"
    EXTENDED_FILE_NOT_THERE = "extended file not there"
    INCLUDED_FILE_NOT_THERE = "included file not there"
    INCLUDES_IN_A_CIRCLE = "includes in a circle"
    NOT_A_MAP = "not a map"
    """<key> has to be a mapping and is something else."""
    TOO_DEEP = "too deep"
    """<name>: files and services lead to others too often."""


@dataclass(frozen=True)
class Problem:
    wrong: Wrong
    subject: str
    span: Span


@dataclass(frozen=True)
class Project:
    files: tuple[str, ...]
    """Those that were named, the first one first; not those that they extend and include."""
    folder: str
    """Where its paths start, relative to the root of the repository."""
    name: Text | None = None
    services: tuple[Service, ...] = ()
    uses: tuple[Use, ...] = ()
    """Of variables, wherever they stand."""
    version: Span | None = None
    """The line `version: …`, which nobody reads any more."""
    networks: frozenset[str] = frozenset()
    volumes: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    configs: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    repeated: tuple[Scalar, ...] = ()
    """Keys that stand in one mapping again, in any of its files."""
    parts: frozenset[str] = frozenset()
    """All files that it is made of, with those that are extended and included."""
    is_partly_unknown: bool = False
    """It includes or extends something that is not here."""

    def service(self, name: str) -> Service | None:
        return next((service for service in self.services if service.name == name), None)
