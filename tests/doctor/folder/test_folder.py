import os
import socket
import subprocess
from pathlib import Path

import pytest

from wharf.doctor.folder.folder import LARGEST, Folder
from wharf.errors import FileNotThere, UnreadableFile


def written(root: Path, **files: str) -> Path:
    for name, content in files.items():
        (root / name).write_text(content)
    return root


def test_files_are_named_from_the_root(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "app.yml").write_text("a: 1\n")

    assert ["deploy/app.yml"] == list(Folder(tmp_path).paths())


def test_a_file_is_read_with_its_places(tmp_path: Path) -> None:
    text = Folder(written(tmp_path, a="one\ntwo\n")).read("a")

    assert "one\ntwo\n" == text.value
    assert "a:2:1" == str(text[4:7].span)


def test_packages_of_others_and_what_git_ignores_are_left_out(tmp_path: Path) -> None:
    for folder in (".git", "node_modules", "out"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.yml").write_text("")
    written(tmp_path, a="")
    (tmp_path / ".gitignore").write_text("out/\n")

    assert [".gitignore", "a"] == list(Folder(tmp_path).paths())


def test_what_git_keeps_is_seen_although_it_is_ignored(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.yml\n")
    written(tmp_path, **{"kept.yml": "", "other.yml": ""})
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "-f", "kept.yml"], cwd=tmp_path, check=True)

    assert [".gitignore", "kept.yml"] == sorted(Folder(tmp_path).paths())


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\x7fELF\0\0", "no text"),
        (b"\xb0\xa1\xb3\xaa", "UTF-8"),
        (b"a" * (LARGEST + 1), "4 MiB"),
        (b"\n" * 50_001, "50,000 lines"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "a").write_bytes(content)

    with pytest.raises(UnreadableFile, match=problem):
        Folder(tmp_path).read("a")


def test_a_text_of_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("한글\n".encode("utf-16"))

    assert "한글\n" == Folder(tmp_path).read("a").value


def test_a_link_within_the_repository_is_followed(tmp_path: Path) -> None:
    written(tmp_path, a="x").joinpath("link").symlink_to("a")

    assert "x" == Folder(tmp_path).read("link").value


def test_a_link_out_of_the_repository_is_not(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link").symlink_to(written(tmp_path, secret="x") / "secret")

    with pytest.raises(UnreadableFile, match="out of the repository"):
        Folder(inside).read("link")


def test_a_folder_that_links_to_itself_ends(tmp_path: Path) -> None:
    written(tmp_path, a="").joinpath("again").symlink_to(tmp_path)

    assert ["a"] == list(Folder(tmp_path).paths())


def test_pipes_and_sockets_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket"))
        assert [] == list(Folder(tmp_path).paths())


def test_a_file_that_has_gone_is_not_there(tmp_path: Path) -> None:
    folder = Folder(written(tmp_path, a="x"))
    (tmp_path / "a").unlink()

    with pytest.raises(FileNotThere):
        folder.read("a")


def test_nothing_above_the_root_is_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotThere):
        Folder(tmp_path).read("../../etc/passwd")


def test_names_of_an_index_that_no_file_can_have_are_none(tmp_path: Path) -> None:
    names = [b"x" * 5000, b"../../etc/passwd", b"/etc/passwd"]
    entries = [bytes(62) + name + bytes(8 - (62 + len(name)) % 8) for name in names]
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/index").write_bytes(b"DIRC" + (2).to_bytes(4) + len(names).to_bytes(4) + b"".join(entries))

    assert [] == list(Folder(tmp_path).paths())
