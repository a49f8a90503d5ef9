import asyncio
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tests.registry.conftest import HandClock
from wharf.access.login import Login
from wharf.errors import SettingRefused
from wharf.metadata.records import AccountRecord
from wharf.metadata.sqlite import SqliteMetadata
from wharf.registry.services.identity.first_start import FirstPassword, ensure_administrator
from wharf.registry.services.identity.passwords import Passwords

GIVEN = "correct horse battery"


def quick() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


async def started(folder: Path, given: str | None = None) -> FirstPassword | None:
    metadata = SqliteMetadata(folder, forced=False)
    try:
        return await ensure_administrator(metadata, quick(), HandClock(), given)
    finally:
        metadata.close()


async def administrator(folder: Path) -> AccountRecord | None:
    metadata = SqliteMetadata(folder, forced=False)
    try:
        return await metadata.read(lambda ledger: ledger.accounts.find(Login("admin")))
    finally:
        metadata.close()


def test_the_first_start_makes_an_administrator_and_a_password(tmp_path: Path) -> None:
    async def story() -> None:
        made = await started(tmp_path)
        account = await administrator(tmp_path)
        assert made is not None
        assert account is not None
        assert (True, True) == (made.was_made, account.is_administrator)
        assert await quick().is_right(made.text, account.password)

    asyncio.run(story())


def test_a_password_that_is_given_is_taken_and_not_told(tmp_path: Path) -> None:
    made = asyncio.run(started(tmp_path, GIVEN))
    assert made is not None
    assert not made.was_made
    assert GIVEN not in repr(made)


def test_the_second_start_makes_nothing(tmp_path: Path) -> None:
    asyncio.run(started(tmp_path, GIVEN))
    assert asyncio.run(started(tmp_path, "short")) is None


def test_of_two_starts_at_once_one_makes_the_administrator(tmp_path: Path) -> None:
    async def story() -> tuple[FirstPassword | None, FirstPassword | None]:
        return await asyncio.gather(started(tmp_path), started(tmp_path))

    made = asyncio.run(story())
    assert sum(each is not None for each in made) == 1


def test_a_password_that_is_too_short_is_refused_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="WHARF_ADMIN_PASSWORD") as refused:
        asyncio.run(started(tmp_path, "hunter2"))
    assert "hunter2" not in str(refused.value.diagnostics())
    assert asyncio.run(administrator(tmp_path)) is None
