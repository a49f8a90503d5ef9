from collections.abc import Iterator
from pathlib import Path

import pytest

from wharf.metadata.records import Moment
from wharf.testing.registry import InProcessRegistry


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000

    def __call__(self) -> Moment:
        return Moment(self.now)

    def move(self, seconds: float) -> None:
        self.now += int(seconds * 1000)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def registry(tmp_path: Path, clock: HandClock) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path, clock=clock) as made:
        yield made
