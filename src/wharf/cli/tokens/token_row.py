"""A token as its registry tells of it: never its text, but all that it is good for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

import click

from wharf.cli.moments import ago, moment_of
from wharf.cli.output import Json, shortened
from wharf.cli.owner_name import LOGIN
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue

HEADINGS: Final = ("ID", "LABEL", "MAY", "VALID", "LAST USED")
SIDES: Final = "><<<<"
_KIND: Final = ":packages"
_LABEL: Final = 17
_NEVER: Final = "never"


@dataclass(frozen=True, slots=True)
class TokenRow:
    """`told` is the registry's own document, for machines."""

    id: int
    account: str
    label: str
    scopes: tuple[str, ...]
    repositories: tuple[str, ...]
    expires: datetime | None
    revoked: datetime | None
    used: datetime | None
    used_from: str
    told: dict[str, JsonValue]

    @classmethod
    def read(cls, row: Members) -> Self:
        return cls(
            id=row.number("id"),
            account=row.text("account"),
            label=row.text("label"),
            scopes=row.texts("scopes"),
            repositories=row.texts("repositories"),
            expires=moment_of(row.text("expires_at")),
            revoked=moment_of(row.text("revoked_at")),
            used=moment_of(row.text("last_used_at")),
            used_from=row.text("last_used_from"),
            told=row.values,
        )

    def as_json(self) -> Json:
        return self.told

    def cells(self, now: datetime) -> tuple[str, str, str, str, str]:
        used = ago(self.used, now) if self.used else _NEVER
        return str(self.id), shortened(self.label, _LABEL), self._may(), self._valid(now), used

    def beside(self) -> tuple[str, ...]:
        """What has no room in a row of a table."""
        only = f"only for {' '.join(self.repositories)}" if self.repositories else ""
        place = f"last used from {self.used_from}" if self.used_from else ""
        return tuple(filter(None, (only, place)))

    def in_words(self) -> str:
        """One sentence for whoever has just been given it."""
        whose = f" of {self.account}" if self.account else ""
        where = f" for {' '.join(self.repositories)}" if self.repositories else ""
        until = f", until {_minute(self.expires)}" if self.expires else ""
        return f"token {self.id}{whose}: {' '.join(self.scopes)}{where}{until}"

    def _may(self) -> str:
        return " ".join(scope.removesuffix(_KIND) for scope in self.scopes)

    def _valid(self, now: datetime) -> str:
        if self.revoked is not None:
            return "revoked"
        if self.expires is None:
            return ""
        return f"until {self.expires:%Y-%m-%d}" if self.expires > now else "expired"


@dataclass(frozen=True, slots=True)
class NewToken:
    """Shown once: the registry keeps no more of it than a digest."""

    row: TokenRow
    text: str

    @classmethod
    def read(cls, answer: Members) -> Self:
        return cls(TokenRow.read(answer), answer.text("token"))


def account_option() -> click.Option:
    about = "Of this account, such as the service crew+ci, in place of one's own."
    return click.Option(["--account"], type=LOGIN, metavar="LOGIN", help=about)


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
