"""Tokens that were never given here: some are heard from one address, then it waits, and nobody else does."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.registry.conftest import HandClock
from wharf.errors import TooManyAttempts
from wharf.metadata.sqlite import SqliteMetadata
from wharf.registry.services.identity.attempts import WITH_ADDRESS
from wharf.registry.services.identity.strange_tokens import StrangeTokens

HERE, THERE = "192.0.2.1", "192.0.2.2"


def told(folder: Path, clock: HandClock, story: Callable[[StrangeTokens], Awaitable[None]]) -> None:
    async def with_store() -> None:
        metadata = SqliteMetadata(folder, forced=False)
        strange = StrangeTokens(metadata, clock)
        for _ in range(WITH_ADDRESS.free):
            await strange.shown(HERE)
        try:
            await story(strange)
        finally:
            metadata.close()

    asyncio.run(with_store())


def test_one_too_many_has_to_wait_and_is_heard_then(tmp_path: Path, clock: HandClock) -> None:
    async def story(strange: StrangeTokens) -> None:
        for _ in range(3):
            with pytest.raises(TooManyAttempts) as refused:
                await strange.shown(HERE)
        clock.move(refused.value.seconds)
        await strange.shown(HERE)

    told(tmp_path, clock, story)


def test_whoever_is_elsewhere_does_not_wait(tmp_path: Path, clock: HandClock) -> None:
    told(tmp_path, clock, lambda strange: strange.shown(THERE))
