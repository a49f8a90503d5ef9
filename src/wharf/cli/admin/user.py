"""`wharf admin user`: the people who have an account at a registry."""

from typing import Final

import click

from wharf.cli.admin.account_row import AccountRow, MadeAccount
from wharf.cli.admin.new_password import changed_password, piped_password
from wharf.cli.api_errand import ApiErrand, api_command, yes_option
from wharf.cli.owner_name import ACCOUNT, AccountAt
from wharf.cli.registry_name import REGISTRY
from wharf.cli.verbs import Verb, Verbs
from wharf.protocol.api_paths import own

_HERE: Final = __name__
_ABOUT: Final = "People who have an account at a registry. Administrators look after them."
_EPILOG: Final = """\
\b
Example:
  wharf admin user create registry.example/ada
"""

user: Final = Verbs(
    "user",
    {
        "create": Verb(_HERE, "Make an account, with a password that is shown once."),
        "list": Verb(_HERE, "List the accounts of people.", stands_as="listed"),
        "password": Verb(_HERE, "Change a password, one's own or somebody's."),
        "promote": Verb(_HERE, "Make somebody an administrator."),
        "demote": Verb(_HERE, "Make an administrator one no more."),
        "disable": Verb(_HERE, "Let an account do nothing any more; what it owns stays."),
        "enable": Verb(_HERE, "Let it again."),
        "delete": Verb(_HERE, "Delete an account that owns no repository."),
    },
    _ABOUT,
    _EPILOG,
)


async def _create(
    errand: ApiErrand, account: AccountAt, *, display: str, administrator: bool, password_stdin: bool
) -> None:
    given = piped_password(errand.surroundings) if password_stdin else None
    wish = {
        "login": str(account.login),
        "display": display,
        "administrator": administrator,
        **({"password": given.reveal()} if given else {}),
    }
    api = errand.api(account.registry)
    made = await api.post(own("users"), f"make the account {account.login}", MadeAccount.read, wish)
    errand.tell(made.row.as_json(), lambda: _show_made(errand, account, made))


def _show_made(errand: ApiErrand, account: AccountAt, made: MadeAccount) -> None:
    """The password is all that stands on standard output, as with tokens."""
    if made.password:
        errand.output.line(made.password)
        errand.output.note(f"created {account}: this is its password, and it is not shown again")
        return
    errand.output.line(f"created {account}")


async def _list(errand: ApiErrand, registry: str) -> None:
    rows = await errand.api(registry).every(own("users"), "list the users", AccountRow.read)
    lines = [("LOGIN", "NAME", ""), *((row.login, row.display, row.state) for row in rows)]
    errand.tell({"users": [row.as_json() for row in rows]}, lambda: errand.output.table(lines, "<<<"))


async def _password(errand: ApiErrand, account: AccountAt, *, password_stdin: bool) -> None:
    me = await errand.api(account.registry).get(own("me"), "tell who asks", AccountRow.read)
    is_own = me.login == str(account.login)
    wish = changed_password(errand.surroundings, from_pipe=password_stdin, is_own=is_own)
    await _changed(errand, account, wish.as_wish(), f"changed the password of {account}")


async def _promote(errand: ApiErrand, account: AccountAt) -> None:
    await _changed(errand, account, {"administrator": True}, f"{account} is an administrator")


async def _demote(errand: ApiErrand, account: AccountAt) -> None:
    await _changed(errand, account, {"administrator": False}, f"{account} is no administrator any more")


async def _disable(errand: ApiErrand, account: AccountAt) -> None:
    await _changed(errand, account, {"disabled": True}, f"disabled {account}")


async def _enable(errand: ApiErrand, account: AccountAt) -> None:
    await _changed(errand, account, {"disabled": False}, f"enabled {account}")


async def _changed(errand: ApiErrand, account: AccountAt, wish: dict[str, object], done: str) -> None:
    path, did = own("users", str(account.login)), f"change the account {account.login}"
    row = await errand.api(account.registry).patch(path, did, AccountRow.read, wish)
    errand.tell(row.as_json(), lambda: errand.output.line(done))


async def _delete(errand: ApiErrand, account: AccountAt, *, yes: bool) -> None:
    errand.must_be_sure(f"Delete the account {account}, with its tokens?", yes=yes)
    path, did = own("users", str(account.login)), f"delete the account {account.login}"
    await errand.api(account.registry).delete(path, did)
    errand.tell({"deleted": str(account.login)}, lambda: errand.output.line(f"deleted {account}"))


_ACCOUNT: Final = click.Argument(["account"], type=ACCOUNT)
_PIPED: Final = click.Option(["--password-stdin"], is_flag=True, help="Read the password from a pipe.")

create: Final = api_command(
    "create",
    _create,
    "Make an account for a person. Without --password-stdin the registry makes a password, and it is shown once.",
    """\
\b
Examples:
  wharf admin user create registry.example/ada
  printf %s "$PASSWORD" | wharf admin user create registry.example/ada \\
    --password-stdin
""",
    [
        _ACCOUNT,
        click.Option(["--display"], default="", metavar="NAME", help="The person's name."),
        click.Option(["--administrator"], is_flag=True, help="Who may do everything at this registry."),
        _PIPED,
    ],
)
listed: Final = api_command(
    "list",
    _list,
    "List the accounts of people.",
    "\b\nExample:\n  wharf admin user list registry.example --json\n",
    [click.Argument(["registry"], type=REGISTRY)],
)
password: Final = api_command(
    "password",
    _password,
    "Change a password. For one's own account the one before is asked for; through a pipe it is the first of two lines."
    " What was logged in with the one before is logged out; tokens stay.",
    "\b\nExample:\n  wharf admin user password registry.example/ada\n",
    [_ACCOUNT, _PIPED],
)
promote: Final = api_command(
    "promote",
    _promote,
    "Make somebody an administrator, who may do everything at this registry.",
    "\b\nExample:\n  wharf admin user promote registry.example/ada\n",
    [_ACCOUNT],
)
demote: Final = api_command(
    "demote",
    _demote,
    "Make an administrator one no more. The last one stays.",
    "\b\nExample:\n  wharf admin user demote registry.example/ada\n",
    [_ACCOUNT],
)
disable: Final = api_command(
    "disable",
    _disable,
    "Let an account do nothing any more, with whatever token; what it owns stays.",
    "\b\nExample:\n  wharf admin user disable registry.example/ada\n",
    [_ACCOUNT],
)
enable: Final = api_command(
    "enable",
    _enable,
    "Let an account that was disabled do again what it might do.",
    "\b\nExample:\n  wharf admin user enable registry.example/ada\n",
    [_ACCOUNT],
)
delete: Final = api_command(
    "delete",
    _delete,
    "Delete an account, with its tokens. One that owns repositories stays.",
    "\b\nExample:\n  wharf admin user delete registry.example/ada --yes\n",
    [_ACCOUNT, yes_option()],
)
