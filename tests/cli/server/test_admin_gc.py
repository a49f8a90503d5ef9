import asyncio
import errno
import fcntl
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.stage import Outcome, run
from wharf.cli.server.admin_gc import store_errors
from wharf.content.filesystem import FilesystemContent
from wharf.errors import StoreProblem
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.reference import RepositoryName

STRAY = b"a stray copy"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """One copy that serves no blob, and one unfinished upload."""

    async def fill(content: FilesystemContent) -> None:
        name = RepositoryName.parse("team/app")
        upload = await content.open(await content.begin(name, Algorithm.SHA256), name)
        await upload.write(STRAY)
        await upload.commit(Digest.of(STRAY))
        await upload.pause()
        await content.begin(name, Algorithm.SHA256)

    content = FilesystemContent(tmp_path / "data")
    asyncio.run(fill(content))
    content.close()
    return tmp_path / "data"


def collect(store: Path, *flags: str) -> Outcome:
    return run(store.parent, ["admin", "gc", "--data", str(store), *flags])


def copies(store: Path) -> int:
    return sum(path.is_file() for path in (store / "blobs").rglob("*"))


def test_what_is_young_is_spared(store: Path) -> None:
    assert collect(store) == Outcome(0, f"{store}: nothing to reclaim\n", "")
    assert copies(store) == 1


def test_what_is_old_enough_goes(store: Path) -> None:
    outcome = collect(store, "--grace", "0", "--upload-age", "0")
    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        f"{store}: reclaimed 12 B in 2 things",
        "  stray copies        1  12 B",
        "  unfinished uploads  1   0 B",
    ]
    assert copies(store) == 0


def test_a_dry_run_says_what_would_go_and_takes_nothing(store: Path) -> None:
    outcome = collect(store, "--grace", "0", "--dry-run")
    assert outcome.out.splitlines()[0].endswith(" (12 B): it serves no blob")
    assert f"{store}: would reclaim 12 B in 1 things" in outcome.out
    assert copies(store) == 1


def test_a_machine_gets_one_object(store: Path) -> None:
    outcome = collect(store, "--grace", "0", "--json")
    assert json.loads(outcome.out)["kinds"]["copy"] == {"count": 1, "bytes": 12}


@pytest.mark.parametrize(("flags", "listed"), [(["--dry-run"], True), (["--verbose"], True), ([], False)])
def test_a_machine_gets_each_thing_where_a_person_would(store: Path, flags: Sequence[str], listed: bool) -> None:
    assert listed is ("things" in json.loads(collect(store, "--json", *flags).out))


def test_the_settings_of_the_registry_hold_here_too(store: Path) -> None:
    config = store.parent / "wharf.toml"
    config.write_text('data = "data"\ngc-grace = 0\nworkers = "nonsense that only the server reads"\n')
    assert "1  12 B" in run(store.parent, ["admin", "gc"]).out


def test_durations_come_as_the_housekeeper_writes_them(store: Path) -> None:
    assert collect(store, "--grace", "2.592e+06", "--untagged", "never", "--upload-age", "86400").code == 0


@pytest.mark.parametrize("flag", ["grace", "untagged", "upload-age"])
def test_a_wrong_duration_is_named_by_its_own_flag(store: Path, flag: str) -> None:
    outcome = collect(store, f"--{flag}", "soon")
    assert outcome.code == 3
    assert f"  from: flag --{flag}\n" in outcome.err


def test_where_no_registry_is_none_is_made(tmp_path: Path) -> None:
    outcome = run(tmp_path, ["admin", "gc", "--data", str(tmp_path / "typo")])
    assert (outcome.code, list(tmp_path.iterdir())) == (3, [])


def test_while_another_collection_runs_it_ends_with_5(store: Path) -> None:
    with (store / "gc.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        outcome = collect(store)
    assert (outcome.code, outcome.err.splitlines()[0]) == (5, "error: garbage collection is held by another process")


@pytest.mark.parametrize(("flags", "warned"), [([], True), (["--json"], False)])
def test_a_person_is_warned_of_a_variable_that_resembles_a_setting(
    store: Path, flags: Sequence[str], warned: bool
) -> None:
    outcome = run(store.parent, ["admin", "gc", "--data", str(store), *flags], {"WHARF_DTA": "/srv"})
    assert warned is ("warning: WHARF_DTA is no setting; did you mean WHARF_DATA?" in outcome.err)


def test_a_store_that_may_not_be_touched_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="Permission denied"), store_errors(tmp_path):
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path))


def test_a_reader_that_went_away_is_not_a_fault_of_the_store(tmp_path: Path) -> None:
    with pytest.raises(BrokenPipeError), store_errors(tmp_path):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_how_long_deleted_manifests_are_kept_can_be_said(store: Path) -> None:
    outcome = collect(store, "--keep-deleted", "0", "--json")
    assert (0, {"count": 0, "bytes": 0}) == (outcome.code, json.loads(outcome.out)["kinds"]["deleted"])
    assert collect(store, "--keep-deleted", "soon").code != 0
