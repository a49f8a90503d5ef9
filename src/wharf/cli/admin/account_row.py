"""An account as its registry tells of it: a person, an organisation, a service, or whoever belongs to one."""

from dataclasses import dataclass
from typing import Self

from wharf.cli.output import Json
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue


@dataclass(frozen=True, slots=True)
class AccountRow:
    """`told` is the registry's own document, for machines; `role` is there for members and services."""

    login: str
    kind: str
    display: str
    role: str
    state: str
    told: dict[str, JsonValue]

    @classmethod
    def read(cls, row: Members) -> Self:
        state = "disabled" if row.flag("disabled") else "administrator" if row.flag("administrator") else ""
        return cls(row.text("login"), row.text("kind"), row.text("display"), row.text("role"), state, row.values)

    def as_json(self) -> Json:
        return self.told


@dataclass(frozen=True, slots=True)
class MadeAccount:
    """`password`, where the registry made one: shown once."""

    row: AccountRow
    password: str

    @classmethod
    def read(cls, answer: Members) -> Self:
        return cls(AccountRow.read(answer), answer.text("password"))
