"""The instructions of every Dockerfile, each with the variables that it sees, and which checks a file declines."""

from collections.abc import Iterator
from dataclasses import dataclass

from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.dockerfiles import dockerfiles
from wharf.formats.dockerfile.scopes import Scopes, Seen
from wharf.formats.dockerfile.tree import Dockerfile, Stage


@dataclass(frozen=True)
class Read:
    """A Dockerfile as it is when nobody passes arguments."""

    dockerfile: Dockerfile
    scopes: Scopes
    seen: tuple[Seen, ...]

    def of(self, *names: str) -> Iterator[Seen]:
        return (seen for seen in self.seen if seen.instruction.name in names)

    @property
    def last(self) -> Stage:
        return self.dockerfile.stages[-1]


def read_dockerfiles(checkout: Checkout) -> tuple[Read, ...]:
    found = []
    for dockerfile in checkout.once(dockerfiles):
        scopes = Scopes(dockerfile)
        found.append(Read(dockerfile, scopes, tuple(scopes.seen())))
    return tuple(found)


def checked(checkout: Checkout, check: str) -> Iterator[Read]:
    """Without the files that decline this check of BuildKit: `# check=skip=…`."""
    return (read for read in checkout.once(read_dockerfiles) if not declines(read.dockerfile, check))


def declines(dockerfile: Dockerfile, check: str) -> bool:
    options = (option.strip().partition("=") for option in dockerfile.checks.split(";"))
    skipped = {name.strip() for key, _, names in options if key.strip() == "skip" for name in names.split(",")}
    return bool({check, "all"} & skipped)
