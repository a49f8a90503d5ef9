"""A check that runs every hour: it speaks once, and again when something has changed."""

import json
from pathlib import Path

import pytest

from tests.cli.check.checks import wharf
from tests.cli.check.front import Answer, before, error
from tests.cli.harbour import Harbour
from tests.cli.stage import Outcome
from wharf.cli.check.memory import Memory
from wharf.doctor.check.berth import Berth
from wharf.oci.reference import RepositoryName, Tag

SAME = (("login", "passed"), ("push", "failed", "bad: remote-denied "))


class Trouble:
    """Whether the registry denies pushes now."""

    is_there = False

    def overrule(self, method: str, path: str) -> Answer | None:
        return error(403, "DENIED", "no") if self.is_there and method == "POST" else None


def at(harbour: Harbour, host: str, *words: str) -> Outcome:
    return wharf(harbour.folder, f"{host}/{harbour.name}", "--quiet", *words)


def test_the_second_run_says_nothing(harbour: Harbour) -> None:
    first, second = (at(harbour, harbour.host) for _ in range(2))
    assert "✓" in first.out
    assert (0, "", "") == (second.code, second.out, second.err)


@pytest.mark.slow
def test_it_speaks_when_something_breaks_and_when_it_is_mended(harbour: Harbour) -> None:
    trouble = Trouble()
    with before(harbour.host, trouble.overrule) as host:
        at(harbour, host)
        trouble.is_there = True
        broken = at(harbour, host)
        still_broken = at(harbour, host)
        trouble.is_there = False
        mended = at(harbour, host)
    assert "step 3 (Build and push): passed before, failed now" in broken.out
    assert (6, "") == (still_broken.code, still_broken.out)
    assert "step 3 (Build and push): failed before, passed now" in mended.out


@pytest.mark.slow
def test_a_step_that_fails_in_another_way_is_named(harbour: Harbour) -> None:
    said = [error(403, "DENIED", "no")]
    with before(harbour.host, lambda method, path: said[0] if method == "POST" else None) as host:
        at(harbour, host)
        said[0] = error(507, "QUOTA", "full")
        now = at(harbour, host)
    assert "step 3 (Build and push): failed as before, but otherwise" in now.out


def test_for_machines_as_well(harbour: Harbour) -> None:
    first, second = (at(harbour, harbour.host, "--json") for _ in range(2))
    assert json.loads(first.out)["works"]
    assert "" == second.out


def test_a_folder_that_cannot_be_written_to_is_told_of(harbour: Harbour) -> None:
    (harbour.folder / ".local").write_text("not a folder")
    outcome = at(harbour, harbour.host)
    assert 0 == outcome.code
    assert "what came of it cannot be remembered" in outcome.err


# --- the memory ------------------------------------------------------------------------------------------------------


def berth(name: str = "team/wharf-check") -> Berth:
    return Berth("registry.example", RepositoryName(name), Tag("check-1"))


def test_what_is_remembered_is_found_again(tmp_path: Path) -> None:
    memory = Memory({"XDG_STATE_HOME": str(tmp_path)}, tmp_path, "linux", berth())
    assert memory.last() is None
    memory.remember(SAME)
    assert SAME == memory.last()
    assert [memory.file] == list(memory.file.parent.iterdir())


def test_it_is_for_oneself(tmp_path: Path) -> None:
    memory = Memory({}, tmp_path, "linux", berth())
    memory.remember(SAME)
    assert 0o600 == memory.file.stat().st_mode & 0o777


def test_each_place_has_a_memory_of_its_own(tmp_path: Path) -> None:
    Memory({}, tmp_path, "linux", berth()).remember(SAME)
    assert Memory({}, tmp_path, "linux", berth("other/wharf-check")).last() is None


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"of": "other", "steps": []}', b"\xff\xfe", b"[" * 100_000])
def test_what_cannot_be_read_is_as_good_as_nothing(tmp_path: Path, content: bytes) -> None:
    memory = Memory({}, tmp_path, "linux", berth())
    memory.remember(SAME)
    memory.file.write_bytes(content)
    assert memory.last() is None


def test_where_it_is(tmp_path: Path) -> None:
    assert Memory({}, tmp_path, "linux", berth()).file.is_relative_to(tmp_path / ".local" / "state" / "wharf")
    windows = Memory({"LOCALAPPDATA": str(tmp_path / "local")}, tmp_path, "win32", berth())
    assert windows.file.is_relative_to(tmp_path / "local" / "wharf")
