"""Repositories that mean harm: each is looked at by every rule, in bounded time, and nothing of ours breaks."""

import time
from pathlib import Path
from typing import Final

import pytest

from tests.doctor.hostile_repositories import CI, REPOSITORIES
from tests.doctor.repositories import checkout_of, examined
from wharf.doctor.folder.folder import Folder
from wharf.doctor.looks.doings import events_of, tags_view
from wharf.doctor.looks.way import way

pytestmark = pytest.mark.slow

SECONDS: Final = 60
"""On a busy machine; each takes a fraction of that."""


def laid_out(root: Path, files: dict[str, str | bytes]) -> Folder:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return Folder(root)


@pytest.mark.parametrize("name", REPOSITORIES)
def test_it_is_looked_at_in_bounded_time(name: str, tmp_path: Path) -> None:
    checkout = checkout_of(laid_out(tmp_path, REPOSITORIES[name]))
    began = time.process_time()
    examined(checkout)
    checkout.once(way)
    for event in checkout.once(events_of):
        tags_view(checkout, event)

    assert time.process_time() - began < SECONDS


def test_what_is_far_too_large_or_leads_outside_is_not_read(tmp_path: Path) -> None:
    for path in (CI, "compose.yaml", "Dockerfile", "deploy.sh", ".dockerignore"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        with (tmp_path / path).open("wb") as file:
            file.truncate(100 << 20)
    for name in ("ci2.yml", "ci3.yml"):
        (tmp_path / ".github/workflows" / name).symlink_to("/etc/passwd" if name == "ci2.yml" else name)
    began = time.process_time()
    result = examined(checkout_of(Folder(tmp_path)))

    assert not any("root:" in each.finding.message.english for each in result.found)
    assert time.process_time() - began < SECONDS
