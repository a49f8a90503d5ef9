"""What a person gives to log in with: a file, a pipe, or the keyboard. Nobody can look over their shoulder here.

There is no option for the password itself: everybody on a machine can read the arguments of everybody's processes.
"""

import getpass
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from wharf.cli.logins.native_words import in_own_language
from wharf.cli.surroundings import Surroundings
from wharf.client.clouds.cloud import Cloud
from wharf.client.clouds.shape import Kind, SecretShape, shape_of
from wharf.credentials.secret import Secret
from wharf.errors import CredentialFileRefused, LoginImpossible

_LARGEST_SECRET: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Typed:
    username: str
    secret: Secret
    shape: SecretShape


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says of it."""

    username: str = ""
    from_pipe: bool = False
    key_file: Path | None = None

    @property
    def nothing(self) -> bool:
        return not self.username and not self.from_pipe and self.key_file is None


def typed_credential(surroundings: Surroundings, cloud: Cloud, given: Given) -> Typed:
    if given.from_pipe and given.key_file is not None:
        raise click.UsageError("--password-stdin and --key-file: only one of them can be the secret")
    if given.key_file is not None:
        return _from_key_file(given.key_file, cloud, given.username)
    if given.from_pipe:
        return _named(piped_secret(surroundings), cloud, given.username)
    if not surroundings.typed.isatty():
        way = in_own_language(cloud.ways_in[0], surroundings.environ)
        raise LoginImpossible(
            "there is no terminal to ask at, and no password was piped in", f"--password-stdin; {way}"
        )
    return _at_the_keyboard(surroundings, cloud, given.username)


def _from_key_file(path: Path, cloud: Cloud, username: str) -> Typed:
    try:
        raw = path.read_bytes()[: _LARGEST_SECRET + 1]
        secret = Secret(raw.decode("utf-8-sig"))
    except OSError as problem:
        raise CredentialFileRefused(str(path), problem.strerror or "it cannot be read") from problem
    except UnicodeDecodeError as problem:
        raise CredentialFileRefused(str(path), "it is not text in UTF-8") from problem
    shape = shape_of(secret)
    if shape.kind is not Kind.GOOGLE_KEY:
        raise CredentialFileRefused(
            str(path),
            "it is not the JSON key of a Google service account, the only key file that registries take",
            next_step="pipe another secret in: --password-stdin",
        )
    return Typed(username or cloud.username_for(shape) or "_json_key", secret, shape)


def piped_secret(surroundings: Surroundings) -> Secret:
    """One line break at the end is the pipe's, not the password's."""
    text = surroundings.typed.read(_LARGEST_SECRET + 1)
    if len(text) > _LARGEST_SECRET:
        raise LoginImpossible(f"more than {_LARGEST_SECRET} characters are piped in", "pipe in the password alone")
    return Secret(text.removeprefix("\ufeff").removesuffix("\n").removesuffix("\r"))


def _named(secret: Secret, cloud: Cloud, username: str) -> Typed:
    shape = shape_of(secret)
    name = username or cloud.username_for(shape)
    if not name and shape.length:
        raise LoginImpossible(f"a password for {cloud.name} came without a user name", "--username NAME")
    return Typed(name, secret, shape)


def _at_the_keyboard(surroundings: Surroundings, cloud: Cloud, username: str) -> Typed:
    name = username or _line(surroundings, "User name: ")
    secret = Secret(hidden_line(surroundings, "Password or token (not shown): "))
    shape = shape_of(secret)
    return Typed(name or cloud.username_for(shape), secret, shape)


def _line(surroundings: Surroundings, prompt: str) -> str:
    surroundings.err.write(prompt)
    surroundings.err.flush()
    line = surroundings.typed.readline()
    if not line:
        raise click.Abort
    return line.strip()


def hidden_line(surroundings: Surroundings, prompt: str) -> str:
    """At a real terminal nothing of it is shown. A terminal of a test's own has nothing to show it on."""
    if surroundings.typed is not sys.stdin:
        return _line(surroundings, prompt)
    try:
        with _ended_when_told():
            return getpass.getpass(prompt, surroundings.err)
    except (EOFError, KeyboardInterrupt):
        raise click.Abort from None


@contextmanager
def _ended_when_told() -> Iterator[None]:
    """Whoever waits for the network cleans up when told to stop. A prompt ends there and then: nothing else would give
    the terminal back as it was."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
