"""How jobs of GitLab come to a Docker daemon: by a service beside them, by a socket, by an address, or not at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.gitlab import Seen, jobs, runners
from wharf.formats.gitlab.hosts import host_names, names_from_image
from wharf.formats.gitlab.pipeline import Job, Service, Variable
from wharf.formats.gitlab.runner import Runner
from wharf.formats.shell.ran import Ran
from wharf.formats.text import Text

HOST: Final = "DOCKER_HOST"
CERTIFICATES: Final = "DOCKER_TLS_CERTDIR"
_WITHOUT_DAEMON: Final = {
    "login",
    "logout",
    "manifest",
    "context",
    "buildx",
    "--version",
    "-v",
    "help",
    "scout",
    "trust",
}
_DAEMONS: Final = frozenset({"dockerd", "dockerd-entrypoint.sh", "dockerd-rootless.sh", "service", "start-docker.sh"})
_address = re.compile(r"tcp://([^:/]+)(?::(\d+))?/?")
_version = re.compile(r"(\d{1,9})(?:[.-]|$)")
_usual_tag = re.compile(r"|latest|[0-9.]+(?:-alpine[0-9.]*)?")
_OLDEST_WITH_TLS: Final = 19
_OLDEST_WITH_DAEMON: Final = 23
"""From this version on `docker:X` is `docker:X-dind`; the client alone is `docker:X-cli`."""
_STABLE: Final = 19
"""`docker:stable` has stayed where it was at the end of 2020."""


@dataclass(frozen=True)
class DockerUse:
    """One job that speaks to a daemon."""

    seen: Seen
    commands: tuple[Ran, ...]

    @property
    def job(self) -> Job:
        return self.seen.acting.job

    @cached_property
    def daemon(self) -> Service | None:
        return next((service for service in self.job.services if is_daemon(self._expanded(service.name))), None)

    @cached_property
    def host(self) -> Text | None:
        """Where the client looks for the daemon; None, where nobody says."""
        return self._variable(HOST)

    @cached_property
    def certificates(self) -> Text | None:
        own = self.daemon.variables.get(CERTIFICATES) if self.daemon else None
        return own.value if own else self._variable(CERTIFICATES)

    @property
    def address(self) -> tuple[str, str] | None:
        """The name and the port of `tcp://docker:2375`."""
        found = _address.fullmatch(self.host.flat) if self.host is not None and self.host.value else None
        return (found[1], found[2] or "") if found else None

    @cached_property
    def names(self) -> tuple[str, ...] | None:
        """Of all services; None, if they are not known."""
        found = [host_names(self._expanded(service.name), service) for service in self.job.services]
        known = [names for names in found if names is not None]
        return None if len(known) < len(found) else tuple(name for names in known for name in names)

    @property
    def speaks_tls(self) -> bool | None:
        """Whether the daemon beside it does. None, if that is not known."""
        if self.daemon is None or any("tls" in word.flat or "host" in word.flat for word in self.daemon.command):
            return None
        version = major_version(self._expanded(self.daemon.name))
        if version is not None and version < _OLDEST_WITH_TLS:
            return False
        if self.certificates is not None and self.certificates.holes:
            return None
        return self.certificates is None or bool(self.certificates)

    @property
    def image(self) -> Text | None:
        return self.seen.acting.run.image

    @property
    def starts_daemon(self) -> bool:
        """The script does, in the container of the job."""
        return any(ran.program in _DAEMONS for step in self.seen.acting.run.steps for ran in step.commands)

    def variable(self, name: str) -> Variable | None:
        """As the file sets it."""
        return next((each for each in self.seen.acting.values.written() if each.name == name), None)

    def _variable(self, name: str) -> Text | None:
        """Scripts may export it too."""
        given = self.commands[0].environment.get(name) if self.commands else None
        if given is not None:
            return given
        return self.seen.acting.values.looked(name) if self.variable(name) else None

    def _expanded(self, text: Text) -> Text:
        return self.seen.acting.values.expanded(text)


def docker_uses(checkout: Checkout) -> tuple[DockerUse, ...]:
    """Each job once, for the first event that it runs for."""
    found: dict[tuple[str, str], DockerUse] = {}
    for seen in checkout.once(jobs):
        run = seen.acting.run
        commands = tuple(ran for step in run.steps for ran in step.commands if needs_daemon(ran))
        if commands and (run.file, run.job) not in found:
            found[run.file, run.job] = DockerUse(seen, commands)
    return tuple(found.values())


def needs_daemon(ran: Ran) -> bool:
    if ran.host is not None:
        return False
    if ran.program == "docker-compose":
        return True
    action = next((word.flat for word in ran.words[1:] if not word.flat.startswith("-")), "")
    return ran.program == "docker" and bool(action) and action not in _WITHOUT_DAEMON and not _is_elsewhere(ran)


def _is_elsewhere(ran: Ran) -> bool:
    """`docker -H ssh://…`, `docker --context production`."""
    options = [word.flat for word in ran.words[1:3]]
    return any(option.partition("=")[0] in {"-H", "--host", "-c", "--context"} for option in options)


def is_daemon(image: Text) -> bool:
    """`docker:27-dind`, and since 23 also `docker:27`, which is the same image."""
    name, _, tag = image.flat.rsplit("/", 1)[-1].partition(":")
    if "dind" in name or "dind" in tag:
        return True
    version = major_version(image)
    is_usual = _usual_tag.fullmatch(tag) is not None
    return name == "docker" and is_usual and (version is None or version >= _OLDEST_WITH_DAEMON)


def is_docker_client(image: Text | None) -> bool:
    """`docker:27`, `docker:27-cli`, and the same from a mirror."""
    return image is not None and image.flat.rsplit("/", 1)[-1].partition(":")[0] == "docker"


def major_version(image: Text) -> int | None:
    """None for `latest` and its like."""
    if image.value is None:
        return None
    tag = image.flat.rsplit("/", 1)[-1].partition(":")[2]
    found = _version.match(tag)
    return int(found[1]) if found else _STABLE if tag.startswith("stable") else None


def docker_runners(checkout: Checkout) -> Iterator[tuple[str, Runner]]:
    """Those that start containers by Docker, with the files that set them up."""
    for each in checkout.once(runners):
        yield from ((each.file, runner) for runner in each.runners if runner.is_of_docker)


def other_runners(checkout: Checkout) -> bool:
    """There are some that do not: what holds for Docker's need not hold for them."""
    return any(not runner.is_of_docker for each in checkout.once(runners) for runner in each.runners)


def runners_bring_daemon(checkout: Checkout) -> bool:
    """A socket, a service of the runner's own, or no container at all around the job."""
    brings = any(
        runner.binds_socket or any("docker" in names_from_image(name)[0] for name in runner.services)
        for _, runner in docker_runners(checkout)
    )
    return brings or other_runners(checkout)


def runners_decide_tls(checkout: Checkout) -> bool:
    """They set variables of their own for it."""
    return any(
        word.startswith(("DOCKER_TLS_", "DOCKER_HOST"))
        for each in checkout.once(runners)
        for runner in each.runners
        for word in runner.environment
    )
