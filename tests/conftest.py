"""What holds for all tests: what is fast and tells most comes first, what needs other programs comes last, and a busy
machine on which an example of a property takes long is no fault."""

import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_TESTS = Path(__file__).parent
_LAST = ("house", "conformance", "hostile", "durability", "journeys", "clients")

settings.register_profile("any weather", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any weather")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> tuple[int, bool]:
    """Rooms first, the slow tests of each rank after its fast ones; otherwise as they were found."""
    room = item.path.relative_to(_TESTS).parts[0]
    return _LAST.index(room) if room in _LAST else -1, item.get_closest_marker("slow") is not None


def pytest_collection_finish() -> None:
    """Tens of thousands of tests are held to the end: the collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
