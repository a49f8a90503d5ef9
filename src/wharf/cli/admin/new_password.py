"""A password that an account shall have: from a pipe, or typed twice where nobody can look over the shoulder."""

from dataclasses import dataclass, field

import click

from wharf.cli.logins.typed_credential import hidden_line, piped_secret
from wharf.cli.surroundings import Surroundings
from wharf.credentials.secret import Secret


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """`old` is there where it is one's own."""

    new: Secret = field(repr=False)
    old: Secret | None = field(default=None, repr=False)

    def as_wish(self) -> dict[str, object]:
        old = {} if self.old is None else {"old_password": self.old.reveal()}
        return {"password": self.new.reveal(), **old}


def piped_password(surroundings: Surroundings) -> Secret:
    return _not_empty(piped_secret(surroundings))


def changed_password(surroundings: Surroundings, *, from_pipe: bool, is_own: bool) -> PasswordChange:
    if from_pipe:
        return _piped(piped_password(surroundings), is_own=is_own)
    if not surroundings.typed.isatty():
        raise click.UsageError("nobody is here to be asked for a password: pipe it in with --password-stdin")
    old = Secret(hidden_line(surroundings, "Password now (not shown): ")) if is_own else None
    new = Secret(hidden_line(surroundings, "New password (not shown): "))
    if Secret(hidden_line(surroundings, "The same again: ")) != new:
        raise click.UsageError("the two are not the same: nothing was changed")
    return PasswordChange(_not_empty(new), old)


def _piped(piped: Secret, *, is_own: bool) -> PasswordChange:
    if not is_own:
        return PasswordChange(piped)
    old, line_break, new = piped.reveal().partition("\n")
    if not line_break:
        raise click.UsageError("your own password is changed by two lines: the one before, and the new one")
    return PasswordChange(_not_empty(Secret(new)), Secret(old.removesuffix("\r")))


def _not_empty(secret: Secret) -> Secret:
    if not secret.reveal():
        raise click.UsageError("the password is empty: look whether the variable exists")
    return secret
