"""Commands of jobs that log in to registries, build images and push them, as far as rules about GitLab look at them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.gitlab import Seen, jobs
from wharf.formats.shell.ran import Certainty, Ran
from wharf.formats.text import HOLE, Text

DOCKER_HUB: Final = "docker.io"
_VALUED: Final = {"-u", "--username", "-p", "--password"}
_IMAGE_TOOLS: Final = {"docker", "podman", "buildah"}
_TAG_OPTIONS: Final = {"-t", "--tag"}
_tag = re.compile(r":([^:]*)$")


@dataclass(frozen=True)
class Login:
    ran: Ran
    server: Text | None
    user: Text | None
    password: Text | None
    """Where it stands on the command line, or in what is put into the command."""
    is_on_command_line: bool


@dataclass(frozen=True)
class Named:
    """An image that is built or pushed under a name."""

    ran: Ran
    reference: Text
    is_pushed: bool

    @property
    def registry(self) -> Text:
        first = self.reference.split("/")[0]
        has_host = len(first) < len(self.reference) and any(sign in first.flat for sign in f".:{HOLE}")
        return first if has_host or first.flat == "localhost" else Text.known(DOCKER_HUB)

    @property
    def tag(self) -> Text | None:
        """What stands behind the last colon, unless that belongs to a port."""
        found = _tag.search(self.reference.flat)
        if not found or "@" in self.reference.flat:
            return None
        is_behind_a_path = "/" in self.reference.flat[: found.start()] or "/" not in found[1]
        return self.reference[found.start(1) :] if is_behind_a_path else None

    @property
    def repository(self) -> Text:
        tag = self.tag
        return self.reference if tag is None else self.reference[: len(self.reference) - len(tag) - 1]


def commands(seen: Seen) -> Iterator[Ran]:
    """Of the job itself, on its own machine."""
    for step in seen.acting.run.steps:
        yield from (ran for ran in step.commands if ran.host is None)


def is_certain(seen: Seen, ran: Ran) -> bool:
    return seen.acting.run.certainty is ran.certainty is Certainty.ALWAYS


def login_of(ran: Ran) -> Login | None:
    words = ran.words
    if ran.program not in {*_IMAGE_TOOLS, "helm", "skopeo", "crane"} or "login" not in [
        word.flat for word in words[1:4]
    ]:
        return None
    options: dict[str, Text] = {}
    rest: list[Text] = []
    at = [word.flat for word in words].index("login") + 1
    while at < len(words):
        name, equals, _ = words[at].flat.partition("=")
        if name in _VALUED and not equals and at + 1 < len(words):
            options[name[:3].lstrip("-")[:1]] = words[at + 1]
            at += 1
        elif name in _VALUED:
            options[name.lstrip("-")[:1]] = words[at][len(name) + 1 :]
        elif not name.startswith("-"):
            rest.append(words[at])
        at += 1
    given = options.get("p")
    return Login(ran, rest[0] if rest else None, options.get("u"), given or ran.stdin, given is not None)


def named_by(ran: Ran) -> Iterator[Named]:
    words = [word.flat for word in ran.words]
    if ran.program not in _IMAGE_TOOLS or len(words) < 2:
        return
    if words[1] == "push" or words[1:3] == ["image", "push"]:
        plain = [word for word in ran.words[2:] if not word.flat.startswith("-") and word.flat != "push"]
        yield from (Named(ran, word, is_pushed=True) for word in plain[:1])
    elif "build" in words[1:3] or words[1] == "bud":
        is_pushed = "--push" in words
        yield from (Named(ran, tag, is_pushed=is_pushed) for tag in _tags(ran.words))
    elif words[1] == "tag" or words[1:3] == ["image", "tag"]:
        yield Named(ran, ran.words[-1], is_pushed=False)


def _tags(words: tuple[Text, ...]) -> Iterator[Text]:
    for at, word in enumerate(words):
        name, equals, _ = word.flat.partition("=")
        if name in _TAG_OPTIONS:
            yield from [word[len(name) + 1 :]] if equals else words[at + 1 : at + 2]


def images_named(checkout: Checkout) -> tuple[tuple[Seen, Named], ...]:
    """By all jobs, for each event that they run for."""
    return tuple((seen, named) for seen in checkout.once(jobs) for ran in commands(seen) for named in named_by(ran))


def is_in_pipeline(ran: Ran) -> bool:
    """It stands in the file of the job, and not in a script that is looked at by itself."""
    return ran.span.file.endswith((".yml", ".yaml"))
