"""Blobs out of a registry that misbehaves: they arrive whole and true, or a clear error does."""

import asyncio
import secrets
import time
from dataclasses import replace

import pytest

from tests.client.cargo import described, read
from tests.client.hostile import LARGE, NAME, run, verified_content
from tests.client.sessions import BRISK, run_at
from wharf.client.repository import RemoteRepository
from wharf.client.settings import Timeouts
from wharf.errors import (
    DigestMismatch,
    RemoteAnswered,
    RemoteMisbehaved,
    RemoteProblem,
    SizeMismatch,
    Unreachable,
)
from wharf.testing.hostile_registry import HostileRegistry, Misdeed

HASTY = replace(BRISK, timeouts=Timeouts(silence=1.0, verdict=5.0))


def test_other_bytes_are_refused(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(100_000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.OTHER_BYTES)
    with pytest.raises(DigestMismatch):
        verified_content(registry, described(content))


def test_a_longer_blob_is_refused_before_it_is_read(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(100_000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.LONGER_BLOB, amount=7)
    with pytest.raises(SizeMismatch) as caught:
        verified_content(registry, described(content))
    assert (100_000, 100_007) == (caught.value.announced, caught.value.received)


def test_a_blob_without_an_end_is_left_where_it_should_end(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(100_000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.ENDLESS_BLOB)
    with pytest.raises(SizeMismatch):
        verified_content(registry, described(content))


@pytest.mark.parametrize("also", [(), (Misdeed.IGNORES_RANGE,)], ids=["with ranges", "without ranges"])
def test_a_blob_that_breaks_off_is_taken_up_again(registry: HostileRegistry, also: tuple[Misdeed, ...]) -> None:
    content = secrets.token_bytes(LARGE)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.TRUNCATED_BLOB, times=2, amount=1_300_000)
    for misdeed in also:
        registry.misbehave(misdeed)
    assert content == verified_content(registry, described(content))
    assert 3 == len(registry.asked("GET", "/blobs/"))


def test_a_blob_that_breaks_off_at_the_same_byte_for_ever_is_given_up(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(1000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.TRUNCATED_BLOB, amount=0)
    with pytest.raises(Unreachable):
        verified_content(registry, described(content))


def test_another_part_than_was_asked_for_is_refused(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(1000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.FALSE_RANGE)
    with pytest.raises(RemoteMisbehaved):
        verified_content(registry, described(content), 500)


def test_a_server_that_ignores_ranges_is_read_from_the_start(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(LARGE)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.IGNORES_RANGE)
    assert content[LARGE // 2 :] == verified_content(registry, described(content), LARGE // 2)


def test_an_error_instead_of_a_blob_is_told_in_the_registrys_words(registry: HostileRegistry) -> None:
    content = b"something"
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.WEB_PAGES, amount=403)
    with pytest.raises(RemoteAnswered) as caught:
        verified_content(registry, described(content))
    assert "its title: 502 Bad Gateway" in caught.value.diagnostics().evidence


@pytest.mark.parametrize("misdeed", [Misdeed.REDIRECT_LOOP, Misdeed.GARBAGE, Misdeed.SERVER_ERRORS])
def test_what_leads_to_no_blob_is_an_error_of_the_registry(registry: HostileRegistry, misdeed: Misdeed) -> None:
    content = b"something"
    registry.shelf.put_blob(content)
    registry.misbehave(misdeed)
    with pytest.raises(RemoteProblem):
        verified_content(registry, described(content))


@pytest.mark.slow
def test_a_blob_that_comes_byte_by_byte_is_given_up(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(100_000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.SLOW_DRIP)

    async def story(repository: RemoteRepository) -> bytes:
        return await asyncio.to_thread(read, await repository.blob(described(content)))

    with pytest.raises(Unreachable):
        run_at(registry.host, story, NAME, pauses=[0.0], settings=HASTY)


def test_a_reader_that_is_closed_while_it_waits_ends_at_once(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(1000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.TRUNCATED_BLOB, amount=100)

    async def story(repository: RemoteRepository) -> None:
        reader = await repository.blob(described(content))
        reading = asyncio.create_task(asyncio.to_thread(read, reader))
        while len(registry.asked("GET", "/blobs/")) < 2:
            await asyncio.sleep(0.01)
        reader.close()
        with pytest.raises(Unreachable):
            await reading

    begun = time.monotonic()
    run_at(registry.host, story, NAME, pauses=[0.01, *([30.0] * 5)])
    assert time.monotonic() - begun < 30  # it would wait five times as long


def test_reading_in_the_event_loop_is_told_rather_than_waited_for(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(1000)
    registry.shelf.put_blob(content)
    registry.misbehave(Misdeed.TRUNCATED_BLOB, amount=100)

    async def story(repository: RemoteRepository) -> None:
        reader = await repository.blob(described(content))
        with pytest.raises(RuntimeError, match="worker thread"):
            read(reader)

    run(registry, story)
