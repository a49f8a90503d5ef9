import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wharf.doctor.folder.folder import Folder
from wharf.doctor.folder.ignored import is_ignored, read_ignore_file

NAMES = st.sampled_from(["a", "b", "ab", "a.key", "build", "x y", "a*"])
PIECES = st.sampled_from(["a", "b", "*", "**", "?", "/", "/", "!", "[ab]", "[!a]", ".key", "build", "\\*", "#", " "])
PATTERNS = st.lists(st.lists(PIECES, min_size=1, max_size=5).map("".join), max_size=4)
TREES = st.lists(st.lists(NAMES, min_size=1, max_size=3).map("/".join), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.key", "certs/server.key"),
        (".env", "app/.env"),
        ("/dist", "dist"),
        ("docs/*.txt", "docs/a.txt"),
        ("**/logs", "a/b/logs"),
        ("a/**/z", "a/z"),
        ("a/**/z", "a/b/c/z"),
        ("a/**", "a/b"),
        ("\\#x", "#x"),
        ("[!a]b", "cb"),
    ],
)
def test_what_fits_is_ignored(pattern: str, path: str) -> None:
    assert is_ignored(path, read_ignore_file(pattern), is_folder=False)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/dist", "app/dist"),
        ("docs/*.txt", "docs/a/b.txt"),
        ("a/**", "a"),
        ("logs/", "logs"),
        ("# x", "# x"),
        ("", "a"),
    ],
)
def test_what_does_not_fit_stays(pattern: str, path: str) -> None:
    assert not is_ignored(path, read_ignore_file(pattern), is_folder=False)


def test_the_last_line_decides() -> None:
    lines = read_ignore_file("*.yml\n!keep.yml\n")
    assert [True, False] == [is_ignored(name, lines, is_folder=False) for name in ("a.yml", "keep.yml")]


def test_many_stars_cost_no_time() -> None:
    assert not is_ignored("a" * 200, read_ignore_file("*a" * 100 + "b"), is_folder=False)
    assert not is_ignored("/".join("a" * 60), read_ignore_file("**/a/" * 60 + "b"), is_folder=False)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(TREES, PATTERNS)
def test_a_folder_has_the_files_that_git_would_have(
    tmp_path_factory: pytest.TempPathFactory, tree: list[str], patterns: list[str]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for path in tree:
        _write(root / path)
    (root / ".gitignore").write_text("\n".join(patterns) + "\n")
    subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    asked = ["git", "ls-files", "-z", "-o", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=root, check=True, capture_output=True, text=True).stdout

    assert sorted(filter(None, listed.split("\0"))) == sorted(Folder(root).paths())


def _write(path: Path) -> None:
    """Where a file is in the way of a folder, or a folder of a file, what came first stays."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    except OSError:
        return
