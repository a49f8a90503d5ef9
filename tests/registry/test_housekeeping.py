"""Chores: the registry's own command, again and again, until it is over."""

import logging
import os
import sys
import time
from pathlib import Path

import pytest

from wharf.content.filesystem import FilesystemContent
from wharf.metadata.sqlite import SqliteMetadata
from wharf.registry.housekeeping import Chore, Housekeeper, chores_of
from wharf.registry.settings import load_settings

pytestmark = pytest.mark.slow
DEADLINE = 240.0
"""In seconds: chores give way to all else on the machine, and there may be much of it."""


def chores(folder: Path, **flags: str) -> dict[str, Chore]:
    settings = load_settings({"data": str(folder), "open": "true", **flags}, {}, None)
    return {chore.name: chore for chore in chores_of(settings)}


def told(caplog: pytest.LogCaptureFixture, count: int) -> list[str]:
    deadline = time.monotonic() + DEADLINE
    while len(caplog.messages) < count and time.monotonic() < deadline:
        time.sleep(0.02)
    return caplog.messages[:count]


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("retention", "retention: "), ("garbage collection", "garbage collection: ")],
)
def test_a_chore_is_done_and_tells_what_it_did(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, outcome: str
) -> None:
    FilesystemContent(tmp_path).close()
    SqliteMetadata(tmp_path).close()
    chore = chores(tmp_path)[name]
    housekeeper = Housekeeper([Chore(name, chore.command, first_after=0.01, every=1000)])
    with caplog.at_level(logging.INFO, "wharf.registry"):
        housekeeper.start()
        assert told(caplog, 1)[0].startswith(outcome)
    housekeeper.stop()


def test_a_chore_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    housekeeper = Housekeeper([Chore("talk", (sys.executable, "-c", "print('{}')"), first_after=0.01, every=0.01)])
    with caplog.at_level(logging.INFO, "wharf.registry"):
        housekeeper.start()
        assert ["talk: {}", "talk: {}"] == told(caplog, 2)
    housekeeper.stop()


def test_a_chore_that_fails_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    housekeeper = Housekeeper([Chore("fall", (sys.executable, "-c", "exit(3)"), first_after=0.01, every=1000)])
    housekeeper.start()
    assert ["fall ended with exit code 3"] == told(caplog, 1)
    housekeeper.stop()


@pytest.mark.parametrize(
    "command",
    [
        ("/no/such/program",),
        (sys.executable, "-c", "print('no object')"),
        (sys.executable, "-c", "print('[' * 100_000)"),  # deeper than anybody reads
    ],
)
def test_a_chore_that_cannot_be_begun_or_understood_comes_again(
    caplog: pytest.LogCaptureFixture, command: tuple[str, ...]
) -> None:
    housekeeper = Housekeeper([Chore("stumble", command, first_after=0.01, every=0.01)])
    housekeeper.start()
    assert all(message.startswith("stumble was not done") for message in told(caplog, 2))
    housekeeper.stop()
    assert len(caplog.messages) >= 2


def test_garbage_is_left_to_people_where_they_said_so(tmp_path: Path) -> None:
    assert ["retention"] == list(chores(tmp_path, **{"gc-interval": "never"}))


def test_no_file_that_lies_about_changes_a_chore(tmp_path: Path) -> None:
    for chore in chores(tmp_path).values():
        assert os.devnull == chore.command[chore.command.index("--config") + 1]
