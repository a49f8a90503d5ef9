"""`wharf admin member`: who belongs to an organisation, and as what."""

from typing import Final

import click

from wharf.access.login import Login
from wharf.access.role import Role
from wharf.cli.admin.account_row import AccountRow
from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.owner_name import ACCOUNT, LOGIN, AccountAt
from wharf.cli.verbs import Verb, Verbs
from wharf.protocol.api_paths import own

_HERE: Final = __name__
_ABOUT: Final = """\
Who belongs to an organisation, and as what. A reader pulls; a writer pushes; a maintainer deletes, restores and sets
visibility; an owner says who belongs to it.
"""
_EPILOG: Final = """\
\b
Example:
  wharf admin member set registry.example/crew ada --role writer
"""

member: Final = Verbs(
    "member",
    {
        "set": Verb(_HERE, "Give somebody a role, or another one.", stands_as="set_member"),
        "list": Verb(_HERE, "List who belongs to it.", stands_as="listed"),
        "remove": Verb(_HERE, "Take somebody out."),
    },
    _ABOUT,
    _EPILOG,
)


async def _set(errand: ApiErrand, organisation: AccountAt, login: Login, *, role: str) -> None:
    did = f"make {login} a {role} of {organisation.login}"
    row = await errand.api(organisation.registry).put(_path(organisation, login), did, AccountRow.read, {"role": role})
    errand.tell(row.as_json(), lambda: errand.output.line(f"{login} is {role} in {organisation}"))


async def _list(errand: ApiErrand, organisation: AccountAt) -> None:
    path, did = own("orgs", str(organisation.login), "members"), f"list the members of {organisation.login}"
    rows = await errand.api(organisation.registry).every(path, did, AccountRow.read)
    lines = [("LOGIN", "ROLE", "KIND"), *((row.login, row.role, row.kind) for row in rows)]
    errand.tell({"members": [row.as_json() for row in rows]}, lambda: errand.output.table(lines, "<<<"))


async def _remove(errand: ApiErrand, organisation: AccountAt, login: Login) -> None:
    await errand.api(organisation.registry).delete(
        _path(organisation, login), f"take {login} out of {organisation.login}"
    )
    errand.tell({"removed": str(login)}, lambda: errand.output.line(f"{login} belongs to {organisation} no more"))


def _path(organisation: AccountAt, login: Login) -> str:
    return own("orgs", str(organisation.login), "members", str(login))


_ORGANISATION: Final = click.Argument(["organisation"], type=ACCOUNT, metavar="REGISTRY/ORG")
_LOGIN: Final = click.Argument(["login"], type=LOGIN, metavar="LOGIN")


def role_option() -> click.Option:
    roles = [each.value for each in Role]
    return click.Option(["--role"], type=click.Choice(roles), required=True, help="What it may do there.")


set_member: Final = api_command(
    "set",
    _set,
    "Give somebody a role in an organisation, or another one. The last owner stays one.",
    "\b\nExample:\n  wharf admin member set registry.example/crew ada --role writer\n",
    [_ORGANISATION, _LOGIN, role_option()],
)
listed: Final = api_command(
    "list",
    _list,
    "List who belongs to an organisation, people and services, and as what.",
    "\b\nExample:\n  wharf admin member list registry.example/crew\n",
    [_ORGANISATION],
)
remove: Final = api_command(
    "remove",
    _remove,
    "Take somebody out of an organisation. The last owner stays.",
    "\b\nExample:\n  wharf admin member remove registry.example/crew ada\n",
    [_ORGANISATION, _LOGIN],
)
