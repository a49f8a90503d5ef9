import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wharf.doctor.folder.git_history import history_in, whose
from wharf.doctor.history import History

WHEN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def git(root: Path, *words: str, minute: int = 0) -> str:
    when = f"2026-03-01T12:{minute:02}:00+0000"
    who = {f"GIT_{each}_{what}": "x" for each in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(root),
        "GIT_COMMITTER_DATE": when,
        "GIT_AUTHOR_DATE": when,
        **who,
    }
    done = subprocess.run(["git", *words], cwd=root, check=True, env=environment, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "one")
    git(tmp_path, "remote", "add", "origin", "git@github.com:Acme/App.git")
    return tmp_path


def test_where_there_is_no_git_nothing_is_known(tmp_path: Path) -> None:
    assert History() == history_in(tmp_path)


def test_head_and_whose_it_is(root: Path) -> None:
    history = history_in(root)

    assert (git(root, "rev-parse", "HEAD"), "main", "main") == (history.sha, history.branch, history.default_branch)
    assert ("github.com", "Acme/App", WHEN) == (history.host, history.repository, history.commit_date)


def test_tags_come_with_the_youngest_first(root: Path) -> None:
    git(root, "tag", "v2.0.0")
    git(root, "commit", "-q", "--allow-empty", "-m", "two", minute=5)
    git(root, "tag", "-a", "-m", "x", "v1.9.1", minute=6)
    history = history_in(root)

    assert ("v1.9.1", "v2.0.0") == history.tags


def test_packed_ones_are_read_as_well(root: Path) -> None:
    git(root, "tag", "-a", "-m", "x", "v1")
    git(root, "gc", "-q")
    history = history_in(root)

    assert (git(root, "rev-parse", "HEAD"), ("v1",)) == (history.sha, history.tags)
    assert WHEN == history.commit_date


def test_a_commit_without_a_branch(root: Path) -> None:
    git(root, "checkout", "-q", "--detach")
    history = history_in(root)

    assert ("", git(root, "rev-parse", "HEAD"), "main") == (history.branch, history.sha, history.default_branch)


def test_the_default_branch_is_the_one_that_the_remote_names(root: Path) -> None:
    git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")

    assert "trunk" == history_in(root).default_branch


def test_a_second_working_copy_knows_its_own_branch(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "copy"
    git(root, "worktree", "add", "-q", "-b", "feature", str(other))
    history = history_in(other)

    assert ("feature", "Acme/App", WHEN) == (history.branch, history.repository, history.commit_date)


@pytest.mark.parametrize("head", ["ref: ../../secret", "ref: refs/heads/../../x", "\0\0", "", "ref: refs/heads/none"])
def test_a_strange_head_is_no_commit(root: Path, head: str) -> None:
    (root / ".git" / "HEAD").write_text(head)

    assert "" == history_in(root).sha


def test_a_program_that_the_settings_name_is_not_run(root: Path) -> None:
    trap = root / "trap"
    trap.write_text("#!/bin/sh\ntouch sprung\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program"):
        git(root, "config", name, str(trap))
    history_in(root)

    assert not (root / "sprung").exists()


@pytest.mark.parametrize(
    ("address", "host", "repository"),
    [
        ("https://github.com/Acme/App.git", "github.com", "Acme/App"),
        ("https://user:token@GitLab.example:8443/group/sub/app", "gitlab.example", "group/sub/app"),
        ("ssh://git@github.com/Acme/App", "github.com", "Acme/App"),
        ("git@github.com:Acme/App.git", "github.com", "Acme/App"),
        ("/srv/git/app.git", "", ""),
        ("C:/git/app", "", ""),
        ("", "", ""),
    ],
)
def test_whose_it_is_stands_in_the_address(address: str, host: str, repository: str) -> None:
    assert (host, repository) == whose(address)


def test_a_repository_that_means_harm_has_no_history(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text(f"gitdir: {'x' * 5000}\n")

    assert "" == history_in(tmp_path).sha


def test_objects_that_lead_in_a_circle_are_none(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("a" * 40)
    (tmp_path / ".git/objects").symlink_to("objects")

    assert None is history_in(tmp_path).commit_date


def test_a_common_folder_that_no_folder_can_be_is_none(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("a" * 40)
    (tmp_path / ".git/commondir").write_bytes(b"a\0b")

    assert None is history_in(tmp_path).commit_date


def test_what_is_large_and_named_as_a_commit_is_not_read(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    large = subprocess.run(
        ["git", "-C", tmp_path, "hash-object", "-w", "-t", "commit", "--literally", "--stdin"],
        input=b"tree x\ncommitter a <b> 1 +0000\n\n" + b"x" * (1 << 20),
        capture_output=True,
        check=True,
    )
    (tmp_path / ".git/HEAD").write_bytes(large.stdout)

    assert None is history_in(tmp_path).commit_date
