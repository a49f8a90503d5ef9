"""Accounts: people, organisations and services; and what each is to an organisation."""

from collections.abc import Mapping

from wharf.access.login import Login
from wharf.access.role import Role
from wharf.metadata.records import AccountId, AccountKind, AccountRecord, MemberRecord, Moment, NewAccount
from wharf.metadata.session import Row, Session

_COLUMNS = (
    "accounts.id, accounts.login, accounts.kind, accounts.display, accounts.password, accounts.is_administrator,"
    " accounts.created_at, accounts.password_changed_at, accounts.disabled_at"
)
_BY_LOGIN = f"SELECT {_COLUMNS} FROM accounts WHERE login = ?"
_BY_ID = f"SELECT {_COLUMNS} FROM accounts WHERE id = ?"
_PAGE = f"SELECT {_COLUMNS} FROM accounts WHERE kind = ? ORDER BY login LIMIT ? OFFSET ?"
_COUNT = "SELECT COUNT(*) FROM accounts WHERE kind = ?"
_ADMINISTRATORS = f"SELECT {_COLUMNS} FROM accounts WHERE is_administrator = 1 ORDER BY login"
_SERVICES = f"SELECT {_COLUMNS} FROM accounts WHERE organisation = ? ORDER BY login"
_ORGANISATIONS = (
    f"SELECT {_COLUMNS}, memberships.role FROM memberships"
    " JOIN accounts ON accounts.id = memberships.organisation WHERE memberships.member = ? ORDER BY accounts.login"
)
_ADD = (
    "INSERT INTO accounts (login, kind, display, password, is_administrator, organisation, created_at,"
    " password_changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (login) DO NOTHING"
)
_DROP = "DELETE FROM accounts WHERE id = ?"
_SET_DISPLAY = "UPDATE accounts SET display = ? WHERE id = ?"
_SET_PASSWORD = "UPDATE accounts SET password = ?, password_changed_at = ? WHERE id = ?"  # noqa: S105 - a statement
_SET_DISABLED = "UPDATE accounts SET disabled_at = ? WHERE id = ?"
_SET_ADMINISTRATOR = "UPDATE accounts SET is_administrator = ? WHERE id = ?"
_ACTIVE_ADMINISTRATORS = "SELECT COUNT(*) FROM accounts WHERE is_administrator = 1 AND disabled_at IS NULL"
_ANY = "SELECT 1 FROM accounts LIMIT 1"
_SET_ROLE = (
    "INSERT INTO memberships (organisation, member, role, since) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (organisation, member) DO UPDATE SET role = excluded.role"
)
_LEAVE = "DELETE FROM memberships WHERE organisation = ? AND member = ?"
_FORGET_MEMBERS = "DELETE FROM memberships WHERE organisation = ?"
_FORGET_MEMBERSHIPS = "DELETE FROM memberships WHERE member = ?"
# A service cannot log in to say who belongs to the organisation, and a disabled account neither.
_OWNERS = (
    "SELECT COUNT(*) FROM memberships JOIN accounts ON accounts.id = memberships.member"
    " WHERE memberships.organisation = ? AND memberships.role = 'owner' AND accounts.kind = 'user'"
    " AND accounts.disabled_at IS NULL"
)
_ROLE = "SELECT role FROM memberships WHERE organisation = ? AND member = ?"
_ROLES = (
    "SELECT accounts.login, memberships.role FROM memberships"
    " JOIN accounts ON accounts.id = memberships.organisation WHERE memberships.member = ? ORDER BY accounts.login"
)
_MEMBERS = (
    f"SELECT {_COLUMNS}, memberships.role FROM memberships"
    " JOIN accounts ON accounts.id = memberships.member WHERE memberships.organisation = ? ORDER BY accounts.login"
)


