"""Passwords: kept as argon2 makes of them, and checked beside the requests, a few at a time.

A check costs tens of milliseconds and megabytes on purpose. Who is not known costs as much as who is, so that the time
tells nobody which names there are.
"""

import asyncio
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wharf.errors import MalformedField

SHORTEST: Final = 8
LONGEST: Final = 1024
_AT_ONCE: Final = 2
_CHANCE_BYTES: Final = 15


def new_password() -> str:
    """For whom one is made here: it is told once."""
    return secrets.token_urlsafe(_CHANCE_BYTES)


class Passwords:
    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def hashed(self, password: str) -> str:
        """Raises MalformedField for what is too short to be one."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise MalformedField("", f"a password has {SHORTEST} to {LONGEST} characters")
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def is_right(self, password: str, kept: str | None) -> bool:
        """`kept` is None for whoever has no password; that takes as long, and is never right."""
        async with self._turns:
            agrees = await asyncio.to_thread(self._agrees, password[: LONGEST + 1], kept or self._nobodys)
        return agrees and kept is not None

    def _agrees(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False
