"""Files are changed whole or not at all, by one writer at a time, wherever they lie."""

import fcntl
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wharf.credentials.file_change import Change, change_file
from wharf.errors import CredentialFileRefused

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount, and give files to others")

PATIENCE = 120.0
"""Of writers who all have their turn, on a disk that is slow today."""


def put(path: Path, data: bytes) -> bool:
    return change_file(path, "FILE", lambda _: data)


def add(name: str) -> Change:
    return lambda raw: json.dumps({**json.loads(raw or b"{}"), name: name}).encode()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A file that is itself a mount, as in a container that was given its config.json."""
    behind, path = tmp_path / "behind.json", tmp_path / "folder" / "config.json"
    path.parent.mkdir()
    for each in (behind, path):
        each.write_bytes(b'{"old": 1}')
    if subprocess.run(["mount", "--bind", behind, path], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield path
    subprocess.run(["umount", path], check=True)


def test_a_new_file_and_its_folder_are_private(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "config.json"
    assert put(path, b"{}")
    assert (0o600, 0o700, 0o700) == (mode(path), mode(path.parent), mode(path.parent.parent))
    assert [path] == list(path.parent.iterdir())


def test_a_file_that_others_could_read_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.touch(0o644)
    put(path, b"{}")
    assert 0o600 == mode(path)


def test_the_same_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"{}")
    before = path.stat().st_ino
    assert not put(path, b"{}")
    assert before == path.stat().st_ino


def test_who_reads_meanwhile_has_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        put(path, b"new and longer")
        assert b"old" == reader.read()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles" / "docker.json", tmp_path / "home" / "config.json"
    for folder in (real.parent, link.parent):
        folder.mkdir()
    link.symlink_to(real)
    put(link, b"first")
    put(link, b"second")
    assert (True, b"second", [link]) == (link.is_symlink(), real.read_bytes(), list(link.parent.iterdir()))


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.symlink_to(path)
    with pytest.raises(CredentialFileRefused):
        put(path, b"{}")


def test_an_error_of_the_change_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"old")
    with pytest.raises(CredentialFileRefused, match="as I said"):
        change_file(path, "FILE", lambda _: refuse())
    assert ([path], b"old") == (list(tmp_path.iterdir()), path.read_bytes())


def refuse() -> bytes:
    raise CredentialFileRefused("FILE", "as I said")


@as_root
def test_a_file_that_is_a_mount_is_written_in_place(mounted: Path) -> None:
    assert put(mounted, b'{"new": "and longer than it was"}')
    assert put(mounted, b"{}")
    assert (b"{}", b"{}") == (mounted.read_bytes(), (mounted.parent.parent / "behind.json").read_bytes())
    assert [mounted] == list(mounted.parent.iterdir())


@as_root
def test_many_writers_of_a_mounted_file_lose_nothing(mounted: Path) -> None:
    """They come through two folders, so that the turn in the folder alone would not hold them apart."""
    behind = mounted.parent.parent / "behind.json"
    other = mounted.parent.parent / "other" / "config.json"
    other.parent.mkdir()
    other.touch()
    subprocess.run(["mount", "--bind", behind, other], check=True)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: change_file((mounted, other)[n % 2], "FILE", add(f"w{n}"), PATIENCE), range(40)))
        assert {"old", *(f"w{n}" for n in range(40))} == set(json.loads(behind.read_bytes()))
    finally:
        subprocess.run(["umount", other], check=True)


@as_root
def test_a_read_only_mount_is_refused_and_another_way_shown(mounted: Path) -> None:
    subprocess.run(["mount", "-o", "remount,bind,ro", mounted], check=True)
    with pytest.raises(CredentialFileRefused, match="read-only file system") as caught:
        put(mounted, b"{}")
    assert "--config DIR" in caught.value.diagnostics().next_step


@as_root
def test_what_root_writes_for_somebody_stays_theirs(tmp_path: Path) -> None:
    path = tmp_path / "home" / ".docker" / "config.json"
    path.parent.parent.mkdir()
    os.chown(path.parent.parent, 1234, 1234)
    put(path, b"first")
    assert {1234} == {each.stat().st_uid for each in (path, path.parent)}
    os.chown(path, 4321, 4321)
    put(path, b"second")
    assert 4321 == path.stat().st_uid


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: change_file(path, "FILE", add(f"w{n}"), PATIENCE), range(60)))
    assert {f"w{n}" for n in range(60)} == set(json.loads(path.read_bytes()))


@pytest.mark.slow
def test_many_processes_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    script = (
        "import json, sys; from pathlib import Path; from wharf.credentials.file_change import change_file\n"
        "for n in range(15):\n"
        "    name = f'{sys.argv[2]}-{n}'\n"
        "    add = lambda raw: json.dumps({**json.loads(raw or b'{}'), name: 1}).encode()\n"
        f"    change_file(Path(sys.argv[1]), 'FILE', add, {PATIENCE})\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, path, str(who)]) for who in range(4)]
    assert [0] * 4 == [writer.wait() for writer in writers]
    assert {f"{who}-{n}" for who in range(4) for n in range(15)} == set(json.loads(path.read_bytes()))


def test_what_docker_writes_in_between_is_not_lost(tmp_path: Path) -> None:
    """Docker takes no turns: it puts a new file there whenever it likes."""
    path = tmp_path / "config.json"
    path.write_bytes(b"{}")
    dockers = iter([b'{"docker": 1}', b'{"docker": 2}'])

    def change(raw: bytes) -> bytes:
        if theirs := next(dockers, None):
            beside = tmp_path / "config.json123"
            beside.write_bytes(theirs)
            beside.replace(path)
        return add("wharf")(raw)

    change_file(path, "FILE", change)
    assert {"docker": 2, "wharf": "wharf"} == json.loads(path.read_bytes())


def test_a_file_that_appears_in_between_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "config.json"

    def change(raw: bytes) -> bytes:
        if not raw:
            path.write_bytes(b'{"docker": 1}')
        return add("wharf")(raw)

    change_file(path, "FILE", change)
    assert {"docker": 1, "wharf": "wharf"} == json.loads(path.read_bytes())


def test_whoever_writes_all_the_time_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "config.json"

    def change(raw: bytes) -> bytes:
        path.write_bytes(raw + b"x")
        return raw + b"y"

    with pytest.raises(CredentialFileRefused, match="another program writes it all the time"):
        change_file(path, "FILE", change)


def test_a_turn_that_never_comes_is_not_waited_for_without_end(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        with pytest.raises(CredentialFileRefused, match="another program"):
            change_file(tmp_path / "config.json", "FILE", lambda _: b"{}", patience_seconds=0.1)
    finally:
        os.close(descriptor)


def test_what_a_killed_writer_left_is_swept_away_once_it_is_old(tmp_path: Path) -> None:
    old, young = tmp_path / ".config.json.wharf-1-1", tmp_path / ".config.json.wharf-2-2"
    for each in (old, young, tmp_path / ".other.json.wharf-1-1"):
        each.touch()
    os.utime(old, (time.time() - 3600,) * 2)
    put(tmp_path / "config.json", b"{}")
    assert (False, True, 3) == (old.exists(), young.exists(), len(list(tmp_path.iterdir())))


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"old")
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from wharf.credentials.file_change import change_file; from wharf.errors import WharfError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: change_file(Path(sys.argv[1]), 'FILE', lambda raw: b'x' * 5000)\n"
        "except WharfError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, path], stdout=subprocess.PIPE, text=True, check=True)
    assert "FILE: it cannot be written: file too large" == done.stdout.strip()
    assert ([path], b"old") == (list(tmp_path.iterdir()), path.read_bytes())
