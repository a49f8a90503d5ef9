"""A statement: what a short-lived token says of whoever shows it, as a value and as the claims that are signed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from wharf.metadata.records import AccountId, Moment, TokenId
from wharf.oci.members import Members
from wharf.protocol.scope import Scope
from wharf.registry.services.access import Caller


@dataclass(frozen=True, slots=True)
class Basis:
    """The credential that the token is given for: a personal token, or the password since when it is what it is."""

    account: AccountId
    token: TokenId | None
    password_since: int

    @classmethod
    def of(cls, caller: Caller) -> Self | None:
        """None for somebody without an account."""
        return None if caller.account is None else cls(caller.account, caller.token, caller.password_since or 0)

    def claims(self) -> dict[str, object]:
        return {"account": self.account, **self._shown()}

    def _shown(self) -> dict[str, object]:
        return {"password": self.password_since} if self.token is None else {"token": self.token}

    @classmethod
    def read(cls, claims: Members) -> Self | None:
        if "account" not in claims.values:
            return None
        account = AccountId(claims.number("account"))
        if "token" in claims.values:
            return cls(account, TokenId(claims.number("token")), 0)
        return cls(account, None, claims.number("password"))


@dataclass(frozen=True, slots=True)
class Statement:
    """`service`: the registry that it was made for; `life` in seconds."""

    name: str
    service: str
    issued_at: Moment
    life: int
    grants: tuple[Scope, ...]
    basis: Basis | None

    @property
    def ends_at(self) -> Moment:
        return Moment((self.issued_at // 1000 + self.life) * 1000)

    def claims(self) -> Mapping[str, object]:
        began = self.issued_at // 1000
        return {
            "iss": "wharf",
            "sub": self.name,
            "aud": self.service,
            "iat": began,
            "nbf": began,
            "exp": began + self.life,
            "jti": secrets.token_urlsafe(12),
            "access": [_written(scope) for scope in self.grants],
            **(self.basis.claims() if self.basis else {}),
        }

    @classmethod
    def read(cls, claims: Members) -> Self:
        """Raises the error of the members where they are not such claims."""
        began = claims.number("iat")
        return cls(
            claims.text("sub"),
            claims.text("aud"),
            Moment(began * 1000),
            claims.number("exp") - began,
            tuple(_read(entry) for entry in claims.each("access")),
            Basis.read(claims),
        )


def _written(scope: Scope) -> dict[str, object]:
    return {"type": scope.kind, "name": scope.name, "actions": sorted(scope.actions)}


def _read(entry: Members) -> Scope:
    return Scope(entry.text("type"), entry.text("name"), frozenset(entry.texts("actions")))
