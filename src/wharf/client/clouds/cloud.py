"""A cloud's registry as a person has to know it before logging in there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from wharf.client.clouds.shape import SecretShape


class Weight(Enum):
    """How sure it is that a login fails."""

    CERTAIN = "certain"
    LIKELY = "likely"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Advice:
    """Something about what was typed: the cause of trouble to come, and what to do in its place."""

    weight: Weight
    cause: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a login is good for. Without a figure nobody but its maker knows."""

    words: str
    at_most: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Cloud:
    name: str
    recognises: Callable[[str], bool]
    """Whether the registry of this name, host or host:port, is one of this cloud's."""
    username_for: Callable[[SecretShape], str]
    """The user name that belongs to such a secret, or nothing where only its owner knows it."""
    lifetime_of: Callable[[SecretShape], Lifetime]
    advice: Callable[[str, SecretShape], tuple[Advice, ...]]
    """What is wrong, or will be, with this user name and a secret of this shape."""
    ways_in: tuple[str, ...]
    """Where the right credential comes from, as commands where there are any."""
    usual_mistakes: tuple[str, ...]
    """Why a login or the push after it is refused here, the most frequent cause first."""


UNTIL_REVOKED = Lifetime("until it is revoked, or until the date that was chosen for it")


def certain(cause: str, next_step: str = "") -> Advice:
    return Advice(Weight.CERTAIN, cause, next_step)


def likely(cause: str, next_step: str = "") -> Advice:
    return Advice(Weight.LIKELY, cause, next_step)


def remark(cause: str, next_step: str = "") -> Advice:
    return Advice(Weight.REMARK, cause, next_step)


def host_of(registry: str) -> str:
    """Without its port. Host names do not distinguish cases."""
    host, colon, port = registry.rpartition(":")
    return (host if colon and port.isdigit() else registry).lower()