class Accounts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, login: Login) -> AccountRecord | None:
        return self._one(_BY_LOGIN, str(login))

    def get(self, account: AccountId) -> AccountRecord | None:
        return self._one(_BY_ID, account)

    def page(self, kind: AccountKind, start: int, limit: int) -> list[AccountRecord]:
        """By login, from this row on."""
        return [_account(row) for row in self._session.rows(_PAGE, kind.value, limit, start)]

    def count(self, kind: AccountKind) -> int:
        return int(self._session.rows(_COUNT, kind.value)[0][0])

    def administrators(self) -> list[AccountRecord]:
        return [_account(row) for row in self._session.rows(_ADMINISTRATORS)]

    def services(self, organisation: AccountId) -> list[AccountRecord]:
        return [_account(row) for row in self._session.rows(_SERVICES, organisation)]

    def there_are_any(self) -> bool:
        return bool(self._session.rows(_ANY))

    def add(self, account: NewAccount, now: Moment) -> AccountRecord | None:
        """None where the login is taken."""
        changed = now if account.password else None
        facts = (account.kind.value, account.display, account.password, int(account.is_administrator))
        if not self._session.run(_ADD, str(account.login), *facts, account.organisation, now, changed):
            return None
        return self.find(account.login)

    def drop(self, account: AccountId) -> None:
        """What was given to it, or stands under its name, must have gone before."""
        self._session.run(_FORGET_MEMBERS, account)
        self._session.run(_FORGET_MEMBERSHIPS, account)
        self._session.run(_DROP, account)

    def set_password(self, account: AccountId, password: str, now: Moment) -> None:
        self._session.run(_SET_PASSWORD, password, now, account)

    def set_display(self, account: AccountId, display: str) -> None:
        self._session.run(_SET_DISPLAY, display, account)

    def set_disabled(self, account: AccountId, at: Moment | None) -> None:
        self._session.run(_SET_DISABLED, at, account)

    def set_administrator(self, account: AccountId, *, is_one: bool) -> None:
        self._session.run(_SET_ADMINISTRATOR, int(is_one), account)

    def active_administrators(self) -> int:
        return int(self._session.rows(_ACTIVE_ADMINISTRATORS)[0][0])

    def set_role(self, organisation: AccountId, member: AccountId, role: Role, now: Moment) -> None:
        self._session.run(_SET_ROLE, organisation, member, role.value, now)

    def leave(self, organisation: AccountId, member: AccountId) -> bool:
        return self._session.run(_LEAVE, organisation, member) > 0

    def role(self, organisation: AccountId, member: AccountId) -> Role | None:
        rows = self._session.rows(_ROLE, organisation, member)
        return Role(rows[0][0]) if rows else None

    def roles(self, member: AccountId) -> Mapping[str, Role]:
        """By the login of the organisation."""
        return {row[0]: Role(row[1]) for row in self._session.rows(_ROLES, member)}

    def members(self, organisation: AccountId) -> list[MemberRecord]:
        return [MemberRecord(_account(row), Role(row[9])) for row in self._session.rows(_MEMBERS, organisation)]

    def organisations(self, member: AccountId) -> list[MemberRecord]:
        """The organisations that it belongs to, and as what."""
        return [MemberRecord(_account(row), Role(row[9])) for row in self._session.rows(_ORGANISATIONS, member)]

    def owners(self, organisation: AccountId) -> int:
        """How many people can say who belongs to it."""
        return int(self._session.rows(_OWNERS, organisation)[0][0])

    def _one(self, statement: str, *values: str | int) -> AccountRecord | None:
        rows = self._session.rows(statement, *values)
        return _account(rows[0]) if rows else None


def _account(row: Row) -> AccountRecord:
    return AccountRecord(
        id=AccountId(row[0]),
        login=Login(row[1]),
        kind=AccountKind(row[2]),
        display=row[3],
        password=row[4],
        is_administrator=bool(row[5]),
        created_at=Moment(row[6]),
        password_changed_at=None if row[7] is None else Moment(row[7]),
        disabled_at=None if row[8] is None else Moment(row[8]),
    )
