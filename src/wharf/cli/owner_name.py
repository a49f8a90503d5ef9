"""Somebody at a registry as a person writes them: REGISTRY/LOGIN, such as 127.0.0.1:5000/crew or …/crew+ci."""

from typing import Final, NamedTuple

import click

from wharf.access.login import Login
from wharf.cli.registry_name import registry_and_path
from wharf.oci.reference import reads_as_host


class AccountAt(NamedTuple):
    registry: str
    login: Login

    def __str__(self) -> str:
        return f"{self.registry}/{self.login}"


class OwnerAt(NamedTuple):
    """`owner` is None where the whole registry is meant."""

    registry: str
    owner: Login | None

    @property
    def segment(self) -> str:
        """As it stands in the addresses of the API."""
        return "-" if self.owner is None else str(self.owner)

    def __str__(self) -> str:
        return self.registry if self.owner is None else f"{self.registry}/{self.owner}"


class AccountParameter(click.ParamType[AccountAt]):
    name = "REGISTRY/LOGIN"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> AccountAt:
        if isinstance(value, AccountAt):
            return value
        registry, path = registry_and_path(str(value))
        if not path:
            self.fail(_what_is_missing(registry), param, ctx)
        return AccountAt(registry, Login.parse(path))


def _what_is_missing(registry: str) -> str:
    if reads_as_host(registry):
        return f"whose? Write it behind the registry: {registry}/NAME"
    return f"at which registry? Write it in front: REGISTRY/{registry}"


class OwnerParameter(click.ParamType[OwnerAt]):
    name = "REGISTRY[/OWNER]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> OwnerAt:
        if isinstance(value, OwnerAt):
            return value
        registry, path = registry_and_path(str(value))
        return OwnerAt(registry, Login.parse(path) if path else None)


class LoginParameter(click.ParamType[Login]):
    name = "LOGIN"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Login:
        return value if isinstance(value, Login) else Login.parse(str(value))


ACCOUNT: Final = AccountParameter()
OWNER: Final = OwnerParameter()
LOGIN: Final = LoginParameter()
