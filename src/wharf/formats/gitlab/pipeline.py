"""A pipeline of GitLab as its files describe it: jobs in stages, with everything that they take over from elsewhere.

Includes, `extends`, `!reference` and `default` are already put in. Variables are not: they depend on what happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wharf.errors import MalformedFile, UnreadableFile
from wharf.formats.gitlab.flaws import Flaw
from wharf.formats.hole import Hole
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Map, Node, Scalar


@dataclass(frozen=True)
class Variable:
    """One that the file sets. Where `is_raw`, its dollar signs stay as they are."""

    name: str
    value: Text
    span: Span
    """Of its name."""
    is_raw: bool = False


Variables = Mapping[str, Variable]


def no_variables() -> Variables:
    return MappingProxyType({})


@dataclass(frozen=True)
class Image:
    name: Text
    span: Span


@dataclass(frozen=True)
class Service:
    """A container beside the job. `aliases` are only those that the file gives."""

    name: Text
    span: Span
    aliases: tuple[Text, ...] = ()
    variables: Variables = field(default_factory=no_variables, hash=False)
    command: tuple[Text, ...] = ()
    """With the entrypoint before it, where that is given too."""


@dataclass(frozen=True)
class Condition:
    """One of `rules`. All that it names must be so; one that names nothing is always met."""

    span: Span
    expression: Text | None = None
    changes: bool = False
    """It asks which files were changed, which nobody knows here."""
    exists: tuple[Text, ...] | None = None
    when: str = ""
    variables: Variables = field(default_factory=no_variables, hash=False)


@dataclass(frozen=True)
class Filter:
    """`only` or `except`, as they were before there were `rules`."""

    span: Span
    refs: tuple[Text, ...] | None = None
    variables: tuple[Text, ...] | None = None
    changes: bool = False


@dataclass(frozen=True)
class Need:
    """Another job whose artifacts a job takes and for which it waits."""

    job: str
    span: Span
    optional: bool = False
    takes_artifacts: bool = True


@dataclass(frozen=True)
class Job:
    """A job that can run: neither a hidden one nor one that only others extend."""

    name: str
    span: Span
    """Of its name."""
    body: Map
    """All that the job has, after `extends`, `!reference` and `default`."""
    stage: Text
    image: Image | None = None
    services: tuple[Service, ...] = ()
    variables: Variables = field(default_factory=no_variables, hash=False)
    script: tuple[Text, ...] = ()
    """`before_script` and `script`, which run in one shell."""
    after_script: tuple[Text, ...] = ()
    rules: tuple[Condition, ...] | None = None
    only: Filter | None = None
    excepted: Filter | None = None
    when: str = "on_success"
    tags: tuple[Text, ...] = ()
    needs: tuple[Need, ...] | None = None
    dependencies: tuple[str, ...] | None = None
    matrix: tuple[Mapping[str, tuple[Text, ...]], ...] = ()
    """Each has the values of its variables; none where the job runs once."""
    dotenv: tuple[Text, ...] = ()
    """Files that become variables of later jobs."""
    child: tuple[Text, ...] = ()
    """Files of the repository that it starts as a pipeline of their own."""
    inherited: frozenset[str] | None = None
    """The variables of the whole pipeline that reach it; None, where all do."""

    @property
    def file(self) -> str:
        return self.span.file


@dataclass(frozen=True)
class Pipeline:
    file: str
    root: Map
    """All of its files in one, before `extends`."""
    stages: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()
    variables: Variables = field(default_factory=no_variables, hash=False)
    workflow: tuple[Condition, ...] | None = None
    flaws: tuple[Flaw, ...] = ()
    undecided: tuple[Hole, ...] = ()
    """Includes from elsewhere: what they would add is not known."""
    files: tuple[str, ...] = ()
    """All files that it is made of."""
    conditional: frozenset[str] = frozenset()
    """Those of them that are included under a condition which the event decides."""
    problems: tuple[MalformedFile | UnreadableFile, ...] = ()
    """Why some of them could not be read."""
    host: str = ""
    """`gitlab.com` or one's own, where that is known."""


def words_of(node: Node | None) -> tuple[Text, ...]:
    """Of a scalar or a list of them."""
    if isinstance(node, Scalar):
        return () if node.is_null else (node.text,)
    if node is None or isinstance(node, Map):
        return ()
    return tuple(text for item in node for text in words_of(item))
