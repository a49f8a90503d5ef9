"""Registries that misbehave when a test tells them to."""

from collections.abc import Iterator

import pytest

from wharf.testing.hostile_registry import HostileRegistry


@pytest.fixture
def registry() -> Iterator[HostileRegistry]:
    with HostileRegistry() as hostile:
        yield hostile


@pytest.fixture
def elsewhere() -> Iterator[HostileRegistry]:
    """Another host."""
    with HostileRegistry() as other:
        yield other
